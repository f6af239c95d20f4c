import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import type { Reservation, WorkflowRun } from "../ports.js";
import { wait, type Step } from "../step.js";
import type { Refusal } from "./refusal.js";

/** How the gated job of the approved plan stands. */
export interface GateState {
  readonly runs: readonly WorkflowRun[]; // titled with the plan's digest, newest first
  readonly reservations: readonly Reservation[];
  readonly admission: { readonly kind: "admitted" } | Refusal; // what a reservation would be told now
}

/** A run that ended without reserving anything is tried once more only when nothing speaks against it. */
const MAX_RUNS_WITHOUT_RESERVATION = 2;

/**
 * An approved plan needs a run: none yet → open the gate; one at work → wait for the hands; one that died → open the gate
 * again if the reservation would be granted, else people.
 */
export function decideHandOver(incident: Incident, gate: GateState | null, now: Date, config: Config): Step {
  const late = tooLate(incident, now, config);
  if (late) return late;
  if (!gate || gate.runs.length === 0) return wait("gate");
  if (gate.runs.some(({ status }) => status === "running")) return wait("hands");
  const reserved = new Set(gate.reservations.map(({ runId }) => runId));
  const fruitless = gate.runs.filter(({ id }) => !reserved.has(id));
  if (isGranted(gate.admission) && fruitless.length < MAX_RUNS_WITHOUT_RESERVATION) return wait("gate");
  return giveUp(incident, gate, fruitless.length > 0);
}

/** Long enough for hands that started in time to have left a word. */
const START_SLACK_MS = 5 * 60_000;
/** No job of the hands lives longer, see `timeout-minutes` of the workflow. */
const LONGEST_RUN_MS = 60 * 60_000;

/** A run that never gets a machine, or that hangs, must not be waited for in silence. */
function tooLate({ phase }: Incident, now: Date, { remediation }: Config): Step | null {
  if (phase.at === "approved" && now.getTime() >= phase.warrant.until.getTime() + START_SLACK_MS)
    return {
      do: "escalate",
      reason: "automation-error",
      detail: `The plan was approved, but no run has begun it by ${phase.warrant.until.toISOString()}; the approval has run out.`,
    };
  if (phase.at !== "remediating") return null;
  const end = phase.execution.startedAt.getTime() + remediation.resumeWithinMs + LONGEST_RUN_MS;
  if (now.getTime() < end) return null;
  return {
    do: "escalate",
    reason: "automation-error",
    detail: `The execution that began at ${phase.execution.startedAt.toISOString()} has not ended, and the time to resume it is over: look at what it left.`,
  };
}

/** It was asked before this wake-up answered the commands: a hold that stood then has been lifted, or nobody would ask here. */
function isGranted(admission: GateState["admission"]): boolean {
  return admission.kind === "admitted" || admission.reason === "held";
}

/** Reasons that people understand better than "a run ended without a reservation". */
const SAID_AS_IT_IS: ReadonlySet<string> = new Set(["execution-missing", "reservation-lost", "rejected"]);

function giveUp(incident: Incident, { admission, runs }: GateState, unreserved: boolean): Step {
  const why = admission.kind === "refused" ? admission.why : "The run ended twice without reserving the plan.";
  const known = admission.kind === "refused" && SAID_AS_IT_IS.has(admission.reason);
  const reason = known ? admission.reason : "automation-error";
  const begun = incident.phase.at === "remediating" ? " The plan was begun and is unfinished: look at what it left." : "";
  return {
    do: "escalate",
    reason,
    detail: `${unreserved ? `Run ${runs[0]?.id ?? "?"} ended without a reservation. ` : ""}${why}${begun}`,
  };
}
