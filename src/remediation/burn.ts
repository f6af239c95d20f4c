import type { Incident, JournaledPlan } from "../incident/incident.js";
import type { Reservation } from "../ports.js";
import { LAST_RESERVATION } from "./reservation.js";

/**
 * Plans that were approved and then died before anything was done: rejected, replaced, overtaken by a new round or by the end.
 * Only comments and bodies remember that, and both can be put back by whoever may write. So their reservations are used up:
 * a tag stays.
 */
export function unburnedPlans({
  plans,
  approvedDigests,
  deadDigests,
  burnedDigests,
  executions,
  phase,
}: Incident): readonly JournaledPlan[] {
  const executed = new Set(executions.map(({ warrant }) => warrant.digest as string));
  return plans.filter(
    ({ digest }) =>
      approvedDigests.has(digest) &&
      (deadDigests.has(digest) || phase.at === "closed") &&
      !burnedDigests.has(digest) &&
      !executed.has(digest),
  );
}

/** A tag that is no last reservation leaves room for the next run after one that died. */
export function isUsedUp(reservations: readonly Reservation[]): boolean {
  return reservations.some(({ k }) => k >= LAST_RESERVATION);
}
