/** How durations are written: hours, minutes, seconds, in this order, each at most once: `10s`, `2m`, `4h`, `1h30m`. */
export const DURATION = /^(?=\d)(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?$/;

/** @returns milliseconds; null when the text is not a duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [1, 2, 3].map((group) => Number(match[group] ?? 0));
  return ((hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000;
}
