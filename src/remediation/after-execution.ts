import type { Config } from "../config/config.js";
import type { Execution, Incident, PostedPlan } from "../incident/incident.js";
import type { ReasonCode } from "../render/reasons.js";
import type { Step } from "../step.js";
import { shortDigest } from "../words.js";
import type { ExecutionOutcome } from "../incident/facts.js";

const TO_PEOPLE: Readonly<Record<Exclude<ExecutionOutcome, "recovered" | "unchanged" | "drifted">, ReasonCode>> = {
  unknown: "verification-unknown",
  "worse-undone": "worse",
  "failed-undone": "step-failed",
  failed: "step-failed",
  "undo-failed": "undo-failed",
  stopped: "stopped",
  ambiguous: "ambiguous-effect",
};

/** Recovered ends it. Unchanged or drifted goes to the next diagnosis while attempts are left. Everything else goes to people. */
export function decideAfterExecution(execution: Execution, plan: PostedPlan, incident: Incident, config: Config): Step {
  const { outcome } = execution;
  if (outcome === null) throw new Error("The execution has not ended.");
  if (outcome === "recovered")
    return { do: "resolve", how: execution.effects.length > 0 ? "remediated" : "recovered-by-itself", note: null };
  const name = shortDigest(plan.digest);
  if (outcome !== "unchanged" && outcome !== "drifted") {
    return {
      do: "escalate",
      reason: TO_PEOPLE[outcome],
      detail: `Plan ${name}: ${execution.effects.at(-1)?.detail ?? outcome.replace("-", " ")}`,
    };
  }
  const touched = execution.effects.some((effect) => effect.outcome === "ok");
  if (outcome === "drifted" && touched)
    return { do: "escalate", reason: "drift", detail: `Plan ${name} was half carried out when its next target had changed.` };
  const next = incident.attempt + 1;
  if (next - incident.roundStart < config.diagnosis.attempts)
    return { do: "gather", attempt: next, widening: 2 ** (next - incident.roundStart) };
  return {
    do: "escalate",
    reason: outcome === "drifted" ? "drift" : "not-recovered",
    detail: `Plan ${name} did not help, and ${config.diagnosis.attempts} attempts are used.`,
  };
}
