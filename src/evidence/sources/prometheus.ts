/** Reviewed Prometheus queries of a service, each compared with its own past around the onset. */
import type { SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest, Window } from "../../ports.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import { httpSource } from "../http-source.js";
import type { TimedSource } from "../timed-source.js";
import { collectAnswers } from "../unavailable.js";
import { DAY_MS, MAX_SERIES, observeMetric, USUAL_DAYS, type MetricQuestion, type SeriesAnswer } from "./metric-findings.js";
import { parseAnswer, RangeAnswer, readSamples } from "./prometheus-wire.js";

export interface PrometheusOptions extends HttpOptions {
  readonly stepMs: number; // distance of points; made larger for long windows
}

/** Prometheus refuses more than 11,000 points a series; this many show any change well enough. */
const MAX_POINTS = 5_000;
const MAX_LINK = 400;

/** One finding for each signal that has data in the window, from its start until its end. */
export function createPrometheusSource(options: PrometheusOptions): TimedSource {
  const endpoint = endpointOf("prometheus", options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const signals = [...request.service.signals.values()].filter(({ source }) => source === "prometheus");
    const answers = await Promise.allSettled(signals.map((signal) => observeSignal(signal, request, endpoint, options.stepMs)));
    return collectAnswers(answers);
  };
  return httpSource(endpoint, options, observe);
}

function observeSignal(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
  stepMs: number,
): Promise<readonly Finding[]> {
  const ask = (window: Window, step: number): Promise<SeriesAnswer> =>
    askSeries({ signal, window, stepS: step / 1_000 }, request, endpoint);
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
  request: SourceRequest,
  endpoint: Endpoint,
): Promise<SeriesAnswer> {
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
  return { series, count: result.length, missing: null };
}

/** Whole milliseconds, at least the configured step, so that the window has at most `MAX_POINTS` points. */
export function stepFor({ from, to }: Window, stepMs: number): number {
  return Math.max(stepMs, Math.ceil((to.getTime() - from.getTime()) / MAX_POINTS), 1);
}

function seconds(moment: Date): string {
  return (moment.getTime() / 1000).toFixed(3);
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
