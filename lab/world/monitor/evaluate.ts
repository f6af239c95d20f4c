import type { Metric, Sample } from "./exposition.js";
import type { Point, Selector, SeriesStore } from "./series.js";

/** An instant vector: empty where nothing is known. */
export type Vector = readonly Sample[];
/** A query, ready to be asked for any moment (ms since the epoch). */
export type Evaluate = (store: SeriesStore, at: number) => Vector;

/** How long a gauge's last reading counts: as of a Prometheus with `--query.lookback-delta=5s`. */
const lookbackMs = 5_000;

/** `name{…}` */
export function gauge(select: Selector): Evaluate {
  return (store, at) => store.latest(select, at, lookbackMs);
}

/** `sum(rate(name{…}[range]))` */
export function sumOfRates(select: Selector, rangeMs: number): Evaluate {
  return (store, at) => {
    const rates = ratesOf(store, select, at, rangeMs);
    return rates.length === 0 ? [] : [{ metric: {}, value: sum(rates.map(({ value }) => value)) }];
  };
}

/** `left / right` of two vectors without labels; nothing when either is nothing, NaN for 0 / 0, as in Prometheus. */
export function ratio(left: Evaluate, right: Evaluate): Evaluate {
  return (store, at) => {
    const [above] = left(store, at);
    const [below] = right(store, at);
    return above && below ? [{ metric: {}, value: above.value / below.value }] : [];
  };
}

/** `histogram_quantile(quantile, sum by (le) (rate(name_bucket{…}[range])))` */
export function histogramQuantile(quantile: number, select: Selector, rangeMs: number): Evaluate {
  return (store, at) => {
    const rates = ratesOf(store, select, at, rangeMs);
    if (rates.length === 0) return [];
    const counts = new Map<number, number>();
    for (const { metric, value } of rates) {
      const bound = Number((metric["le"] ?? "").replace("Inf", "Infinity"));
      counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
    const buckets = [...counts].map(([bound, count]) => ({ bound, count })).sort((a, b) => a.bound - b.bound);
    return [{ metric: {}, value: quantileOf(quantile, buckets) }];
  };
}

interface Bucket {
  readonly bound: number;
  readonly count: number; // cumulative
}

/** Interpolates inside the bucket that holds the rank, as Prometheus does; NaN without any observation. */
function quantileOf(quantile: number, buckets: readonly Bucket[]): number {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return Number.NaN;
  const rank = quantile * total;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  const below = buckets[index - 1] ?? { bound: 0, count: 0 };
  if (!bucket || bucket.bound === Number.POSITIVE_INFINITY) return below.bound;
  return below.bound + (bucket.bound - below.bound) * ((rank - below.count) / (bucket.count - below.count));
}

function ratesOf(store: SeriesStore, select: Selector, at: number, rangeMs: number): readonly Sample[] {
  return store.within(select, at - rangeMs, at).flatMap(({ metric, points }) => {
    const value = rate(points, at - rangeMs, at);
    return value === null ? [] : [{ metric: withoutName(metric), value }];
  });
}

/**
 * Growth per second of a counter, extrapolated to the edges of the window and across restarts, by Prometheus' own rule.
 * @returns null with fewer than two points
 * @see https://github.com/prometheus/prometheus/blob/v2.42.0/promql/functions.go (extrapolatedRate)
 */
export function rate(points: readonly Point[], from: number, to: number): number | null {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 2) return null;
  const resets = points.slice(1).map(({ value }, index) => {
    const before = points[index]?.value ?? 0;
    return value < before ? before : 0;
  });
  const increase = last.value - first.value + sum(resets);

  const sampledMs = last.at - first.at;
  const averageGapMs = sampledMs / (points.length - 1);
  const reach = (gapMs: number): number => (gapMs < averageGapMs * 1.1 ? gapMs : averageGapMs / 2);
  const toZeroMs = increase > 0 ? sampledMs * (first.value / increase) : Number.POSITIVE_INFINITY;
  const coveredMs = sampledMs + reach(Math.min(first.at - from, toZeroMs)) + reach(to - last.at);
  return ((increase * coveredMs) / sampledMs / (to - from)) * 1000;
}

function withoutName({ __name__: _name, ...labels }: Metric): Metric {
  return labels;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
