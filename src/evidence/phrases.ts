/** Small pieces of English for summaries. Pure. */

/** "2 min before the onset", "at the onset", "10 s after the onset" */
export function placeInTime(at: number, onset: number): string {
  const distanceMs = at - onset;
  if (Math.abs(distanceMs) < 1_000) return "at the onset";
  return `${duration(Math.abs(distanceMs))} ${distanceMs < 0 ? "before" : "after"} the onset`;
}

/** The largest whole unit: "250 ms", "45 s", "2 min", "3 h", "4 d". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** A ratio in [0, 1] as a percentage: "37 %", "0.3 %", "< 0.1 %". */
export function share(ratio: number): string {
  const value = ratio * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  const nearAnEdge = value < 10 || (value > 99 && value < 100);
  return `${Number(value.toFixed(nearAnEdge ? 1 : 0)).toLocaleString("en-US")} %`;
}

/** Three significant digits, as people say them: a share in percent, times as "173 ms" or "4.66 s", other units after the number. */
export function quantity(value: number, unit: string | null): string {
  switch (unit) {
    case "bytes":
      return bytes(value);
    case "ratio":
      return share(value);
    case "seconds":
      return timeTaken(value);
    case "milliseconds":
      return timeTaken(value / 1_000);
    case null:
    case "count":
      return significant(value);
    default:
      return `${significant(value)} ${unit}`;
  }
}

/** Below a second in milliseconds; an hour and more in hours. Zero is "0 s". */
function timeTaken(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 0.9995) return `${significant(seconds * 1_000)} ms`;
  return size < 5_400 ? `${significant(seconds)} s` : `${significant(seconds / 3_600)} h`;
}

/** Large numbers keep their digits: "12,400", never "1.24e+4". */
function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

const BYTES = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** "512 bytes", "381 MiB", "1.5 GiB": three significant digits in the largest unit that leaves at least one. */
export function bytes(value: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(Math.abs(value), 1)) / 10), BYTES.length - 1);
  return `${Number((value / 1024 ** power).toPrecision(3))} ${BYTES[power] ?? "bytes"}`;
}

/** "03:12:10" in UTC */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
