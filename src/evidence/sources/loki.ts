/** Reviewed Loki queries of a service: lines become templates, and what is new since the onset is said. */
import { z } from "zod";
import type { SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest } from "../../ports.js";
import type { LogLine } from "../../signals/log-templates.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import { httpSource } from "../http-source.js";
import type { TimedSource } from "../timed-source.js";
import { collectAnswers } from "../unavailable.js";
import { observeLines, toLine, type LinesAnswer } from "./log-findings.js";
import { parseAnswer } from "../parse-answer.js";

export interface LokiOptions extends HttpOptions {
  /** Lines asked for in each half of the window, newest first. Default 1,000; Loki's own limit is 5,000 unless raised. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 1_000;

/** Streams of [nanoseconds as text, line]; a third element holds structured metadata. @see https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
const StreamsAnswer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("streams"),
    result: z.array(z.object({ values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())) })),
  }),
});

/** One finding for each kind of line, strongest first. */
export function createLokiSource(options: LokiOptions): TimedSource {
  const { limit = DEFAULT_LIMIT } = options;
  const endpoint = endpointOf("loki", options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const signals = [...request.service.signals.values()].filter(({ source }) => source === "loki");
    return collectAnswers(await Promise.allSettled(signals.map((signal) => observeSignal(signal, request, endpoint, limit))));
  };
  return httpSource(endpoint, options, observe);
}

function observeSignal(
  signal: SignalQuery,
  request: SourceRequest,
  endpoint: Endpoint,
  limit: number,
): Promise<readonly Finding[]> {
  const ask = async (start: number, end: number): Promise<LinesAnswer> => {
    const lines = await askLines({ signal, start, end, limit }, request, endpoint);
    return { lines, isCut: lines.length >= limit, missing: null };
  };
  return observeLines({ source: "loki", who: who(endpoint), signal, ask }, request);
}

interface LineQuestion {
  readonly signal: SignalQuery;
  readonly start: number; // inclusive, ms
  readonly end: number; // exclusive, ms
  readonly limit: number;
}

async function askLines(question: LineQuestion, request: SourceRequest, endpoint: Endpoint): Promise<readonly LogLine[]> {
  const { signal, start, end, limit } = question;
  const answer = await askJson(endpoint, {
    path: "/loki/api/v1/query_range",
    params: {
      query: signal.query,
      start: nanoseconds(start),
      end: nanoseconds(end),
      limit: String(limit),
      direction: "backward",
    },
    signal: request.signal,
  });
  const { result } = parseAnswer(StreamsAnswer, answer, who(endpoint)).data;
  return result
    .flatMap(({ values }) => values)
    .slice(0, limit)
    .map(([time, line]) => toLine(Number(BigInt(time) / 1_000_000n), line));
}

function nanoseconds(ms: number): string {
  return `${BigInt(ms) * 1_000_000n}`;
}
