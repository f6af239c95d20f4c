/** The scoring of the Numenta Anomaly Benchmark, as its description gives it. Pure. */

export interface Profile {
  readonly missed: number; // what a window without a detection costs
  readonly falseAlarm: number; // what a detection far outside costs at most
}
export const PROFILES = {
  standard: { missed: 1, falseAlarm: 0.11 },
  low_fn: { missed: 2, falseAlarm: 0.11 },
  low_fp: { missed: 1, falseAlarm: 0.22 },
} as const satisfies Record<string, Profile>;

/** Rows are counted from 0; a window holds its first and last row. */
export interface Window {
  readonly first: number;
  readonly last: number;
}
export interface Tally {
  readonly sum: number;
  readonly windows: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

/** The first rows of a file do not count: a detector may learn there. */
export function probationOf(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

function sigmoid(x: number): number {
  return 2 / (1 + Math.exp(5 * x)) - 1;
}

/** @param detections - rows, ascending; those in the probation are left out */
export function tallyFile(detections: readonly number[], windows: readonly Window[], rows: number, profile: Profile): Tally {
  const counted = detections.filter((row) => row >= probationOf(rows));
  const outside = counted.filter((row) => !windows.some((window) => isInside(row, window)));
  const earned = windows.map((window) => {
    const inside = counted.filter((row) => isInside(row, window));
    return inside.length === 0 ? -profile.missed : Math.max(...inside.map((row) => worthInside(row, window)));
  });
  const costs = outside.map((row) => profile.falseAlarm * worthOutside(row, windows));
  return {
    sum: [...earned, ...costs].reduce((sum, value) => sum + value, 0),
    windows: windows.length,
    missed: windows.filter((window) => !counted.some((row) => isInside(row, window))).length,
    falseAlarms: outside.length,
  };
}

function isInside(row: number, { first, last }: Window): boolean {
  return row >= first && row <= last;
}

function worthInside(row: number, { first, last }: Window): number {
  const width = last - first + 1;
  return sigmoid(-(last - row + 1) / width) / sigmoid(-1);
}

/** Near after a window a detection is only late. */
function worthOutside(row: number, windows: readonly Window[]): number {
  const previous = windows.filter(({ last }) => last < row).at(-1);
  if (previous === undefined) return -1;
  const width = previous.last - previous.first + 1;
  const place = (row - previous.last) / Math.max(1, width - 1);
  return place > 3 ? -1 : sigmoid(place);
}

/** 0: as good as saying nothing; 100: every window found at its first row, and nothing else. */
export function nabScore(tallies: readonly Tally[], { missed }: Profile): number {
  const sum = tallies.reduce((total, tally) => total + tally.sum, 0);
  const windows = tallies.reduce((total, tally) => total + tally.windows, 0);
  return windows === 0 ? 0 : (100 * (sum + missed * windows)) / ((1 + missed) * windows);
}
