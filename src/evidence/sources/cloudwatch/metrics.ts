/**
 * Reviewed metric queries to CloudWatch: a Metrics Insights query (`SELECT …`) or an expression of metric math, such as `SEARCH(…)`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
import type { GetMetricDataCommandOutput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { SignalQuery } from "../../../config/config.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding, SourceRequest, Window } from "../../../ports.js";
import type { Point } from "../../../signals/metric-change.js";
import { SourceUnavailableError } from "../../unavailable.js";
import { askDays, latestOf, LOOK_BACK_MS, MAX_SERIES, mostMoving, observeMetric, type SeriesAnswer } from "../metric-findings.js";
import type { Clients } from "./clients.js";

/** Metrics are kept by the minute for fifteen days: enough for the seven days before, too. */
const LEAST_PERIOD_MS = 60_000;
/** Points of one series that show any change well enough. */
const MAX_POINTS = 1_440;
/** Periods that make the reading of an earlier day. */
const DAY_PERIODS = 5;
const MAX_PAGES = 10;
const MAX_MESSAGE = 120;

export function observeCloudwatchMetric(
  signal: SignalQuery,
  request: SourceRequest,
  clients: Clients,
): Promise<readonly Finding[]> {
  const { logs, signal: abort } = request;
  const periodMs = periodFor(logs);
  const ask = (window: Window): Promise<SeriesAnswer> => askSeries({ query: signal.query, window, periodMs }, clients, abort);
  // Sums depend on the period: the days before are asked with the same one.
  const askUsual = () => askDays({ to: logs.to, widthMs: DAY_PERIODS * periodMs }, ask);
  return observeMetric({ source: "cloudwatch", signal, link: null, ask, askUsual }, request);
}

export async function readSeries(query: string, window: Window, clients: Clients, abort: AbortSignal): Promise<readonly Point[]> {
  return mostMoving((await askSeries({ query, window, periodMs: periodFor(window) }, clients, abort)).series);
}

/** null: no value within the last minutes, or several series of which none is meant. */
export async function readLatest(query: string, now: Date, clients: Clients, abort: AbortSignal): Promise<number | null> {
  const window = { from: new Date(now.getTime() - LOOK_BACK_MS), to: now };
  return latestOf(await askSeries({ query, window, periodMs: LEAST_PERIOD_MS }, clients, abort));
}

/** Whole minutes, so that the window has at most `MAX_POINTS` points. */
export function periodFor({ from, to }: Window): number {
  return LEAST_PERIOD_MS * Math.max(1, Math.ceil((to.getTime() - from.getTime()) / (MAX_POINTS * LEAST_PERIOD_MS)));
}

interface SeriesQuestion {
  readonly query: string;
  readonly window: Window;
  readonly periodMs: number;
}

async function askSeries(
  { query, window, periodMs }: SeriesQuestion,
  clients: Clients,
  abort: AbortSignal,
): Promise<SeriesAnswer> {
  // Whole periods alone: a sum of half a minute looks like a fall.
  const [start, end] = [window.from, window.to].map((at) => Math.floor(at.getTime() / periodMs) * periodMs);
  const input = {
    MetricDataQueries: [{ Id: "q", Expression: query, Period: periodMs / 1_000, ReturnData: true }],
    StartTime: new Date(start ?? 0),
    EndTime: new Date(end ?? 0),
    ScanBy: "TimestampAscending" as const,
  };
  const collected = createCollection();
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: GetMetricDataCommandOutput = await clients.metricData({ ...input, NextToken: token }, abort);
    collected.add(answer);
    token = answer.NextToken;
    if (token === undefined) break;
  }
  return toAnswer(collected, token === undefined, clients.who);
}

interface Collected {
  points: Point[];
  status: string; // of the latest page it is on
}
interface Collection {
  add(answer: GetMetricDataCommandOutput): void;
  readonly series: ReadonlyMap<string, Collected>;
  readonly messages: readonly string[];
}

/** A series may go on over several pages, under the same label. */
function createCollection(): Collection {
  const series = new Map<string, Collected>();
  const messages: string[] = [];
  const add = ({ MetricDataResults = [], Messages = [] }: GetMetricDataCommandOutput): void => {
    const seen = new Map<string, number>(); // labels need not differ
    for (const result of MetricDataResults) {
      const label = result.Label ?? result.Id ?? "";
      const number = seen.get(label) ?? 0;
      seen.set(label, number + 1);
      const key = number === 0 ? label : `${label} #${number + 1}`;
      const earlier = series.get(key)?.points ?? [];
      series.set(key, { points: [...earlier, ...readPoints(result)], status: result.StatusCode ?? "Complete" });
      messages.push(...(result.Messages ?? []).flatMap(describeMessage));
    }
    messages.push(...Messages.flatMap(describeMessage));
  };
  return { add, series, messages };
}

function readPoints({ Timestamps = [], Values = [] }: MetricDataResult): readonly Point[] {
  return Timestamps.flatMap((at, index) => {
    const value = Values[index];
    return value === undefined || !Number.isFinite(value) ? [] : [{ at: at.getTime(), value }];
  });
}

function describeMessage({ Code, Value }: { readonly Code?: string | undefined; readonly Value?: string | undefined }): string[] {
  const text = Value ?? Code;
  return text === undefined ? [] : [readForMatching(redact(text, MAX_MESSAGE))];
}

const STATUS_MEANS: Readonly<Record<string, string>> = {
  PartialData: "not all points came",
  InternalError: "an error inside CloudWatch",
  Forbidden: "some metrics are forbidden",
};

/** @throws {SourceUnavailableError} when an error inside CloudWatch left nothing at all */
function toAnswer({ series, messages }: Collection, isWhole: boolean, who: string): SeriesAnswer {
  const all = [...series].map(([key, { points }]) => ({ key, points: points.toSorted((a, b) => a.at - b.at) }));
  const [bad] = [...series.values()].flatMap(({ status }) => STATUS_MEANS[status] ?? []);
  const gap = bad ?? (isWhole ? messages[0] : `only the first ${MAX_PAGES} pages were read`);
  if (bad !== undefined && all.every(({ points }) => points.length === 0))
    throw new SourceUnavailableError(`${who} answered with nothing: ${bad}.`, true);
  return {
    series: all.slice(0, MAX_SERIES),
    count: all.length,
    missing: gap === undefined ? null : `${who} answered in part: ${gap}.`,
  };
}
