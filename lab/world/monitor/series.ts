import type { Metric, Sample } from "./exposition.js";

export interface Point {
  readonly at: number; // ms since the epoch, lab clock
  readonly value: number;
}

export interface Series {
  readonly metric: Metric;
  readonly points: readonly Point[]; // oldest first
}

export type Selector = (metric: Metric) => boolean;

/** The monitor's memory: what each scrape found, by series. About two hours at one scrape a second. */
export class SeriesStore {
  readonly #series = new Map<string, { metric: Metric; points: Point[] }>();
  readonly #failedScrapes: number[] = [];
  static readonly maxPoints = 7_200;

  addScrape(at: number, samples: readonly Sample[]): void {
    for (const { metric, value } of samples) {
      const key = JSON.stringify(metric);
      const series = this.#series.get(key) ?? { metric, points: [] };
      series.points.push({ at, value });
      if (series.points.length > SeriesStore.maxPoints) series.points.shift();
      this.#series.set(key, series);
    }
  }

  /** A scrape that failed: until the next one, nothing is known (Prometheus calls it a staleness marker). */
  addFailedScrape(at: number): void {
    this.#failedScrapes.push(at);
  }

  /** Points of the matching series in (from, to], without series that have none. */
  within(select: Selector, from: number, to: number): readonly Series[] {
    return [...this.#series.values()]
      .filter(({ metric }) => select(metric))
      .map(({ metric, points }) => ({ metric, points: points.slice(firstAfter(points, from), firstAfter(points, to)) }))
      .filter(({ points }) => points.length > 0);
  }

  /** The newest point of each matching series at a time, if it is younger than `lookbackMs` and no scrape has failed since. */
  latest(select: Selector, at: number, lookbackMs: number): readonly Sample[] {
    const failedAt = this.#failedScrapes.findLast((failed) => failed <= at) ?? Number.NEGATIVE_INFINITY;
    return this.within(select, Math.max(at - lookbackMs, failedAt), at).flatMap(({ metric, points }) => {
      const newest = points.at(-1);
      return newest ? [{ metric, value: newest.value }] : [];
    });
  }
}

/** Index of the first point later than `at`. */
function firstAfter(points: readonly Point[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
