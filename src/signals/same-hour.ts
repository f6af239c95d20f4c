/** What a series was at this time of day on the days before. */
import type { Point } from "./metric-change.js";

export interface DailyMemory {
  /** Points must come in order of time. */
  push(point: Point): void;
  /**
   * Distance to the nearest value within half an hour of this time of day, on any remembered day before.
   * @returns null with fewer than two such days: one day is no habit
   */
  distance(point: Point): number | null;
}

const DAY_MS = 86_400_000;
const NEAR_MS = 30 * 60_000;
const DAYS = 14;
const LEAST_DAYS = 2;
/** Two weeks of minutes; denser series remember fewer days. */
const MOST_POINTS = 20_000;

export function createDailyMemory(): DailyMemory {
  let points: Point[] = [];

  const push = (point: Point): void => {
    points.push(point);
    if (points.length >= 2 * MOST_POINTS) points = points.slice(-MOST_POINTS);
  };
  const distance = ({ at, value }: Point): number | null => {
    let days = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let day = 1; day <= DAYS; day += 1) {
      const found = nearestOf(points, at - day * DAY_MS, value);
      if (found === null) continue;
      days += 1;
      nearest = Math.min(nearest, found);
    }
    return days < LEAST_DAYS ? null : nearest;
  };
  return { push, distance };
}

function nearestOf(points: readonly Point[], at: number, value: number): number | null {
  let nearest: number | null = null;
  for (let index = firstSince(points, at - NEAR_MS); index < points.length; index += 1) {
    const point = points[index];
    if (point === undefined || point.at > at + NEAR_MS) break;
    nearest = Math.min(nearest ?? Number.POSITIVE_INFINITY, Math.abs(point.value - value));
  }
  return nearest;
}

function firstSince(points: readonly Point[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
