/** When a series first left what it was at the beginning, however slowly it did. Pure. */
import type { Point } from "../metric-change.js";
import { median, spread } from "../robust.js";

export interface Departure {
  readonly at: number;
  readonly direction: "rose" | "fell";
}

/** The beginning: this share of the points before `until`, at least so many. */
const BEGINNING = 0.2;
const MIN_POINTS = 5;
const SIGMAS = 6;
const RELATIVE_FLOOR = 0.25;
/** Of the whole range: a wiggle is no departure where a leap follows. */
const RANGE_FLOOR = 0.05;
/** This far off its beginning, in spreads or as a share of it, it is already on its way. */
const OFF = 2.5;
const OFF_FLOOR = 0.05;
/** So many points in a row on the same side: less is a spike. */
const LASTING = 3;
/** What climbs by itself (an uptime, time left) does so in nearly all of its steps, and evenly. */
const STEADY_STEPS = 0.9;

/**
 * Unlike a comparison around an onset this needs no onset: it finds what began hours before anyone was told. What climbs or falls
 * steadily from the start is measured against its own line.
 * @param until - points after it are not looked at, ms since the epoch
 * @returns null for too few points, and for a series that stayed
 */
export function findFirstDeparture(points: readonly Point[], until: number): Departure | null {
  const seen = points.filter(({ at }) => at <= until);
  if (seen.length < MIN_POINTS + LASTING) return null;
  const beginningLength = Math.max(MIN_POINTS, Math.floor(BEGINNING * seen.length));
  const values = levelled(
    seen.map(({ value }) => value),
    beginningLength,
  );
  const beginning = values.slice(0, beginningLength);
  const centre = median(beginning) ?? 0;
  const range = Math.max(...values) - Math.min(...values);
  const floors = [RELATIVE_FLOOR * Math.abs(centre), RANGE_FLOOR * range, Number.EPSILON];
  const band = Math.max(SIGMAS * spread(beginning, centre), ...floors);
  const sides = values.map((value) => (Math.abs(value - centre) <= band ? 0 : Math.sign(value - centre)));
  const index = sides.findIndex((side, each) => side !== 0 && lasts(sides.slice(each, each + LASTING), side));
  const first =
    seen[
      index === -1 ? -1 : beganAt(index, values, centre, Math.max(OFF * spread(beginning, centre), OFF_FLOOR * Math.abs(centre)))
    ];
  return first === undefined ? null : { at: first.at, direction: (sides[index] ?? 0) > 0 ? "rose" : "fell" };
}

/** Back from where it is beyond doubt to where it left for good: a leak is seen long after it began. */
function beganAt(found: number, values: readonly number[], centre: number, off: number): number {
  const side = Math.sign((values[found] ?? centre) - centre);
  let at = found;
  while (at > 0 && ((values[at - 1] ?? centre) - centre) * side > off) at -= 1;
  return at;
}

function levelled(values: readonly number[], beginning: number): readonly number[] {
  const steps = values.slice(1, beginning).map((value, index) => value - (values[index] ?? value));
  const typical = median(steps) ?? 0;
  const along = steps.filter((step) => step !== 0 && Math.sign(step) === Math.sign(typical)).length;
  const steady = along >= STEADY_STEPS * steps.length && spread(steps, typical) <= Math.abs(typical) / 2;
  return !steady ? values : values.map((value, index) => value - index * typical);
}

function lasts(sides: readonly number[], side: number): boolean {
  return sides.length === LASTING && sides.every((each) => each === side);
}
