/** Counters, which only ever grow until their process starts again. */
import type { Point } from "./metric-change.js";

/**
 * Growth per second between neighbouring readings, dated at the later one. A reading below the one before means that the
 * counter began anew at zero; a gap gives the mean over the gap. Readings of the same moment are skipped.
 * @param points - oldest first
 */
export function ratesOf(points: readonly Point[]): readonly Point[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point.at <= before.at) return [];
    const growth = point.value >= before.value ? point.value - before.value : point.value;
    return [{ at: point.at, value: (growth * 1_000) / (point.at - before.at) }];
  });
}
