import { describe, expect, it } from "vitest";
import type { Fact, FactOf, HandsFact, MindFact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import { decideAnswer, openPlan } from "../../src/gate/answer.js";
import { VERBS, type Verb } from "../../src/gate/commands.js";
import { digestOf } from "../../src/plan/digest.js";
import { ROLES, type Role } from "../../src/words.js";
import * as sample from "../render/sample.js";
import { asCommand, personOf, said } from "./support.js";

const at = sample.at("03:20:00");
const TEXTS: Readonly<Record<Verb, string>> = {
  approve: "/approve",
  reject: "/reject no",
  ack: "/ack",
  hold: "/hold",
  retry: "/retry the disk",
  plan: "/plan github.workflow release to=previous",
  severity: "/severity P0",
  cause: "/cause a full disk",
  escalate: "/escalate",
  resolve: "/resolve done",
  status: "/status",
  help: "/help",
};
const escalated = (reason: string): MindFact => ({ fact: "escalated", at, reason, detail: sample.outside("") });
const ended = (outcome: FactOf<"execution-ended">["outcome"]): HandsFact => ({
  fact: "execution-ended",
  at,
  outcome,
  detail: null,
});

/** The phases as far as commands tell them apart. */
const STAGES: Readonly<Record<string, readonly Fact[]>> = {
  opened: [sample.opened],
  diagnosed: sample.diagnosedFacts(),
  planned: [...sample.diagnosedFacts(), sample.planned(sample.plan())],
  waiting: sample.waiting(),
  approved: sample.approved(),
  begun: sample.approved(),
  executing: [...sample.approved(), ...sample.started()],
  executed: [...sample.approved(), ...sample.started(), ended("unchanged")],
  escalated: [...sample.waiting(), escalated("no-answer")],
  helping: [...sample.waiting(), escalated("asked-for")],
  advised: [
    ...sample.diagnosedFacts(),
    sample.planned(sample.plan(sample.manualTask)),
    sample.advised(sample.plan(sample.manualTask)),
  ],
  resolved: sample.recovered(),
  closed: sample.filed(),
};

/** @param stage - `begun` is `approved` with a run of the plan in the list */
function answer(verb: Verb, stage: string, role: Role = "admin") {
  const command = asCommand(said(3000, "pat", TEXTS[verb]));
  return decideAnswer(command, personOf("pat", role), fold(42, STAGES[stage] ?? []), stage === "begun");
}
const kindOf = (verb: Verb, stage: string): string => {
  const decided = answer(verb, stage);
  return decided.kind === "refuse" ? decided.reason : decided.kind;
};

describe("what a command does in each phase", () => {
  const free = { ack: "do", hold: "do", severity: "do", escalate: "do", cause: "do", status: "say", help: "say" };
  const idle = { ...free, approve: "no-plan", reject: "no-plan", retry: "do", plan: "plan", resolve: "do" };
  const open = { ...idle, approve: "approve", reject: "do" };
  const busy = { ...open, retry: "not-now", plan: "not-now", resolve: "not-now" };
  const over = Object.fromEntries(VERBS.map((verb) => [verb, "already-closed"]));
  const afterwards = { ...over, cause: "do", status: "say", help: "say" };
  const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    opened: idle,
    diagnosed: idle,
    planned: idle,
    waiting: open,
    approved: open,
    begun: busy,
    executing: busy,
    executed: idle,
    escalated: idle,
    helping: open,
    advised: idle,
    resolved: afterwards,
    closed: afterwards,
  };
  const rows = Object.keys(STAGES).flatMap((stage) => VERBS.map((verb) => ({ stage, verb, does: expected[stage]?.[verb] })));

  it.each(rows)("$stage: /$verb → $does", ({ stage, verb, does }) => {
    expect(kindOf(verb, stage)).toBe(does);
  });
});

describe("who may give a command", () => {
  const least: Readonly<Record<Verb, Role>> = {
    approve: "read", // whether it counts is judged with all approvals
    status: "read",
    help: "read",
    ack: "triage",
    hold: "triage",
    reject: "triage",
    escalate: "triage",
    severity: "triage",
    cause: "triage",
    retry: "write",
    plan: "write",
    resolve: "write",
  };
  const rows = VERBS.flatMap((verb) =>
    ROLES.map((role) => ({ verb, role, may: ROLES.indexOf(role) >= ROLES.indexOf(least[verb]) })),
  );

  it.each(rows)("/$verb by $role: $may", ({ verb, role, may }) => {
    const decided = answer(verb, "waiting", role);
    expect(decided.kind === "refuse" && decided.reason === "no-role").toBe(!may);
  });

  it.each(VERBS)("/%s of a bot is refused, whatever its role", (verb) => {
    const command = asCommand(said(3000, "helper[bot]", TEXTS[verb], { author: { login: "helper[bot]", isBot: true } }));
    expect(decideAnswer(command, personOf("helper[bot]", "admin"), fold(42, sample.waiting()), false)).toMatchObject({
      reason: "bot",
    });
  });

  it.each(VERBS.map((verb) => ({ verb, honoured: ["reject", "ack", "hold", "escalate", "status", "help"].includes(verb) })))(
    "an edited /$verb is honoured: $honoured",
    ({ verb, honoured }) => {
      const command = asCommand(said(3000, "pat", TEXTS[verb], { editedAt: at }));
      const decided = decideAnswer(command, personOf("pat", "admin"), fold(42, sample.waiting()), false);
      expect(decided.kind === "refuse" ? decided.reason : "honoured").toBe(honoured ? "honoured" : "edited");
    },
  );
});

describe("what is not understood", () => {
  it.each([
    { body: "/lgtm", reason: "unknown-command", detail: null },
    { body: "/severity high", reason: "malformed-command", detail: expect.stringContaining("P0, P1, P2, P3") },
    { body: "/approve please", reason: "malformed-command", detail: expect.stringContaining("digest") },
    { body: "/cause", reason: "malformed-command", detail: "the cause must follow /cause" },
  ])("$body is refused as $reason", ({ body, reason, detail }) => {
    const decided = decideAnswer(asCommand(said(3000, "pat", body)), personOf("pat", "admin"), fold(42, sample.waiting()), false);
    expect(decided).toEqual({ kind: "refuse", reason, detail });
  });
});

describe("what follows", () => {
  it.each<{ verb: Verb; stage: string; does: object }>([
    {
      verb: "reject",
      stage: "waiting",
      does: { text: "no", consequence: { do: "escalate", reason: "rejected", detail: "pat rejected the plan: no" } },
    },
    { verb: "reject", stage: "executing", does: { text: "no", consequence: null } },
    { verb: "reject", stage: "begun", does: { text: "no", consequence: null } },
    { verb: "reject", stage: "approved", does: { consequence: { do: "escalate", reason: "rejected" } } },
    { verb: "escalate", stage: "executing", does: { consequence: null } },
    { verb: "escalate", stage: "begun", does: { consequence: null } },
    { verb: "escalate", stage: "approved", does: { consequence: { do: "escalate", reason: "asked-for" } } },
    {
      verb: "escalate",
      stage: "waiting",
      does: { consequence: { do: "escalate", reason: "asked-for", detail: "pat asked for help" } },
    },
    { verb: "resolve", stage: "waiting", does: { text: "done", consequence: { do: "resolve" } } },
    { verb: "severity", stage: "waiting", does: { text: null, severity: "P0", consequence: null } },
    { verb: "retry", stage: "waiting", does: { text: "the disk", consequence: null } },
    { verb: "ack", stage: "waiting", does: { text: null, consequence: null } },
  ])("/$verb while $stage", ({ verb, stage, does }) => {
    expect(answer(verb, stage)).toMatchObject({ kind: "do", ...does });
  });

  it("a plan typed by a person is handed on as it was said", () => {
    expect(answer("plan", "escalated")).toEqual({
      kind: "plan",
      said: { verb: "plan", action: "github.workflow", target: "release", params: { to: "previous" } },
    });
  });
});

describe("openPlan", () => {
  const digest = digestOf(sample.plan());
  it.each([
    { stage: "waiting", open: true },
    { stage: "approved", open: true },
    { stage: "executing", open: true },
    { stage: "executed", open: false },
    { stage: "helping", open: true },
    { stage: "escalated", open: false },
    { stage: "advised", open: false },
    { stage: "diagnosed", open: false },
    { stage: "resolved", open: false },
  ])("$stage: $open", ({ stage, open }) => {
    expect(openPlan(fold(42, STAGES[stage] ?? []))?.digest ?? null).toBe(open ? digest : null);
  });
});
