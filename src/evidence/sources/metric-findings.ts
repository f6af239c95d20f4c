/** Series of a reviewed query, whichever source they came from: the most changed one, as an observation. */
import type { SignalQuery } from "../../config/config.js";
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Finding, SourceRequest, Window } from "../../ports.js";
import { describeChange, scoreChange, type MetricChange, type Point } from "../../signals/metric-change.js";
import { median } from "../../signals/robust.js";
import { clockTime, quantity } from "../phrases.js";
import { canHeal, PartialAnswerError } from "../unavailable.js";

export interface Series {
  readonly key: string; // what tells it from the others of the same query, the same on every day
  readonly points: readonly Point[]; // oldest first
}
export interface SeriesAnswer {
  readonly series: readonly Series[];
  readonly count: number; // of all series, also those that were not looked at
  readonly missing: string | null; // why some may be missing
}
/** A reviewed query should give one series; of several, the points of the one that moves most. */
export function mostMoving(series: readonly Series[]): readonly Point[] {
  return series.toSorted((a, b) => spanOf(b.points) - spanOf(a.points))[0]?.points ?? [];
}

function spanOf(points: readonly Point[]): number {
  const values = points.map(({ value }) => value);
  return values.length === 0 ? -1 : Math.max(...values) - Math.min(...values);
}

/** A value older than this is none, as Prometheus has it: metrics of five-minute periods read as gaps. */
export const LOOK_BACK_MS = 5 * 60_000;

/** null: no value, several series of which none is meant, or an answer in part. */
export function latestOf({ series, missing }: Pick<SeriesAnswer, "series" | "missing">): number | null {
  const [only, ...others] = series;
  return missing !== null || only === undefined || others.length > 0 ? null : (only.points.at(-1)?.value ?? null);
}

/** One reviewed query, as its source asks it. */
export interface MetricQuestion {
  readonly source: string;
  readonly signal: SignalQuery;
  readonly link: string | null;
  ask(window: Window): Promise<SeriesAnswer>;
  /** Readings at this time of day on the days before, one a day, by series. Asked only when something changed. */
  askUsual(): Promise<readonly Series[]>;
}

/** A reviewed query should give one series; of more, the first of these are looked at and the most changed one is shown. */
export const MAX_SERIES = 50;
export const DAY_MS = 24 * 3_600_000;
export const USUAL_DAYS = 7;
/** A share has to move by a percentage point to count. */
const RATIO_FLOOR = 0.01;
/** What counts as the reading of a day: as many points as the latest value of a change is made of. */
const LATEST_POINTS = 5;

/** One finding, or none where nothing is measured. @throws {PartialAnswerError} with what was found, when some is missing */
export async function observeMetric(question: MetricQuestion, request: SourceRequest): Promise<readonly Finding[]> {
  const answer = await question.ask(request.logs);
  const find = (usual: readonly Series[]): readonly Finding[] => {
    const strongest = mostChanged(answer.series, question.signal, request.onset.getTime(), usualValues(usual));
    return strongest === null ? [] : [toFinding({ ...question, ...strongest, count: answer.count }, request)];
  };
  const plain = find([]);
  if (answer.missing !== null) throw new PartialAnswerError(answer.missing, plain, false);
  if (!plain.some(hasMoved)) return plain; // nothing to explain by the hour of the day
  try {
    return find(await question.askUsual());
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown failure";
    throw new PartialAnswerError(`The days before could not be compared: ${why}`, plain, canHeal(error));
  }
}

/**
 * For sources whose values depend on the width of the window: the same window on each of the days before, its latest points.
 * Days that cannot be asked for fail it as a whole.
 */
export async function askDays(
  { to, widthMs }: { readonly to: Date; readonly widthMs: number },
  ask: (window: Window) => Promise<SeriesAnswer>,
): Promise<readonly Series[]> {
  const ends = Array.from({ length: USUAL_DAYS }, (_, day) => to.getTime() - (day + 1) * DAY_MS);
  const days = await Promise.all(ends.map((end) => ask({ from: new Date(end - widthMs), to: new Date(end) })));
  const readings = new Map<string, Point[]>();
  for (const { key, points } of days.flatMap(({ series }) => series)) {
    const latest = points.slice(-LATEST_POINTS);
    const value = median(latest.map((point) => point.value));
    const at = latest.at(-1)?.at;
    if (value !== null && at !== undefined) readings.set(key, [...(readings.get(key) ?? []), { at, value }]);
  }
  return [...readings].map(([key, points]) => ({ key, points }));
}

function hasMoved({ detail }: Finding): boolean {
  return detail.kind === "metric" && (detail.direction === "rose" || detail.direction === "fell");
}

/** The highest and the lowest day are left out: one bad day, perhaps of the same incident, makes nothing usual. */
function usualValues(series: readonly Series[]): ReadonlyMap<string, readonly Point[]> {
  return new Map(series.map(({ key, points }) => [key, points.toSorted((a, b) => a.value - b.value).slice(1, -1)]));
}

interface Strongest {
  readonly change: MetricChange;
  readonly points: readonly Point[];
  readonly isUsual: boolean; // a change, but what earlier days show as well
}

function mostChanged(
  series: readonly Series[],
  signal: SignalQuery,
  onset: number,
  usual: ReadonlyMap<string, readonly Point[]>,
): Strongest | null {
  const floor = signal.unit === "ratio" ? RATIO_FLOOR : 0;
  const changes = series
    .filter(({ points }) => points.length > 0)
    .map(({ key, points }): Strongest => {
      const plain = describeChange(points, onset, { floor });
      const change = describeChange(points, onset, { floor, sameHours: usual.get(key) ?? [] });
      return { change, points, isUsual: plain.direction !== "steady" && change.direction === "steady" };
    });
  const [strongest = null] = changes.toSorted((a, b) => scoreChange(b.change, onset) - scoreChange(a.change, onset));
  return strongest;
}

interface Seen extends Pick<MetricQuestion, "source" | "signal" | "link">, Strongest {
  readonly count: number;
}

function toFinding({ source, signal, change, points, isUsual, count, link }: Seen, { service, onset }: SourceRequest): Finding {
  const { before, now, direction, onsetAt } = change;
  return {
    source,
    subject: service.name,
    at: onsetAt === null ? onset : new Date(onsetAt),
    summary: redact(
      `${signal.name} ${describe(change, signal.unit)}${isUsual ? ", as usual at this hour" : ""}${describeCount(count)}`,
      MAX_SUMMARY,
    ),
    detail: {
      kind: "metric",
      signal: signal.name,
      unit: signal.unit,
      before,
      now,
      direction,
      onsetAt: onsetAt === null ? null : new Date(onsetAt),
    },
    score: scoreChange(change, onset.getTime()),
    query: signal.name,
    link,
    material: { series: isUsual ? [] : [{ service: service.name, name: signal.name, points }] },
  };
}

function describeCount(count: number): string {
  if (count === 1) return "";
  return ` (most changed of ${count > MAX_SERIES ? `the first ${MAX_SERIES} of ` : ""}${count} series)`;
}

function describe({ before, now, direction, onsetAt }: MetricChange, unit: string | null): string {
  if (now === null) return "has no data since the onset: a gap, not zero";
  if (before === null) return `is ${quantity(now, unit)}; too few points before the onset to compare with`;
  const left = onsetAt === null ? "" : `, first at ${clockTime(onsetAt)} UTC`;
  if (direction !== "steady") return `${direction} from ${quantity(before, unit)} to ${quantity(now, unit)}${left}`;
  return onsetAt === null
    ? `is steady at ${quantity(now, unit)}`
    : `left its usual range at ${clockTime(onsetAt)} UTC and is back at ${quantity(now, unit)}`;
}
