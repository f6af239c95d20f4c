/** Reviewed log queries of a service to Elasticsearch or OpenSearch: lines become templates, as with Loki. */
import { z } from "zod";
import type { SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest } from "../../ports.js";
import type { LogLine } from "../../signals/log-templates.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import { httpSource } from "../http-source.js";
import type { TimedSource } from "../timed-source.js";
import { collectAnswers, SourceUnavailableError } from "../unavailable.js";
import { observeLines, toLine, type LinesAnswer } from "./log-findings.js";
import { parseAnswer } from "../parse-answer.js";

export interface ElasticsearchOptions extends HttpOptions {
  readonly index: string;
  readonly timeField: string;
  readonly messageField: string;
  /** Lines read for each half of the window, newest first. Default 1,000. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 1_000;
const PAGE = 500; // lines of stack traces: larger pages come near the largest answer that is read

/** `fields` are always lists; times come as epoch milliseconds, because the search asks for that format. */
const SearchAnswer = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ failed: z.int().nonnegative(), total: z.int().nonnegative() }),
  hits: z.object({
    hits: z.array(
      z.object({
        fields: z.record(z.string(), z.array(z.unknown())).default({}),
        sort: z.array(z.unknown()).min(1),
      }),
    ),
  }),
});

export function createElasticsearchSource(options: ElasticsearchOptions): TimedSource {
  const place = { ...options, limit: options.limit ?? DEFAULT_LIMIT, endpoint: endpointOf("elasticsearch", options) };
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const signals = [...request.service.signals.values()].filter(({ source }) => source === "elasticsearch");
    return collectAnswers(await Promise.allSettled(signals.map((signal) => observeSignal(signal, request, place))));
  };
  return httpSource(place.endpoint, options, observe);
}

interface Place extends Pick<ElasticsearchOptions, "index" | "timeField" | "messageField"> {
  readonly limit: number;
  readonly endpoint: Endpoint;
}

async function observeSignal(signal: SignalQuery, request: SourceRequest, place: Place): Promise<readonly Finding[]> {
  const query = readQuery(signal);
  const ask = (start: number, end: number): Promise<LinesAnswer> =>
    askLines({ query, start, end, signal: request.signal }, place);
  return observeLines({ source: "elasticsearch", who: who(place.endpoint), signal, ask }, request);
}

/**
 * The reviewed query: an object of the query DSL when it begins with a brace, else Lucene's syntax.
 * @throws {SourceUnavailableError} naming the signal, when such an object is not JSON
 */
export function readQuery({ name, query }: SignalQuery): unknown {
  if (!query.trimStart().startsWith("{")) return { query_string: { query } };
  try {
    return JSON.parse(query) as unknown;
  } catch {
    throw new SourceUnavailableError(
      `The query of signal ${name} begins with { but is not JSON: check the service catalogue.`,
      false,
    );
  }
}

interface Question {
  readonly query: unknown;
  readonly start: number; // inclusive, ms
  readonly end: number; // exclusive, ms
  readonly signal: AbortSignal;
}
/** Page after page, newest first, each continuing behind the last line that was kept of the one before. */
async function askLines(question: Question, place: Place): Promise<LinesAnswer> {
  const lines: LogLine[] = [];
  let missing: string | null = null;
  let after: readonly unknown[] | null = null;
  for (let read = 0; ; ) {
    const wanted = place.limit - read;
    const size = Math.min(PAGE, wanted);
    const page: z.infer<typeof SearchAnswer> = await askPage({ ...question, size, after }, place);
    const { hits } = page.hits;
    const isLast = hits.length < size || size === wanted;
    const kept = isLast ? hits : hits.slice(0, countSettled(hits));
    missing ??= gapOf(page);
    lines.push(...kept.flatMap(({ fields }) => readLine(fields, place)));
    read += kept.length;
    after = kept.at(-1)?.sort ?? null;
    if (isLast || after === null) return { lines, isCut: read >= place.limit, missing };
  }
}

/**
 * How many hits of a full page have all of their equals on it. Lines of the moment at its edge may lie on the next page too, in any
 * order, since `_doc` counts within a shard alone: they are left to the next page, which then begins with them. A moment that fills
 * a whole page is told apart by `_doc`.
 */
function countSettled(hits: readonly { readonly sort: readonly unknown[] }[]): number {
  const last = hits.at(-1)?.sort ?? [];
  for (const keys of [1, last.length]) {
    const first = hits.findIndex(({ sort }) => sort.slice(0, keys).every((value, index) => value === last[index]));
    if (first > 0) return first;
  }
  return hits.length;
}

/** Sorted by whole milliseconds, because nanoseconds do not fit a number of JSON; always by the same copies, whose `_doc` it is. */
async function askPage(
  { query, start, end, signal, size, after }: Question & { readonly size: number; readonly after: readonly unknown[] | null },
  { endpoint, index, timeField, messageField }: Place,
): Promise<z.infer<typeof SearchAnswer>> {
  const range = { [timeField]: { gte: start, lt: end, format: "epoch_millis" } };
  const body = {
    size,
    track_total_hits: false,
    _source: false,
    fields: [{ field: timeField, format: "epoch_millis" }, messageField],
    query: { bool: { filter: [{ range }, query] } },
    sort: [{ [timeField]: { order: "desc", numeric_type: "date", unmapped_type: "date" } }, "_doc"],
    ...(after === null ? {} : { search_after: after }),
  };
  const answer = await askJson(endpoint, {
    path: `/${encodeURIComponent(index)}/_search`,
    params: { ignore_unavailable: "true", preference: "gatehouse" },
    body,
    signal,
  });
  return parseAnswer(SearchAnswer, answer, who(endpoint));
}

function gapOf({ timed_out, _shards }: z.infer<typeof SearchAnswer>): string | null {
  if (_shards.failed > 0) return `${_shards.failed} of ${_shards.total} shards failed`;
  return timed_out ? "it ran out of its own time" : null;
}

/** A line without a text or a time is no line: an index of another kind behind the same pattern. */
function readLine(fields: Readonly<Record<string, readonly unknown[]>>, { timeField, messageField }: Place): readonly LogLine[] {
  const [time] = fields[timeField] ?? [];
  const [message] = fields[messageField] ?? [];
  const at = Math.floor(Number(time ?? Number.NaN)); // fractions where the field keeps nanoseconds
  if (typeof message !== "string" || !Number.isFinite(at)) return [];
  return [toLine(at, message)];
}
