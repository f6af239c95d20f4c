/** What speaks for a service in what its processes use of their machine. Pure. */
import { clamp } from "../robust.js";
import { measureDeviation } from "./deviation.js";
import type { ServiceReason, ServiceSeries, Stretch } from "./model.js";
import { sayNumber } from "./say.js";

/** How much a jump of it says about the cause: memory and traffic on the wire follow load as often as they make trouble. */
const WEIGHT = { cpu: 0.9, memory: 0.4, io: 0.25, network: 0.15 } as const;
/** A rise this many times over is as telling as it gets. */
const TELLING_RISE = 8;

/** Only rises count: a process that uses less is starved by someone else. */
export function weighMachine(series: readonly ServiceSeries[], window: Stretch): ReadonlyMap<string, readonly ServiceReason[]> {
  const reasons = new Map<string, ServiceReason[]>();
  for (const each of series) {
    const weight = weightOf(each.kind);
    const found = weight === 0 ? null : measureDeviation(each.points, window);
    if (found === null || found.delta <= 0 || found.certainty === 0) continue;
    const rise = Math.log2(Math.max(1, found.now / Math.max(found.before, Number.EPSILON))) / Math.log2(TELLING_RISE);
    const strength = weight * found.certainty * clamp(rise, 0, 1);
    const what = `${each.name} rose from ${sayNumber(found.before)} to ${sayNumber(found.now)}`;
    reasons.set(each.service, [...(reasons.get(each.service) ?? []), { kind: "machine" as const, what, strength }]);
  }
  return reasons;
}

function weightOf(kind: ServiceSeries["kind"]): number {
  return kind === "cpu" || kind === "memory" || kind === "io" || kind === "network" ? WEIGHT[kind] : 0;
}
