import type { Execution } from "../incident/incident.js";
import type { Reservation, WorkflowRun } from "../ports.js";
import { refuse, type Refusal } from "./refusal.js";

export type Purpose = { readonly kind: "reserve" } | { readonly kind: "execute"; readonly runId: number };
export interface ReservationInput {
  readonly purpose: Purpose;
  readonly reservations: readonly Reservation[];
  readonly runs: ReadonlyMap<number, WorkflowRun | null>; // null: GitHub no longer knows it
}
export type ReservationDecision = { readonly kind: "free"; readonly k: number } | Refusal;

/** After this many runs that died on one plan, people look first: whoever holds this reservation, no run follows. */
export const LAST_RESERVATION = 5;

/**
 * Which reservation a run may take (reserve), or whether the newest one is this run's own (execute).
 * A plan is bound to one run; the next number is given only when that run is over and its work is unfinished.
 */
export function decideReservation(input: ReservationInput, execution: Execution | null): ReservationDecision {
  const newest = input.reservations.at(-1) ?? null;
  if (input.purpose.kind === "execute") return ownReservation(newest, input.purpose.runId);
  if (!newest) {
    if (execution) return refuse("reservation-lost", "The plan was being carried out, but the tag that reserved it is gone.");
    return { kind: "free", k: 1 };
  }
  return afterRun(newest, execution, input);
}

function ownReservation(newest: Reservation | null, runId: number): ReservationDecision {
  if (newest?.runId === runId) return { kind: "free", k: newest.k };
  return refuse(
    "wrong-run",
    newest ? `The plan is reserved for run ${newest.runId}, not for this run ${runId}.` : "The plan is not reserved for any run.",
  );
}

function afterRun(newest: Reservation, execution: Execution | null, { runs }: ReservationInput): ReservationDecision {
  const run = runs.get(newest.runId) ?? null;
  if (!run)
    return refuse(
      "already-reserved",
      `The plan is reserved for run ${newest.runId}, which GitHub no longer knows: what it did cannot be told.`,
    );
  if (run.status === "running") return refuse("run-unfinished", `Run ${newest.runId} is still carrying the plan out.`);
  if (run.conclusion === "cancelled") return refuse("plan-dead", `Run ${newest.runId} was cancelled: that ends the plan.`);
  if (!execution && run.conclusion === "success")
    return refuse("execution-missing", `Run ${newest.runId} finished its work, but its record is gone.`);
  if (newest.k >= LAST_RESERVATION)
    return refuse("already-reserved", `${newest.k} runs have died on this plan; people must look before another one starts.`);
  return { kind: "free", k: newest.k + 1 };
}
