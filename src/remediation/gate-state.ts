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
export function decideHandOver(incident: Incident, gate: GateState | null): Step {
  if (!gate || gate.runs.length === 0) return wait("gate");
  if (gate.runs.some(({ status }) => status === "running")) return wait("hands");
  const reserved = new Set(gate.reservations.map(({ runId }) => runId));
  const fruitless = gate.runs.filter(({ id }) => !reserved.has(id));
  if (isGranted(gate.admission) && fruitless.length < MAX_RUNS_WITHOUT_RESERVATION) return wait("gate");
  return giveUp(incident, gate, fruitless.length > 0);
}

/** It was asked before this wake-up answered the commands: a hold that stood then has been lifted, or nobody would ask here. */
function isGranted(admission: GateState["admission"]): boolean {
  return admission.kind === "admitted" || admission.reason === "held";
}

function giveUp(incident: Incident, { admission, runs }: GateState, unreserved: boolean): Step {
  const why = admission.kind === "refused" ? admission.why : "The run ended twice without reserving the plan.";
  const known =
    admission.kind === "refused" && (admission.reason === "execution-missing" || admission.reason === "reservation-lost");
  const reason = known ? admission.reason : "automation-error";
  const begun = incident.phase.at === "remediating" ? " The plan was begun and is unfinished: look at what it left." : "";
  return {
    do: "escalate",
    reason,
    detail: `${unreserved ? `Run ${runs[0]?.id ?? "?"} ended without a reservation. ` : ""}${why}${begun}`,
  };
}
