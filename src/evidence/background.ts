/** What is known besides what was looked at now: earlier incidents, and others that are open. */
import type { Service } from "../config/config.js";
import type { Coverage, Observation } from "../incident/facts.js";

/** Sources that tell of other incidents. Their silence shows nothing about this one, so it lowers and raises nothing. */
const BACKGROUND: ReadonlySet<string> = new Set(["postmortems", "incidents"]);

/** A source that looks at the world as it is now. */
export function isWitness({ source }: Pick<Coverage | Observation, "source">): boolean {
  return !BACKGROUND.has(source);
}

/** An earlier incident is worth reading, and no evidence of what happens now. */
export function isPast({ detail }: Pick<Observation, "detail">): boolean {
  return detail.kind === "past";
}

/** It shows something of the world as it is now: only such observations carry a claim, or fit a runbook. */
export function isTestimony(seen: Pick<Observation, "source" | "detail">): boolean {
  return isWitness(seen) && !isPast(seen);
}

export type Relation = "same" | "needed" | "needs";

/** How another service stands to this one: it is this one, this one needs it, or it needs this one; null: neither. */
export function relationTo(
  service: Service,
  other: string,
  services: ReadonlyMap<string, Pick<Service, "dependsOn">>,
): Relation | null {
  if (other === service.name) return "same";
  if (service.dependsOn.includes(other)) return "needed";
  return services.get(other)?.dependsOn.includes(service.name) ? "needs" : null;
}
