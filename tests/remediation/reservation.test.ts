import { describe, expect, it } from "vitest";
import type { Execution } from "../../src/incident/incident.js";
import type { WorkflowRun } from "../../src/ports.js";
import { decideReservation } from "../../src/remediation/reservation.js";
import { protectsTag } from "../../src/remediation/rulesets.js";
import { PROTECTED_TAGS } from "../fakes/world.js";
import * as sample from "../render/sample.js";

const begun = { outcome: null } as unknown as Execution;
function run(status: WorkflowRun["status"], conclusion: string | null): WorkflowRun {
  return { id: 7, title: "", status, conclusion, createdAt: sample.at("03:18:00"), url: "" };
}

describe("a reservation", () => {
  const taken = (k: number) =>
    Array.from({ length: k }, (_, index) => ({ k: index + 1, runId: index === k - 1 ? 7 : 100 + index }));

  it.each<{ name: string; k: number; run?: WorkflowRun | null; execution?: Execution; expected: number | string }>([
    { name: "the first", k: 0, expected: 1 },
    { name: "after a run that died before it began", k: 1, run: run("ended", "failure"), expected: 2 },
    { name: "after a run that died midway", k: 1, run: run("ended", "failure"), execution: begun, expected: 2 },
    { name: "after a run that timed out midway", k: 2, run: run("ended", "timed_out"), execution: begun, expected: 3 },
    {
      name: "after a run that says it succeeded, its work unfinished",
      k: 1,
      run: run("ended", "success"),
      execution: begun,
      expected: 2,
    },
    { name: "after a run that succeeded and left no record", k: 1, run: run("ended", "success"), expected: "execution-missing" },
    { name: "while the run is at work", k: 1, run: run("running", null), execution: begun, expected: "run-unfinished" },
    { name: "while the run waits", k: 1, run: run("running", null), expected: "run-unfinished" },
    { name: "after a run that was cancelled", k: 1, run: run("ended", "cancelled"), expected: "plan-dead" },
    {
      name: "after a run that was cancelled midway",
      k: 1,
      run: run("ended", "cancelled"),
      execution: begun,
      expected: "plan-dead",
    },
    { name: "after a run that GitHub has forgotten", k: 1, run: null, expected: "already-reserved" },
    { name: "after five runs that died", k: 5, run: run("ended", "failure"), execution: begun, expected: "already-reserved" },
    { name: "after four runs that died", k: 4, run: run("ended", "failure"), execution: begun, expected: 5 },
    { name: "when the tag of a begun execution is gone", k: 0, execution: begun, expected: "reservation-lost" },
  ])("$name: $expected", ({ k, run: newest, execution, expected }) => {
    const runs = new Map(newest === undefined ? [] : [[7, newest]]);
    const decision = decideReservation({ purpose: { kind: "reserve" }, reservations: taken(k), runs }, execution ?? null);
    expect(decision.kind === "free" ? decision.k : decision.reason).toBe(expected);
  });

  it("is not given while nothing is known of the run that holds it", () => {
    const decision = decideReservation({ purpose: { kind: "reserve" }, reservations: taken(1), runs: new Map() }, null);
    expect(decision).toMatchObject({ kind: "refused", reason: "already-reserved" });
  });

  it("is not given while a tag stands there that is none of ours, and not honoured either", () => {
    const reservations = [...taken(1), { k: Number.MAX_SAFE_INTEGER, runId: 0 }];
    const runs = new Map([[0, null]]);
    expect(decideReservation({ purpose: { kind: "reserve" }, reservations, runs }, null)).toMatchObject({
      reason: "already-reserved",
    });
    expect(decideReservation({ purpose: { kind: "execute", runId: 7 }, reservations, runs }, null)).toMatchObject({
      reason: "wrong-run",
    });
  });

  it.each([
    { name: "its own, the newest", reservations: taken(2), runId: 7, expected: 2 },
    { name: "another run's", reservations: taken(2), runId: 8, expected: "wrong-run" },
    { name: "an earlier one of its own", reservations: taken(2), runId: 100, expected: "wrong-run" },
    { name: "none", reservations: [], runId: 7, expected: "wrong-run" },
  ])("is honoured by the hands if it is $name: $expected", ({ reservations, runId, expected }) => {
    const decision = decideReservation({ purpose: { kind: "execute", runId }, reservations, runs: new Map() }, null);
    expect(decision.kind === "free" ? decision.k : decision.reason).toBe(expected);
  });
});

describe("protectsTag", () => {
  const includes = (...include: string[]) => [{ ...PROTECTED_TAGS, include }];

  it.each([
    { name: "what init creates", rulesets: [PROTECTED_TAGS], protects: true },
    { name: "nothing", rulesets: [], protects: false },
    { name: "a ruleset that is not active", rulesets: [{ ...PROTECTED_TAGS, active: false }], protects: false },
    { name: "update alone", rulesets: [{ ...PROTECTED_TAGS, rules: ["update"] }], protects: false },
    { name: "deletion alone", rulesets: [{ ...PROTECTED_TAGS, rules: ["deletion"] }], protects: false },
    {
      name: "two rulesets that share the work",
      rulesets: [
        { ...PROTECTED_TAGS, rules: ["update"] },
        { ...PROTECTED_TAGS, rules: ["deletion", "creation"] },
      ],
      protects: true,
    },
    {
      name: "two rulesets of which one is not active",
      rulesets: [
        { ...PROTECTED_TAGS, rules: ["update"] },
        { ...PROTECTED_TAGS, rules: ["deletion"], active: false },
      ],
      protects: false,
    },
    { name: "all tags", rulesets: includes("~ALL"), protects: true },
    { name: "every tag by pattern", rulesets: includes("refs/tags/**/*"), protects: true },
    { name: "a pattern without refs/tags/", rulesets: includes("gatehouse/**/*"), protects: true },
    { name: "one pattern of several", rulesets: includes("refs/tags/v*", "refs/tags/gatehouse/**/*"), protects: true },
    { name: "one level below gatehouse", rulesets: includes("refs/tags/gatehouse/*"), protects: false },
    { name: "a final ** that stays within its level", rulesets: includes("refs/tags/gatehouse/**"), protects: false },
    { name: "another name that begins the same", rulesets: includes("refs/tags/gatehouse-old/**/*"), protects: false },
    {
      name: "a dot that would match anything if it were a pattern",
      rulesets: includes("refs/tags/gatehous./**/*"),
      protects: false,
    },
    { name: "branches", rulesets: includes("refs/heads/**/*"), protects: false },
    { name: "no pattern", rulesets: includes(), protects: false },
    {
      name: "an exclusion that takes them out again",
      rulesets: [{ ...PROTECTED_TAGS, include: ["~ALL"], exclude: ["refs/tags/gatehouse/**/*"] }],
      protects: false,
    },
    {
      name: "an exclusion of others",
      rulesets: [{ ...PROTECTED_TAGS, include: ["~ALL"], exclude: ["refs/tags/v*"] }],
      protects: true,
    },
  ])("$name: $protects", ({ rulesets, protects }) => {
    expect(protectsTag(rulesets, "gatehouse/plan/1/0/1")).toBe(protects);
  });
});
