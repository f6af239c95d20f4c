const EARLIEST = Date.UTC(2000, 0, 1);
/** Clocks differ by minutes; a start further ahead is no start. */
const MOST_AHEAD_MS = 10 * 60_000;
/** Unix times come in seconds, milliseconds, microseconds and nanoseconds; told apart by their size. */
const UNITS_PER_SECOND = [1, 1e3, 1e6, 1e9] as const;

/** A date as monitors write it: ISO 8601, RFC 2822, or a Unix time. Null for anything before 2000 or ahead of `now`. */
export function readMoment(value: unknown, now: Date): Date | null {
  const candidates = typeof value === "number" || isDigits(value) ? fromUnix(Number(value)) : [Date.parse(spell(value))];
  const fits = candidates.find((ms) => ms >= EARLIEST && ms <= now.getTime() + MOST_AHEAD_MS);
  return fits === undefined ? null : new Date(fits);
}

function fromUnix(value: number): readonly number[] {
  return UNITS_PER_SECOND.map((units) => Math.round((value / units) * 1000));
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d{9,19}(?:\.\d{1,9})?$/.test(value.trim());
}

/** `+0000` as `+00:00`, a space as `T`: forms that `Date.parse` does not promise to read. */
function spell(value: unknown): string {
  if (typeof value !== "string" || value.length > 60) return "";
  const iso = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/.exec(value.trim());
  if (!iso) return value.trim();
  const zone = (iso[3] ?? "Z").replace(/^(?:UTC|GMT)$/, "Z").replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  return `${iso[1]}T${(iso[2] ?? "").replace(",", ".")}${zone}`;
}
