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

/** Three significant digits, with the unit where it is one that people say. */
export function quantity(value: number, unit: string | null): string {
  if (unit === "bytes") return bytes(value);
  const digits = Number(value.toPrecision(3)).toString();
  return unit === null || unit === "ratio" ? digits : `${digits} ${unit}`;
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
