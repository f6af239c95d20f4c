/** Reviewed log queries to Datadog: lines become templates, as with the other sources of logs. */
import type { z } from "zod";
import type { SignalQuery } from "../../../config/config.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding, SourceRequest } from "../../../ports.js";
import type { LogLine } from "../../../signals/log-templates.js";
import { askJson, who, type Endpoint } from "../../ask.js";
import { observeLines, toLine, type LinesAnswer } from "../log-findings.js";
import { parseAnswer } from "../../parse-answer.js";
import { LogsAnswer } from "./wire.js";

/** At most 1,000 events a page; an event holds more than its message, and answers are read up to a limit. */
const PAGE = 250;
/** Pages may come half full; a cursor may also go on for ever. */
const MAX_PAGES = 12;

export function observeDatadogLogs(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
  limit: number,
): Promise<readonly Finding[]> {
  const ask = (start: number, end: number): Promise<LinesAnswer> =>
    askLines({ query: signal.query, start, end, limit }, endpoint, request.signal);
  return observeLines({ source: "datadog", who: who(endpoint), signal, ask }, request);
}

interface Question {
  readonly query: string;
  readonly start: number; // inclusive, ms
  readonly end: number; // exclusive, ms
  readonly limit: number;
}

/** Page after page, newest first, until there is no cursor or there are enough. */
async function askLines({ query, start, end, limit }: Question, endpoint: Endpoint, signal: AbortSignal): Promise<LinesAnswer> {
  const lines: LogLine[] = [];
  let missing: string | null = null;
  let cursor: string | null = null;
  for (let read = 0, page = 0; read < limit && page < MAX_PAGES; page += 1) {
    const body = {
      filter: { query, from: new Date(start).toISOString(), to: new Date(end).toISOString() },
      sort: "-timestamp",
      page: { limit: Math.min(PAGE, limit - read), ...(cursor === null ? {} : { cursor }) },
    };
    const answer = await askJson(endpoint, { path: "/api/v2/logs/events/search", body, signal });
    const told: z.infer<typeof LogsAnswer> = parseAnswer(LogsAnswer, answer, who(endpoint));
    lines.push(...readLines(told).filter(({ at }) => at >= start && at < end));
    missing ??= gapOf(told);
    const count = (told.data ?? []).length;
    read += count;
    cursor = count === 0 ? null : (told.meta?.page?.after ?? null);
    if (cursor === null) break;
  }
  return { lines, isCut: cursor !== null, missing };
}

function gapOf({ meta }: z.infer<typeof LogsAnswer>): string | null {
  if (meta?.status === "timeout") return "it ran out of its own time";
  const [warning] = meta?.warnings ?? [];
  if (warning === undefined) return null;
  return `it warned of ${readForMatching(redact(warning.title ?? warning.code ?? "something", 120))}`;
}

/** An event without a text or a time is no line. */
function readLines({ data }: z.infer<typeof LogsAnswer>): readonly LogLine[] {
  return (data ?? []).flatMap(({ attributes: { timestamp, message } }) =>
    timestamp === undefined || message === undefined ? [] : [toLine(Date.parse(timestamp), message)],
  );
}
