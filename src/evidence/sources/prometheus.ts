/** Reviewed Prometheus queries of a service, each compared with its own past around the onset. */
import type { SignalQuery } from "../../config/config.js";
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Finding, SourceRequest, Window } from "../../ports.js";
import { describeChange, scoreChange, type MetricChange, type Point } from "../../signals/metric-change.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import { clockTime, quantity } from "../phrases.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { canHeal, collectAnswers, PartialAnswerError } from "../unavailable.js";
import { parseAnswer, RangeAnswer, readSamples } from "./prometheus-wire.js";

export interface PrometheusOptions extends HttpOptions {
  readonly stepMs: number; // distance of points; made larger for long windows
}

/** Prometheus refuses more than 11,000 points a series; this many show any change well enough. */
const MAX_POINTS = 5_000;
/** A reviewed query should give one series; of more, the first of these are looked at and the most changed one is shown. */
const MAX_SERIES = 50;
const MAX_LINK = 400;
const DAY_MS = 24 * 3_600_000;
const USUAL_DAYS = 7;
/** A share has to move by a percentage point to count. */
const RATIO_FLOOR = 0.01;

export function prometheusEndpoint(options: PrometheusOptions): Endpoint {
  return endpointOf("prometheus", options);
}

/** One finding for each signal that has data in the window, from its start until its end. */
export function createPrometheusSource(options: PrometheusOptions): TimedSource {
  const endpoint = prometheusEndpoint(options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const signals = [...request.service.signals.values()].filter(({ source }) => source === "prometheus");
    const answers = await Promise.allSettled(signals.map((signal) => observeSignal(signal, request, endpoint, options.stepMs)));
    return collectAnswers(answers);
  };
  return { name: "prometheus", timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, observe };
}

async function observeSignal(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
  stepMs: number,
): Promise<readonly Finding[]> {
  const stepS = stepFor(request.logs, stepMs) / 1000;
  const { series, count } = await askSeries({ signal, window: request.logs, stepS }, request, endpoint);
  const link = linkTo(endpoint, signal, request.logs);
  const find = (usual: UsualValues): readonly Finding[] => {
    const strongest = mostChanged(series, signal, request.onset.getTime(), usual);
    return strongest === null ? [] : [toFinding({ signal, ...strongest, series: count, link }, request)];
  };
  const plain = find(new Map());
  if (plain.every(({ detail }) => detail.kind !== "metric" || (detail.direction !== "rose" && detail.direction !== "fell")))
    return plain; // nothing to explain by the hour of the day
  try {
    return find(await askUsual(signal, request, endpoint));
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown failure";
    throw new PartialAnswerError(`The days before could not be compared: ${why}`, plain, canHeal(error));
  }
}

interface Series {
  readonly key: string; // its labels
  readonly points: readonly Point[];
}
interface SeriesQuestion {
  readonly signal: SignalQuery;
  readonly window: Window;
  readonly stepS: number;
}

async function askSeries(
  { signal, window, stepS }: SeriesQuestion,
  request: SourceRequest,
  endpoint: Endpoint,
): Promise<{ readonly series: readonly Series[]; readonly count: number }> {
  const answer = await askJson(endpoint, {
    path: "/api/v1/query_range",
    params: { query: signal.query, start: seconds(window.from), end: seconds(window.to), step: String(stepS) },
    signal: request.signal,
  });
  const { result } = parseAnswer(RangeAnswer, answer, who(endpoint)).data;
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const series = result.slice(0, MAX_SERIES).map(({ metric, values }) => ({
    key: JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    points: readSamples(values).filter(({ at }) => at >= from && at <= to), // caches in between may answer with more
  }));
  return { series, count: result.length };
}

/** Readings at this time of day on the seven days before, by series. */
type UsualValues = ReadonlyMap<string, readonly Point[]>;

/** The highest and the lowest day are left out: one bad day, perhaps of the same incident, makes nothing usual. */
async function askUsual(signal: SignalQuery, request: SourceRequest, endpoint: Endpoint): Promise<UsualValues> {
  const to = request.logs.to.getTime();
  const window = { from: new Date(to - USUAL_DAYS * DAY_MS), to: new Date(to - DAY_MS) };
  const { series } = await askSeries({ signal, window, stepS: DAY_MS / 1000 }, request, endpoint);
  return new Map(series.map(({ key, points }) => [key, points.toSorted((a, b) => a.value - b.value).slice(1, -1)]));
}

/** Whole milliseconds, at least the configured step, so that the window has at most `MAX_POINTS` points. */
export function stepFor({ from, to }: Window, stepMs: number): number {
  return Math.max(stepMs, Math.ceil((to.getTime() - from.getTime()) / MAX_POINTS), 1);
}

function seconds(moment: Date): string {
  return (moment.getTime() / 1000).toFixed(3);
}

interface Strongest {
  readonly change: MetricChange;
  readonly points: readonly Point[];
  readonly isUsual: boolean; // a change, but what earlier days show as well
}

function mostChanged(series: readonly Series[], signal: SignalQuery, onset: number, usual: UsualValues): Strongest | null {
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

interface Seen extends Strongest {
  readonly signal: SignalQuery;
  readonly series: number;
  readonly link: string | null;
}

function toFinding({ signal, change, points, isUsual, series, link }: Seen, { service, onset }: SourceRequest): Finding {
  const { before, now, direction, onsetAt } = change;
  return {
    source: "prometheus",
    subject: service.name,
    at: onsetAt === null ? onset : new Date(onsetAt),
    summary: redact(
      `${signal.name} ${describe(change, signal.unit)}${isUsual ? ", as usual at this hour" : ""}${series > 1 ? ` (most changed of ${series} series)` : ""}`,
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

function describe({ before, now, direction, onsetAt }: MetricChange, unit: string | null): string {
  if (now === null) return "has no data since the onset: a gap, not zero";
  if (before === null) return `is ${quantity(now, unit)}; too few points before the onset to compare with`;
  const left = onsetAt === null ? "" : `, first at ${clockTime(onsetAt)} UTC`;
  if (direction !== "steady") return `${direction} from ${quantity(before, unit)} to ${quantity(now, unit)}${left}`;
  return onsetAt === null
    ? `is steady at ${quantity(now, unit)}`
    : `left its band at ${clockTime(onsetAt)} UTC and is back at ${quantity(now, unit)}`;
}

/** Prometheus' own graph page; null when it would be too long to keep. */
function linkTo({ url }: Endpoint, { query }: SignalQuery, { from, to }: Window): string | null {
  const page = new URL(`${url.replace(/\/+$/, "")}/graph`);
  page.username = "";
  page.password = "";
  page.searchParams.set("g0.expr", query);
  page.searchParams.set("g0.tab", "0");
  page.searchParams.set("g0.range_input", `${Math.ceil((to.getTime() - from.getTime()) / 1000)}s`);
  page.searchParams.set("g0.end_input", to.toISOString().slice(0, 19).replace("T", " "));
  return page.href.length > MAX_LINK ? null : page.href;
}
