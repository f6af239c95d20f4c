import { MAX_OBSERVATIONS, type ChangeReview, type Observation } from "../incident/facts.js";

export interface Joined {
  readonly observations: readonly Observation[];
  readonly dropped: number; // of those known before
}

/** What was learned later joins what was known; the weakest of the known make room, but not what the review blames. Pure. */
export function joinLearned(
  known: readonly Observation[],
  learned: readonly Observation[],
  { ids: blamed }: Pick<ChangeReview, "ids">,
): Joined {
  const rank = ({ id }: Observation): number => (blamed.includes(id) ? 1 : 0);
  const ids = new Set(known.map(({ id }) => id));
  const fresh = learned.filter(({ id }) => !ids.has(id)).slice(0, MAX_OBSERVATIONS);
  const room = MAX_OBSERVATIONS - fresh.length;
  const kept = new Set(known.toSorted((a, b) => rank(b) - rank(a) || b.score - a.score).slice(0, room));
  return { observations: [...known.filter((each) => kept.has(each)), ...fresh], dropped: known.length - kept.size };
}
