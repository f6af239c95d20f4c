const fields = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;
type Field = (typeof fields)[number];

const minuteMs = 60_000;
/** Longest look back: a schedule that last fell due more than a leap year ago is not found. */
const longestLookBackMinutes = 366 * 24 * 60;

export class BadCron extends Error {
  override readonly name = "BadCron";
}

/**
 * Latest minute in (after, until] at which a five-field cron line falls due, in UTC.
 * @returns null when none does
 * @throws {BadCron} when the line is not minute, hour, day of month, month, day of week
 */
export function latestDue(cron: string, after: Date, until: Date): Date | null {
  const allowed = parseCron(cron);
  let minute = Math.floor(until.getTime() / minuteMs) * minuteMs;
  for (let looked = 0; minute > after.getTime() && looked <= longestLookBackMinutes; looked += 1) {
    if (isDue(allowed, new Date(minute))) return new Date(minute);
    minute -= minuteMs;
  }
  return null;
}

type Allowed = readonly [ReadonlySet<number>, ReadonlySet<number>, ReadonlySet<number>, ReadonlySet<number>, ReadonlySet<number>];

function isDue([minutes, hours, days, months, weekdays]: Allowed, at: Date): boolean {
  if (!minutes.has(at.getUTCMinutes()) || !hours.has(at.getUTCHours()) || !months.has(at.getUTCMonth() + 1)) return false;
  const onDay = days.has(at.getUTCDate());
  const onWeekday = weekdays.has(at.getUTCDay());
  // As in POSIX: when both day fields are restricted, either will do.
  return days.size < 31 && weekdays.size < 7 ? onDay || onWeekday : onDay && onWeekday;
}

function parseCron(cron: string): Allowed {
  const parts = cron.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays, ...more] = parts.map((part, index) => parseField(cron, part, fields[index]));
  if (!minutes || !hours || !days || !months || !weekdays || more.length > 0) {
    throw new BadCron(`cron "${cron}": five fields were expected, got ${parts.length}`);
  }
  return [minutes, hours, days, months, weekdays];
}

function parseField(cron: string, text: string, field: Field | undefined): Set<number> {
  if (!field) throw new BadCron(`cron "${cron}": five fields were expected`);
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [range = "", step] = item.split("/");
    const [low, high] = parseRange(cron, range, step !== undefined, field);
    const by = step === undefined ? 1 : parseNumber(cron, step, { min: 1, max: field.max, names: [] });
    for (let value = low; value <= high; value += by) values.add(value);
  }
  return values;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

function parseRange(cron: string, text: string, stepped: boolean, field: Bounds): [number, number] {
  if (text === "*") return [field.min, field.max];
  const [from = "", to] = text.split("-");
  const low = parseNumber(cron, from, field);
  if (to === undefined) return [low, stepped ? field.max : low];
  const high = parseNumber(cron, to, field);
  if (high < low) throw new BadCron(`cron "${cron}": range "${text}" runs backwards`);
  return [low, high];
}

function parseNumber(cron: string, text: string, { min, max, names }: Bounds): number {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new BadCron(`cron "${cron}": "${text}" is not within ${min} to ${max}`);
  return value;
}
