/**
 * What the hands do next: pure, from the plan and what the execution has recorded. Every move is written down as an intent
 * first, so after a death anywhere the same question gives the same answer.
 */
import type { ExecutionOutcome } from "../incident/facts.js";
import type { Effect, Execution } from "../incident/incident.js";
import type { Plan, PlanStep } from "../plan/plan.js";
import type { Refusal } from "./refusal.js";

export type Direction = "apply" | "undo";
export type Remedy =
  | { readonly do: "intend"; readonly step: PlanStep; readonly direction: Direction }
  | { readonly do: "act"; readonly step: PlanStep; readonly direction: Direction; readonly effect: Effect }
  | { readonly do: "verify"; readonly afterStep: number }
  | { readonly do: "end"; readonly outcome: ExecutionOutcome; readonly detail: string | null };

/** @param stop - a hold or rejection by a person, read just now: nothing further is applied; what is due to be undone still is */
export function nextRemedy(plan: Plan, execution: Execution | null, stop: Refusal | null): Remedy {
  const remedy = decide(plan, execution);
  if (stop && remedy.do === "intend" && remedy.direction === "apply") return end("stopped", stop.why);
  return remedy;
}

function decide(plan: Plan, execution: Execution | null): Remedy {
  if (!execution) return intend(firstStep(plan), "apply");
  const open = execution.effects.find(({ outcome }) => outcome === null);
  if (open) return { do: "act", step: stepOf(plan, open.step), direction: open.direction, effect: open };
  const undone = execution.effects.filter(({ direction }) => direction === "undo");
  if (undone.length > 0) return continueUndo(plan, execution, undone);
  const last = execution.effects.at(-1);
  if (!last) return intend(firstStep(plan), "apply");
  return last.outcome === "ok" ? afterSuccess(plan, execution) : afterTrouble(plan, execution, last);
}

function afterTrouble(plan: Plan, execution: Execution, last: Effect): Remedy {
  if (last.outcome === "ambiguous" || last.outcome === "drifted") return end(last.outcome, last.detail);
  return beginUndo(plan, execution, () => true, end("failed", last.detail));
}

/** All steps that are always due, then one verification; a fallback only when it did not help. */
function afterSuccess(plan: Plan, execution: Execution): Remedy {
  const applied = appliedSteps(execution);
  const due = plan.steps.find((step) => step.when === "always" && !applied.has(step.number));
  if (due) return intend(due, "apply");
  const lastApplied = Math.max(...applied);
  const verification = execution.verifications.find(({ afterStep }) => afterStep === lastApplied);
  if (!verification) return { do: "verify", afterStep: lastApplied };
  switch (verification.verdict) {
    case "recovered":
      return end("recovered", null);
    case "unknown":
      return end("unknown", "The metrics had gaps: nobody can tell whether it helped.");
    case "worse":
      return beginUndo(plan, execution, () => true, end("failed", "It became worse, and there is no way back."));
    case "unchanged":
      return afterUnchanged(plan, execution, applied);
    default:
      return verification.verdict satisfies never;
  }
}

function afterUnchanged(plan: Plan, execution: Execution, applied: ReadonlySet<number>): Remedy {
  const fallback = plan.steps.find((step) => step.when === "if-not-recovered" && !applied.has(step.number));
  if (fallback) return intend(fallback, "apply");
  return beginUndo(plan, execution, (step) => step.onUnchanged === "undo", end("unchanged", null));
}

function beginUndo(plan: Plan, execution: Execution, due: (step: PlanStep) => boolean, otherwise: Remedy): Remedy {
  const next = undoable(plan, execution).find(due);
  return next ? intend(next, "undo") : otherwise;
}

function continueUndo(plan: Plan, execution: Execution, undone: readonly Effect[]): Remedy {
  const broken = undone.find(({ outcome }) => outcome !== "ok");
  if (broken) return end(broken.outcome === "ambiguous" ? "ambiguous" : "undo-failed", broken.detail);
  const why = reasonToUndo(execution);
  const due = (step: PlanStep) => why !== "unchanged" || step.onUnchanged === "undo";
  const done = new Set(undone.map(({ step }) => step));
  const next = undoable(plan, execution).find((step) => !done.has(step.number) && due(step));
  return next ? intend(next, "undo") : end(why, null);
}

function reasonToUndo(execution: Execution): "failed-undone" | "worse-undone" | "unchanged" {
  if (execution.effects.some(({ direction, outcome }) => direction === "apply" && outcome === "failed")) return "failed-undone";
  return execution.verifications.at(-1)?.verdict === "worse" ? "worse-undone" : "unchanged";
}

/** Steps that were begun and have a way back, last one first. A failed one may have left something behind. */
function undoable(plan: Plan, execution: Execution): readonly PlanStep[] {
  const begun = execution.effects.filter(
    ({ direction, outcome }) => direction === "apply" && (outcome === "ok" || outcome === "failed"),
  );
  return begun
    .map((effect) => stepOf(plan, effect.step))
    .filter((step) => step.undo === "to-before")
    .reverse();
}

function appliedSteps(execution: Execution): ReadonlySet<number> {
  return new Set(execution.effects.filter(({ direction }) => direction === "apply").map(({ step }) => step));
}

function firstStep(plan: Plan): PlanStep {
  return stepOf(plan, 1);
}

function stepOf(plan: Plan, number: number): PlanStep {
  const step = plan.steps.find((candidate) => candidate.number === number);
  if (!step) throw new Error(`The plan has no step ${number}, but the execution names it.`);
  return step;
}

function intend(step: PlanStep, direction: Direction): Remedy {
  return { do: "intend", step, direction };
}

function end(outcome: ExecutionOutcome, detail: string | null): Remedy {
  return { do: "end", outcome, detail };
}
