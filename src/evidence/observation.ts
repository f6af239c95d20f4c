import { Observation } from "../incident/facts.js";
import type { Finding } from "../ports.js";

/** The finding as it is kept: named, and without what was only read for it. */
export function toObservation(id: Observation["id"], { material: _material, ...kept }: Finding): Observation {
  return { id, ...kept };
}

/**
 * Whether it can be read again once it was written. A time beyond the year 9999 or a figure that is none, which a source may well
 * answer, would break the whole journal.
 */
export function isKeepable(finding: Finding): boolean {
  return Observation.safeParse(JSON.parse(JSON.stringify(toObservation("E1", finding)))).success;
}
