/** How far a series left what is normal for it, judged by its own extremes: calls have heavy tails, and a spread alone would cry wolf. Pure. */
import { clamp, median, spread } from "../robust.js";
import type { Point } from "../metric-change.js";
import type { Stretch } from "./model.js";

export interface Deviation {
  readonly before: number; // median
  readonly now: number; // the typical value at its most unusual
  readonly delta: number; // now - before
  /** 0…1: nothing unusual to far outside anything seen before. */
  readonly certainty: number;
  readonly onsetAt: number | null; // first unusual point
}
const MIN_BASELINE = 3;
const BASELINE_POINTS = 120;
const TAIL = 0.15; // of the baseline on either side: the past hours may hold older troubles
/** Moves within this share of the typical value are noise to people, however steady the series. */
const RELATIVE_FLOOR = 0.08;

/**
 * Compares the points inside the window with those before it.
 *
 * Distance is measured from the edge of the baseline (its outer parts left out) in units of the baseline's own width. One wild point
 * counts for little when the others of the window are ordinary: the second most unusual one decides where there are three or more.
 * @returns null without a baseline or without points in the window
 */
export function measureDeviation(points: readonly Point[], { from, to }: Stretch, floor = 0): Deviation | null {
  const baseline = points.filter(({ at }) => at < from).slice(-BASELINE_POINTS);
  const inside = points.filter(({ at }) => at >= from && at <= to);
  const before = median(baseline.map(({ value }) => value));
  if (before === null || baseline.length < MIN_BASELINE || inside.length === 0) return null;

  const band = bandOf(
    baseline.map(({ value }) => value),
    before,
    floor,
  );
  const up = typicalExtreme(
    inside.map(({ value }) => value),
    1,
  );
  const down = typicalExtreme(
    inside.map(({ value }) => value),
    -1,
  );
  const above = (up - band.high) / band.unit;
  const below = (band.low - down) / band.unit;
  const distance = Math.max(above, below, 0);
  const now = distance === 0 ? (median(inside.map(({ value }) => value)) ?? before) : above >= below ? up : down;
  const first = inside.find(({ value }) => value > band.high || value < band.low);
  return {
    before,
    now,
    delta: now - before,
    certainty: distance / (distance + 1),
    onsetAt: distance > 0 ? (first?.at ?? null) : null,
  };
}

function bandOf(values: readonly number[], centre: number, floor: number): { low: number; high: number; unit: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor(TAIL * sorted.length)] ?? centre;
  const high = sorted[Math.ceil((1 - TAIL) * sorted.length) - 1] ?? centre;
  const unit = Math.max((high - low) / 2, 3 * spread(values, centre), RELATIVE_FLOOR * Math.abs(centre), floor, Number.EPSILON);
  return { low, high, unit };
}

function typicalExtreme(values: readonly number[], side: 1 | -1): number {
  const sorted = values.toSorted((a, b) => side * (b - a));
  return sorted[clamp(values.length - 2, 0, 1)] ?? 0;
}
