import type { Actor, Engine } from "../model.js";
import { longestWaitMs, mayReview } from "./lifecycle/gate.js";
import type { Leg, RunState } from "./lifecycle/state.js";

type Gate = NonNullable<Leg["gate"]>;

/** The gates at which jobs wait for required reviewers. */
export class Reviews {
  constructor(readonly states: ReadonlyMap<number, RunState>) {}

  pending(runId: number): ReturnType<Engine["pending"]> {
    const state = this.states.get(runId);
    if (!state) return [];
    const environments = new Set(gatesOf(state).map((gate) => gate.environment));
    return [...environments].map((environment) => ({
      environment,
      currentUserCanApprove: (user) => mayReview(environment, state, user),
    }));
  }

  /** @returns false, changing nothing, unless a job waits at each of the environments and the user may review them all */
  review(
    runId: number,
    environmentIds: readonly number[],
    verdict: "approved" | "rejected",
    comment: string,
    user: Actor,
  ): boolean {
    const state = this.states.get(runId);
    if (!state || environmentIds.length === 0) return false;
    const gates = gatesOf(state).filter(({ environment }) => environmentIds.includes(environment.id));
    const waiting = new Set(gates.map(({ environment }) => environment.id));
    if (environmentIds.some((id) => !waiting.has(id))) return false;
    if (!gates.every(({ environment }) => mayReview(environment, state, user))) return false;
    const environments = [...new Set(gates.map((gate) => gate.environment))].map(({ id, name }) => ({ id, name }));
    state.facts.run.reviews.push({ state: verdict, comment, user, environments });
    for (const gate of gates) gate.answer(verdict === "approved");
    return true;
  }

  /** Fails jobs that have waited longer than GitHub lets them. */
  expire(now: Date): void {
    for (const state of this.states.values()) {
      for (const gate of gatesOf(state)) {
        if (now.getTime() - gate.since.getTime() > longestWaitMs) gate.answer(false);
      }
    }
  }
}

function gatesOf(state: RunState): Gate[] {
  const legs = [...state.nodes.values()].flatMap((node) => node.legs);
  return legs.flatMap((leg) => (leg.gate ? [leg.gate] : []));
}
