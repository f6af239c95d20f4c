/** What one series did around the onset of an incident. Pure. */
import { clamp, median, spread } from "./robust.js";

/** One reading. Gaps are absent from the list: a missing or NaN point is never a value. */
export interface Point {
  readonly at: number; // ms since the epoch
  readonly value: number; // finite
}
export interface Band {
  readonly centre: number;
  readonly halfWidth: number; // > 0
  readonly points: number; // how many points it was made from
}
export interface MetricChange {
  readonly before: number | null; // centre of the band; null without a baseline
  readonly now: number | null; // median of the latest points (at most five); null: nothing since the onset
  /** Where `now` lies: back inside the band is `steady`, also when the series had left it. */
  readonly direction: "rose" | "fell" | "steady" | "unknown";
  readonly onsetAt: number | null; // first point of its first stay outside the band
  readonly deviation: number; // (now - before) in half widths of the band; 0 when unknown
}
export interface MetricOptions {
  /** Readings of the same hours on earlier days: what those days show as well is no change. Fewer than five say nothing. */
  readonly sameHours?: readonly Point[];
  /** Smallest difference worth calling a change, in the series' own unit. */
  readonly floor?: number;
}

/** A band needs this many points; with fewer, nothing is claimed. */
const MIN_BASELINE_POINTS = 2;
/** An alert says when it began to fire, which is later than the fault by its hold time: this much before it is not trusted as normal. */
export const MAX_LEAD_MS = 5 * 60_000;

const BAND_SIGMAS = 5;
const RELATIVE_FLOOR = 0.1; // of the centre: smaller moves are noise to people
const RANGE_FLOOR = 0.05; // of the whole range: keeps a flat line from making every wiggle an event
const LATEST_POINTS = 5;

/**
 * Compares the series with its own band before the onset.
 *
 * The band is median ± 5 robust standard deviations of the points before the onset, without the last third of them (at most
 * five minutes, never the first two points), because alerts hold before they fire; a series that moved to another level and
 * stayed there is compared with its latest level. The change begins at the first of two consecutive points outside on the
 * same side.
 * @param points - oldest first
 * @param onset - when the incident began, ms since the epoch
 */
export function describeChange(points: readonly Point[], onset: number, options: MetricOptions = {}): MetricChange {
  const baselineEnd = endOfBaseline(points, onset);
  const band = bandOf(points, baselineEnd, options.floor ?? 0);
  if (band === null)
    return { before: null, now: latest(since(points, onset)), direction: "unknown", onsetAt: null, deviation: 0 };

  const recent = since(points, baselineEnd);
  const shift = firstShift(recent, band);
  const now = latest(shift === null ? since(points, onset) : recent.slice(shift));
  const deviation = now === null ? 0 : (now - band.centre) / band.halfWidth;
  if (now !== null && isUsual(now, options.sameHours ?? []))
    return { before: band.centre, now, direction: "steady", onsetAt: null, deviation: 0 };
  return {
    before: band.centre,
    now,
    direction: now === null ? "unknown" : directionOf(deviation),
    onsetAt: shift === null ? null : (recent[shift]?.at ?? null),
    deviation,
  };
}

/** 0…1: how far outside its band the series is, times how near its change lies to the onset. Steady is 0.1, unknown 0.05. */
export function scoreChange(change: MetricChange, onset: number): number {
  if (change.direction === "unknown") return 0.05;
  if (change.direction === "steady") return 0.1;
  const size = 1 - 1 / Math.max(1, Math.abs(change.deviation));
  const hoursAway = change.onsetAt === null ? 1 : Math.abs(change.onsetAt - onset) / 3_600_000;
  return clamp(0.2 + 0.8 * size * 2 ** -Math.max(0, hoursAway - 0.25), 0, 1);
}

/** Of a short series at least the first points: they are the likeliest to be healthy. */
function endOfBaseline(points: readonly Point[], onset: number): number {
  const first = points[0];
  if (!first || first.at >= onset) return onset;
  const trimmed = onset - Math.min(MAX_LEAD_MS, (onset - first.at) / 3);
  const least = points[MIN_BASELINE_POINTS - 1];
  return least === undefined ? trimmed : Math.min(onset, Math.max(trimmed, least.at + 1));
}

function bandOf(points: readonly Point[], end: number, floor: number): Band | null {
  const values = latestLevel(points.filter(({ at }) => at < end).map(({ value }) => value));
  const centre = median(values);
  if (centre === null || values.length < MIN_BASELINE_POINTS) return null;
  const range = points.reduce((most, { value }) => Math.max(most, Math.abs(value - centre)), 0);
  const floors = [floor, RELATIVE_FLOOR * Math.abs(centre), RANGE_FLOOR * range, Number.EPSILON];
  return { centre, halfWidth: Math.max(BAND_SIGMAS * spread(values, centre), ...floors), points: values.length };
}

const LEAST_LEVEL_POINTS = 5;
const LEVEL_SIGMAS = 6;
/** Places tried: enough to come near the shift, few enough for long series. */
const MOST_SPLITS = 50;

/** The values since the last lasting shift: the later part is taken when both parts are far tighter than the step between them. */
function latestLevel(values: readonly number[]): readonly number[] {
  let best: { readonly split: number; readonly step: number } | null = null;
  const stride = Math.max(1, Math.floor(values.length / MOST_SPLITS));
  for (let split = LEAST_LEVEL_POINTS; split <= values.length - LEAST_LEVEL_POINTS; split += stride) {
    const step = stepAt(values, split);
    if (step > (best?.step ?? LEVEL_SIGMAS)) best = { split, step };
  }
  return best === null ? values : values.slice(best.split);
}

/** The step between the medians of both sides, in their larger spread (a tenth of the larger median at least). */
function stepAt(values: readonly number[], split: number): number {
  const sides = [values.slice(0, split), values.slice(split)] as const;
  const [left, right] = [median(sides[0]) ?? 0, median(sides[1]) ?? 0];
  const noise = Math.max(spread(sides[0], left), spread(sides[1], right));
  const floor = (RELATIVE_FLOOR * Math.max(Math.abs(left), Math.abs(right))) / LEVEL_SIGMAS;
  return Math.abs(right - left) / Math.max(noise, floor, Number.MIN_VALUE);
}

const LEAST_USUAL_POINTS = 5;

function isUsual(value: number, sameHours: readonly Point[]): boolean {
  const sorted = sameHours.map((point) => point.value).toSorted((a, b) => a - b);
  const trimmed = sorted.slice(Math.floor(sorted.length * 0.02), Math.ceil(sorted.length * 0.98));
  const [low, high] = [trimmed.at(0), trimmed.at(-1)];
  return sorted.length >= LEAST_USUAL_POINTS && low !== undefined && high !== undefined && value >= low && value <= high;
}

function firstShift(points: readonly Point[], band: Band): number | null {
  const sides = points.map(({ value }) => sideOf((value - band.centre) / band.halfWidth));
  const index = sides.findIndex((side, each) => side !== 0 && side === sides[each + 1]);
  return index === -1 ? null : index;
}

function sideOf(deviation: number): -1 | 0 | 1 {
  if (Math.abs(deviation) <= 1) return 0;
  return deviation > 0 ? 1 : -1;
}

function directionOf(deviation: number): "rose" | "fell" | "steady" {
  const side = sideOf(deviation);
  return side === 0 ? "steady" : side > 0 ? "rose" : "fell";
}

function since(points: readonly Point[], from: number): readonly Point[] {
  return points.filter(({ at }) => at >= from);
}

function latest(points: readonly Point[]): number | null {
  return median(points.slice(-LATEST_POINTS).map(({ value }) => value));
}
