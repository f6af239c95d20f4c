/** The latest values of a stream, kept in order of size: quantiles at any time, memory bounded. */

export interface SortedWindow {
  /** The oldest value leaves once the window is full. */
  push(value: number): void;
  size(): number;
  /** The value at a rank from 0 (smallest); outside the window: the nearest end. NaN while empty. */
  at(rank: number): number;
  /** @param share - 0…1; the upper of two candidates. NaN while empty */
  quantile(share: number): number;
}

/** @param capacity - values kept, at least 1. A push costs O(log n) comparisons and one move of memory */
export function createSortedWindow(capacity: number): SortedWindow {
  const sorted: number[] = [];
  const arrivals: number[] = []; // a ring
  let next = 0;

  const push = (value: number): void => {
    const leaving = arrivals[next];
    if (leaving !== undefined) sorted.splice(rankOf(sorted, leaving), 1);
    arrivals[next] = value;
    next = (next + 1) % capacity;
    sorted.splice(rankOf(sorted, value), 0, value);
  };
  const at = (rank: number): number => sorted[Math.min(Math.max(rank, 0), sorted.length - 1)] ?? Number.NaN;
  return { push, size: () => sorted.length, at, quantile: (share) => at(Math.floor(share * sorted.length)) };
}

/** How many values are smaller. */
function rankOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
