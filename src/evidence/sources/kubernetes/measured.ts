/** Series of apps and nodes, compared with what they were before the onset. Pure. */
import { describeChange, type Point } from "../../../signals/metric-change.js";
import type { Measured } from "./beside.js";

export interface MeasuredSeries extends Pick<Measured, "object" | "signal" | "unit"> {
  readonly points: readonly Point[]; // oldest first
}

/** What has no points before the onset, or none since, is left out: nothing can be said of it. */
export function compareSeries(series: readonly MeasuredSeries[], onset: number): readonly Measured[] {
  return series.flatMap(({ points, ...of }) => {
    const { before, now, direction } = describeChange(points, onset);
    return before === null || now === null ? [] : [{ ...of, before, now, moved: direction !== "steady" }];
  });
}

/** At each moment the highest of several series: pods come and go, and one that is busy must not hide among idle ones. */
export function highestOf(series: readonly (readonly Point[])[]): readonly Point[] {
  const highest = new Map<number, number>();
  for (const { at, value } of series.flat()) highest.set(at, Math.max(highest.get(at) ?? Number.NEGATIVE_INFINITY, value));
  return [...highest].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);
}
