import { describe, expect, it } from "vitest";
import type { ExecutionOutcome, Fact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import type { WorkflowRun } from "../../src/ports.js";
import { digestOf } from "../../src/plan/digest.js";
import { decideAfterExecution } from "../../src/remediation/after-execution.js";
import { decideHandOver, type GateState } from "../../src/remediation/gate-state.js";
import { refuse } from "../../src/remediation/refusal.js";
import type { Step } from "../../src/step.js";
import * as sample from "../render/sample.js";

const at = sample.at("03:22:00");
const MINUTE = 60_000;
const approved = fold(42, sample.approved());
const begun = fold(42, [...sample.approved(), ...sample.started()]);

function run(id: number, conclusion: string | null): WorkflowRun {
  return { id, title: "", status: conclusion === null ? "running" : "ended", conclusion, createdAt: at, url: "" };
}
function gate(changes: Partial<GateState> = {}): GateState {
  return { runs: [run(7, "failure")], reservations: [], admission: { kind: "admitted" }, ...changes };
}
function inWords(step: Step): string {
  if (step.do === "wait") return `wait ${step.for}`;
  if (step.do === "escalate") return `escalate ${step.reason}`;
  if (step.do === "gather") return `gather ${step.attempt} ×${step.widening}`;
  return step.do === "resolve" ? `resolve ${step.how}` : step.do;
}

describe("decideHandOver", () => {
  const reserved = [{ k: 1, runId: 7 }];
  const refused = refuse("config-changed", "The config has changed.");

  it.each<{ name: string; state: GateState | null; step: string }>([
    { name: "nobody has asked yet", state: null, step: "wait gate" },
    { name: "there is no run yet", state: gate({ runs: [] }), step: "wait gate" },
    { name: "there is no run, whatever the admission", state: gate({ runs: [], admission: refused }), step: "wait gate" },
    { name: "a run is at work", state: gate({ runs: [run(7, null)] }), step: "wait hands" },
    { name: "one of two runs is at work", state: gate({ runs: [run(8, "failure"), run(7, null)] }), step: "wait hands" },
    { name: "a run ended without a reservation, once", state: gate(), step: "wait gate" },
    {
      name: "two runs ended without a reservation",
      state: gate({ runs: [run(8, "failure"), run(7, "failure")] }),
      step: "escalate automation-error",
    },
    { name: "a run died with its reservation", state: gate({ reservations: reserved }), step: "wait gate" },
    {
      name: "many runs died with reservations",
      state: gate({
        runs: [8, 7, 6].map((id) => run(id, "failure")),
        reservations: [6, 7, 8].map((runId, k) => ({ k: k + 1, runId })),
      }),
      step: "wait gate",
    },
    { name: "the reservation would be refused", state: gate({ admission: refused }), step: "escalate automation-error" },
    {
      name: "the record is missing",
      state: gate({ reservations: reserved, admission: refuse("execution-missing", "Its record is gone.") }),
      step: "escalate execution-missing",
    },
    {
      name: "the reservation is gone",
      state: gate({ reservations: reserved, admission: refuse("reservation-lost", "The tag is gone.") }),
      step: "escalate reservation-lost",
    },
  ])("when $name → $step", ({ state, step }) => {
    expect(inWords(decideHandOver(approved, state, at, sample.config))).toBe(step);
  });

  const rejected = refuse("rejected", "tess said /reject.");
  it("says a rejection as what it is", () => {
    expect(decideHandOver(approved, gate({ admission: rejected }), at, sample.config)).toMatchObject({ reason: "rejected" });
  });

  const late = { do: "escalate", reason: "automation-error" };
  const until = sample.warrantFor(digestOf(sample.plan())).until;
  it.each([
    { name: "a run that is listed but does not begin", state: gate({ runs: [run(7, null)] }) },
    { name: "no run at all", state: gate({ runs: [] }) },
  ])("does not wait for $name beyond the approval and five minutes", ({ state }) => {
    const decide = (ms: number) => decideHandOver(approved, state, new Date(until.getTime() + ms), sample.config);
    expect(decide(5 * MINUTE - 1)).toMatchObject({ do: "wait" });
    expect(decide(5 * MINUTE)).toMatchObject({ ...late, detail: expect.stringContaining(until.toISOString()) });
  });

  it("does not wait for hands that hang beyond the time to resume and an hour", () => {
    const startedAt = begun.phase.at === "remediating" ? begun.phase.execution.startedAt.getTime() : 0;
    const end = startedAt + sample.config.remediation.resumeWithinMs + 60 * MINUTE;
    const decide = (ms: number) => decideHandOver(begun, gate({ runs: [run(7, null)] }), new Date(ms), sample.config);
    expect(decide(end - 1)).toMatchObject({ do: "wait", for: "hands" });
    expect(decide(end)).toMatchObject({ ...late, detail: expect.stringContaining("has not ended") });
  });

  it("says why it gives up, which run it was and what it may have left", () => {
    expect(decideHandOver(approved, gate({ admission: refused }), at, sample.config)).toMatchObject({
      detail: "Run 7 ended without a reservation. The config has changed.",
    });
    expect(decideHandOver(begun, gate({ reservations: reserved, admission: refused }), at, sample.config)).toMatchObject({
      detail: "The config has changed. The plan was begun and is unfinished: look at what it left.",
    });
    expect(decideHandOver(approved, gate({ runs: [run(8, "failure"), run(7, "failure")] }), at, sample.config)).toMatchObject({
      detail: expect.stringContaining("ended twice without reserving"),
    });
  });
});

describe("decideAfterExecution", () => {
  function after(
    outcome: ExecutionOutcome | null,
    options: { attempt?: number; touched?: boolean; done?: readonly Fact[] } = {},
  ) {
    const evidence: Fact[] = Array.from({ length: (options.attempt ?? 1) - 1 }, (_, index) => ({
      fact: "evidence" as const,
      at,
      evidence: { ...sample.evidence, attempt: index + 2 },
    }));
    const [start, intent, done] = sample.started();
    const effects = (options.touched ?? true) ? [intent, done] : [];
    const facts = [
      sample.opened,
      ...evidence,
      ...sample
        .approved()
        .slice(1)
        .filter(({ fact }) => fact !== "evidence"),
    ];
    const hands = [start, ...effects].flatMap((fact) => fact ?? []);
    const ending: Fact[] = outcome === null ? [] : [{ fact: "execution-ended", at, outcome, detail: null }];
    const incident = fold(42, [...facts, ...hands, ...ending]);
    if (incident.phase.at !== "remediating") throw new Error(`The sample is in phase ${incident.phase.at}.`);
    return decideAfterExecution(incident.phase.execution, incident.phase.plan, incident, sample.config);
  }

  it.each<{ outcome: ExecutionOutcome; attempt?: number; touched?: boolean; step: string }>([
    { outcome: "recovered", step: "resolve remediated" },
    { outcome: "recovered", touched: false, step: "resolve recovered-by-itself" },
    { outcome: "unchanged", step: "gather 2 ×2" },
    { outcome: "unchanged", attempt: 2, step: "gather 3 ×4" },
    { outcome: "unchanged", attempt: 3, step: "escalate not-recovered" },
    { outcome: "drifted", touched: false, step: "gather 2 ×2" },
    { outcome: "drifted", touched: true, step: "escalate drift" },
    { outcome: "drifted", touched: false, attempt: 3, step: "escalate drift" },
    { outcome: "unknown", step: "escalate verification-unknown" },
    { outcome: "worse-undone", step: "escalate worse" },
    { outcome: "failed-undone", step: "escalate step-failed" },
    { outcome: "failed", step: "escalate step-failed" },
    { outcome: "undo-failed", step: "escalate undo-failed" },
    { outcome: "stopped", step: "escalate stopped" },
    { outcome: "ambiguous", step: "escalate ambiguous-effect" },
  ])("$outcome in attempt $attempt, touched: $touched → $step", ({ outcome, attempt, touched, step }) => {
    expect(inWords(after(outcome, { attempt: attempt ?? 1, touched: touched ?? true }))).toBe(step);
  });

  it("refuses to conclude anything from an execution that goes on", () => {
    expect(() => after(null)).toThrow("The execution has not ended.");
  });
});
