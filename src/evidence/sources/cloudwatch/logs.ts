/**
 * Reviewed filters for CloudWatch Logs Insights: a query is started, asked for until it ends, and stopped when time is up.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { GetQueryResultsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import type { SignalQuery } from "../../../config/config.js";
import type { Finding, SourceRequest } from "../../../ports.js";
import type { LogLine } from "../../../signals/log-templates.js";
import { SourceUnavailableError } from "../../unavailable.js";
import { observeLines, toLine, type LinesAnswer } from "../log-findings.js";
import type { Clients } from "./clients.js";

export interface LogsOptions {
  readonly limit: number; // lines of each half of the window; Logs Insights gives at most 10,000
  readonly pollMs: number; // the first pause; later ones are longer
}

const LONGEST_POLL_MS = 1_000;
const STOP_WITHIN_MS = 400; // less than the grace of a source whose time is up
const MAX_PAGES = 12;
const RUNNING = new Set(["Scheduled", "Running", "Unknown"]);

export function observeCloudwatchLogs(
  signal: SignalQuery,
  request: SourceRequest,
  clients: Clients,
  options: LogsOptions,
): Promise<readonly Finding[]> {
  const ask = (start: number, end: number): Promise<LinesAnswer> =>
    askLines({ signal, start, end, ...options }, clients, request.signal);
  return observeLines({ source: "cloudwatch", who: clients.who, signal, ask }, request);
}

interface Question extends LogsOptions {
  readonly signal: SignalQuery;
  readonly start: number; // inclusive, ms
  readonly end: number; // exclusive, ms
}

async function askLines(question: Question, clients: Clients, abort: AbortSignal): Promise<LinesAnswer> {
  const { signal, start, end, limit } = question;
  const queryId = await clients.startQuery(
    {
      logGroupNames: [...(signal.logGroups ?? [])],
      queryString: `fields @timestamp, @message | filter ${signal.query} | sort @timestamp desc | limit ${limit}`,
      startTime: Math.floor(start / 1_000), // whole seconds, both inclusive
      endTime: Math.floor((end - 1) / 1_000),
      limit,
    },
    abort,
  );
  if (queryId === undefined) throw new SourceUnavailableError(`${clients.who} started a query without naming it.`, true);
  const { rows, isCut, status } = await awaitQuery({ queryId, ...question }, clients, abort);
  const lines = rows.flatMap(readLine).filter(({ at }) => at >= start && at < end);
  return { lines, isCut, missing: gapOf(status) };
}

type Row = NonNullable<GetQueryResultsCommandOutput["results"]>[number];
interface Results {
  readonly rows: readonly Row[];
  readonly isCut: boolean; // there are more
  readonly status: string;
}

/** What the query found, or has found so far when time is up. @throws {SourceUnavailableError} when that is nothing */
async function awaitQuery(
  { queryId, limit, pollMs }: Pick<Question, "limit" | "pollMs"> & { readonly queryId: string },
  clients: Clients,
  abort: AbortSignal,
): Promise<Results> {
  let latest: Results = { rows: [], isCut: false, status: "Scheduled" };
  try {
    for (let pauseMs = pollMs; RUNNING.has(latest.status); pauseMs = Math.min(2 * pauseMs, LONGEST_POLL_MS)) {
      await sleep(pauseMs, undefined, { signal: abort });
      latest = await readResults(queryId, limit, clients, abort);
    }
    return latest;
  } catch (error) {
    if (abort.aborted && latest.rows.length > 0) return latest;
    if (abort.aborted) throw new SourceUnavailableError(`${clients.who} did not end its query of logs in time.`, false);
    throw error;
  } finally {
    // It would run on, and cost, for up to an hour. A query that cannot be stopped changes nothing about what was found.
    if (RUNNING.has(latest.status)) await clients.stopQuery(queryId, AbortSignal.timeout(STOP_WITHIN_MS)).catch(() => undefined);
  }
}

/** Page after page, as far as lines are wanted. */
async function readResults(queryId: string, limit: number, clients: Clients, abort: AbortSignal): Promise<Results> {
  const rows: Row[] = [];
  let nextToken: string | undefined;
  for (let page = 1; ; page += 1) {
    const answer: GetQueryResultsCommandOutput = await clients.queryResults({ queryId, nextToken }, abort);
    rows.push(...(answer.results ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined || rows.length >= limit || page >= MAX_PAGES)
      return {
        rows: rows.slice(0, limit),
        isCut: nextToken !== undefined || rows.length >= limit,
        status: answer.status ?? "Unknown",
      };
  }
}

function gapOf(status: string): string | null {
  if (status === "Complete") return null;
  return RUNNING.has(status) ? "its query did not end in time" : `its query ended as ${status.slice(0, 20)}`;
}

/** Times are UTC, "2026-11-20 04:40:05.123". A row without a text or a time is no line. */
function readLine(row: Row): readonly LogLine[] {
  const valueOf = (name: string): string | undefined => row.find(({ field }) => field === name)?.value;
  const at = Date.parse(`${valueOf("@timestamp")?.replace(" ", "T") ?? ""}Z`);
  const message = valueOf("@message");
  return message === undefined || Number.isNaN(at) ? [] : [toLine(at, message)];
}
