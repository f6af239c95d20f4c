import type { Observation } from "../incident/facts.js";
import type { Finding } from "../ports.js";

/** The finding as it is kept: named, and without what was only read for it. */
export function toObservation(id: Observation["id"], { material: _material, ...kept }: Finding): Observation {
  return { id, ...kept };
}
