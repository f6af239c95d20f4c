/** Reviewed metric queries to Datadog. */
import type { SignalQuery } from "../../../config/config.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding, SourceRequest, Window } from "../../../ports.js";
import type { Point } from "../../../signals/metric-change.js";
import { askJson, who, type Endpoint } from "../../ask.js";
import { SourceUnavailableError } from "../../unavailable.js";
import { askDays, latestOf, LOOK_BACK_MS, MAX_SERIES, mostMoving, observeMetric, type SeriesAnswer } from "../metric-findings.js";
import { parseAnswer } from "../../parse-answer.js";
import { QueryAnswer } from "./wire.js";

const MAX_REASON = 160;

export function observeDatadogMetric(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
): Promise<readonly Finding[]> {
  const ask = (window: Window): Promise<SeriesAnswer> => askSeries(signal.query, window, endpoint, request.signal);
  const { from, to } = request.logs;
  // The width of the window chooses the interval of the points: only windows of the same width compare.
  const askUsual = () => askDays({ to, widthMs: to.getTime() - from.getTime() }, ask);
  return observeMetric({ source: "datadog", signal, link: null, ask, askUsual }, request);
}

export async function readSeries(
  query: string,
  window: Window,
  endpoint: Endpoint,
  abort: AbortSignal,
): Promise<readonly Point[]> {
  return mostMoving((await askSeries(query, window, endpoint, abort)).series);
}

/** null: no value within the last minutes, or several series of which none is meant. */
export async function readLatest(query: string, now: Date, endpoint: Endpoint, abort: AbortSignal): Promise<number | null> {
  const window = { from: new Date(now.getTime() - LOOK_BACK_MS), to: now };
  return latestOf(await askSeries(query, window, endpoint, abort));
}

async function askSeries(query: string, { from, to }: Window, endpoint: Endpoint, signal: AbortSignal): Promise<SeriesAnswer> {
  const params = { query, from: seconds(from), to: seconds(to) };
  const answer = parseAnswer(QueryAnswer, await askJson(endpoint, { path: "/api/v1/query", params, signal }), who(endpoint));
  if (answer.status === "error") throw failed(answer.error ?? "no reason given", endpoint);
  const series = answer.series.slice(0, MAX_SERIES).map(({ metric, expression, scope, pointlist, interval }) => ({
    key: JSON.stringify([expression ?? metric ?? "", scope ?? ""]),
    points: readPoints(pointlist, to.getTime() - (interval ?? 0) * 1_000),
  }));
  return { series, count: answer.series.length, missing: null };
}

/** Without gaps, and without the last interval while it still fills: a count of half a minute looks like a fall. */
function readPoints(points: readonly (readonly [number, number | null])[], lastBegin: number): readonly Point[] {
  return points.flatMap(([at, value]) => (value === null || at > lastBegin ? [] : [{ at, value }]));
}

function failed(reason: string, endpoint: Endpoint): SourceUnavailableError {
  const why = readForMatching(redact(reason, MAX_REASON));
  return new SourceUnavailableError(`${who(endpoint)} could not run the query (${why}): ${endpoint.advice.refused}.`, false);
}

function seconds(moment: Date): string {
  return String(Math.floor(moment.getTime() / 1_000));
}
