import { objectOf } from "../../evidence/statement.js";
import type { Hypothesis, Observation } from "../../incident/facts.js";

/** The cluster object that a hypothesis blames: the one its first evidence about such an object speaks of. null: none. */
export function blamedObject({ for: cited }: Pick<Hypothesis, "for">, observations: readonly Observation[]): string | null {
  const known = new Map(observations.map((each) => [each.id, each]));
  for (const id of cited) {
    const seen = known.get(id);
    const object = seen === undefined ? null : objectOf(seen);
    if (object !== null) return object;
  }
  return null;
}
