/** Middle value; the mean of the two middle ones for an even count. @returns null for no values */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Median absolute deviation from `centre`, scaled so that it estimates the standard deviation of normal noise. */
export function spread(values: readonly number[], centre: number): number {
  return 1.4826 * (median(values.map((value) => Math.abs(value - centre))) ?? 0);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
