/** Reviewed Prometheus queries of a service, each compared with its own past around the onset. */
import pLimit from "p-limit";
import type { SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest, Window } from "../../ports.js";
import { ratesOf } from "../../signals/counter.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import { httpSource } from "../http-source.js";
import type { ReadSeries } from "../neighbours/source.js";
import type { TimedSource } from "../timed-source.js";
import { collectAnswers } from "../unavailable.js";
import {
  DAY_MS,
  MAX_SERIES,
  mostMoving,
  observeMetric,
  USUAL_DAYS,
  type MetricQuestion,
  type SeriesAnswer,
} from "./metric-findings.js";
import { parseAnswer } from "../parse-answer.js";
import { gapOf, RangeAnswer, readSamples, unixSeconds } from "./prometheus-wire.js";
import { describeUnmeasured } from "./unmeasured.js";

export interface PrometheusOptions extends HttpOptions {
  readonly stepMs: number; // distance of points; made larger for long windows
}

/** Prometheus refuses more than 11,000 points a series; this many show any change well enough. */
const MAX_POINTS = 5_000;
const MAX_LINK = 400;
/** Queries under way at once: half of what Prometheus runs at once by default (`--query.max-concurrency` 20). */
const AT_ONCE = 10;

export function prometheusEndpoint(options: PrometheusOptions): Endpoint {
  return endpointOf("prometheus", options);
}

/** One finding for each signal that has data in the window, from its start until its end. */
export function createPrometheusSource(options: PrometheusOptions): TimedSource {
  const endpoint = prometheusEndpoint(options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const signals = [...request.service.signals.values()].filter(({ source }) => source === "prometheus");
    const limit = pLimit(AT_ONCE);
    const answers = await Promise.allSettled(
      signals.map((signal) => limit(() => observeSignal(signal, request, endpoint, options.stepMs))),
    );
    const findings = collectAnswers(answers); // throws when a question failed: then silence says nothing about the config
    const silent = new Set(signals.filter((_, index) => isSilent(answers[index])));
    return [...findings, ...describeUnmeasured(signals, silent, request)];
  };
  return httpSource(endpoint, options, observe);
}

function isSilent(answer: PromiseSettledResult<readonly Finding[]> | undefined): boolean {
  return answer?.status === "fulfilled" && answer.value.length === 0;
}

export function createPrometheusReader(options: PrometheusOptions): ReadSeries {
  const endpoint = prometheusEndpoint(options);
  return async (signal, window, abort) => {
    const stepS = stepFor(window, options.stepMs) / 1000;
    const { series } = await askSeries({ signal, window, stepS }, abort, endpoint);
    return mostMoving(series);
  };
}

function observeSignal(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
  stepMs: number,
): Promise<readonly Finding[]> {
  const ask = (window: Window, step: number): Promise<SeriesAnswer> =>
    askSeries({ signal, window, stepS: step / 1_000 }, request.signal, endpoint);
  const question: MetricQuestion = {
    source: "prometheus",
    signal,
    link: linkTo(endpoint, signal, request.logs),
    ask: (window) => ask(window, stepFor(window, stepMs)),
    askUsual: async () => {
      const to = request.logs.to.getTime();
      const week = { from: new Date(to - USUAL_DAYS * DAY_MS), to: new Date(to - DAY_MS) };
      return (await ask(week, DAY_MS)).series; // a step of a day: one request for all of them
    },
  };
  return observeMetric(question, request);
}

interface SeriesQuestion {
  readonly signal: SignalQuery;
  readonly window: Window;
  readonly stepS: number;
}

async function askSeries(
  { signal, window, stepS }: SeriesQuestion,
  abort: AbortSignal,
  endpoint: Endpoint,
): Promise<SeriesAnswer> {
  const answer = await askJson(endpoint, {
    path: "/api/v1/query_range",
    params: { query: signal.query, start: unixSeconds(window.from), end: unixSeconds(window.to), step: String(stepS) },
    signal: abort,
  });
  const parsed = parseAnswer(RangeAnswer, answer, who(endpoint));
  const { result } = parsed.data;
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const series = result.slice(0, MAX_SERIES).map(({ metric, values }) => {
    const points = readSamples(values).filter(({ at }) => at >= from && at <= to); // caches in between may answer with more
    const key = JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { key, points: isCounter(metric) ? ratesOf(points) : points };
  });
  const gap = gapOf(parsed);
  return { series, count: result.length, missing: gap === null ? null : `${who(endpoint)} answered in part: ${gap}.` };
}

/**
 * A counter as it is, without `rate()`: only a plain selector keeps the metric's name. It says nothing by its height and everything by
 * its growth; a day's growth is no reading of an hour, and the few that seven days give are too few to be compared with.
 * @see https://prometheus.io/docs/practices/naming/#metric-names
 */
function isCounter({ __name__: name = "" }: Readonly<Record<string, string>>): boolean {
  return /_(?:total|count|sum|bucket)$/.test(name);
}

/** Whole milliseconds, at least the configured step, so that the window has at most `MAX_POINTS` points. */
export function stepFor({ from, to }: Window, stepMs: number): number {
  return Math.max(stepMs, Math.ceil((to.getTime() - from.getTime()) / MAX_POINTS), 1);
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
