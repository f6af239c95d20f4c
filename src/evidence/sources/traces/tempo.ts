/** Traces of a service from Tempo: searched by TraceQL, then read by id, because a search does not tell which span failed. */
import pLimit from "p-limit";
import { z } from "zod";
import type { Finding, SourceRequest, Window } from "../../../ports.js";
import type { Trace } from "../../../signals/trace-path.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../../ask.js";
import { httpSource } from "../../http-source.js";
import { plural } from "../../phrases.js";
import type { TimedSource } from "../../timed-source.js";
import { PartialAnswerError } from "../../unavailable.js";
import { parseAnswer } from "../../parse-answer.js";
import { describeTraces } from "./findings.js";
import { OtlpTrace, readOtlpTrace } from "./otlp.js";
import { keepUnless, settle } from "./settle.js";
import { isEmpty, splitWindow } from "./window.js";

export interface TempoOptions extends HttpOptions {
  /** Traces of each of the three searches that are read in full, a request each. Default 15. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 15;
const AT_ONCE = 6;
const TRACE_ID = /^[0-9a-f]{1,32}$/i;

/** @see https://grafana.com/docs/tempo/latest/api_docs/#search */
const SearchAnswer = z.object({ traces: z.array(z.object({ traceID: z.string().regex(TRACE_ID) })).nullish() });

export function createTempoSource(options: TempoOptions): TimedSource {
  const endpoint = endpointOf("tempo", options);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const { before, since } = splitWindow(request);
    const find = (window: Window, more = ""): Promise<readonly string[]> => search({ window, more, limit }, request, endpoint);
    const { answers, failure } = await settle(
      [isEmpty(before) ? Promise.resolve([]) : find(before), find(since), find(since, " && status = error")],
      [],
    );
    const [old = [], recent = [], failing = []] = answers;
    const { traces, failures } = await readAll([...new Set([...failing, ...recent, ...old])], request, endpoint);
    const pick = (ids: readonly string[]): readonly Trace[] => ids.flatMap((id) => traces.get(id) ?? []);
    const findings = describeTraces(
      {
        before: pick(old),
        since: pick(recent),
        failing: pick(failing),
        isCut: failing.length >= limit,
        isBeforeCut: old.length >= limit,
      },
      { source: "tempo", request, linkTo: () => null },
    );
    const [first] = failures;
    if (first === undefined) return keepUnless(failure, "One of its searches failed", findings);
    if (traces.size === 0) throw first;
    const why = first instanceof Error ? first.message : "unknown failure";
    throw new PartialAnswerError(`${plural(failures.length, "trace")} could not be read: ${why}`, findings, false);
  };
  return httpSource(endpoint, options, observe);
}

interface Search {
  readonly window: Window;
  readonly more: string; // TraceQL of ours
  readonly limit: number;
}

async function search(
  { window, more, limit }: Search,
  { service, signal }: SourceRequest,
  endpoint: Endpoint,
): Promise<string[]> {
  const params = {
    q: `{ resource.service.name = ${JSON.stringify(service.traceService ?? service.name)}${more} }`,
    start: String(Math.floor(window.from.getTime() / 1_000)),
    end: String(Math.ceil(window.to.getTime() / 1_000)),
    limit: String(limit),
  };
  const answer = await askJson(endpoint, { path: "/api/search", params, signal });
  const { traces } = parseAnswer(SearchAnswer, answer, who(endpoint));
  return (traces ?? []).slice(0, limit).map(({ traceID }) => traceID);
}

interface Read {
  readonly traces: ReadonlyMap<string, Trace>;
  readonly failures: readonly unknown[];
}

/** A few at a time: the requests share one deadline, and Tempo its readers. When it comes, those that are left fail at once. */
async function readAll(ids: readonly string[], request: SourceRequest, endpoint: Endpoint): Promise<Read> {
  const inTurn = pLimit(AT_ONCE);
  const answers = await Promise.allSettled(ids.map((id) => inTurn(() => readTrace(id, request, endpoint))));
  const read = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  return {
    traces: new Map(read.map((trace) => [trace.id, trace])),
    failures: answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : [])),
  };
}

async function readTrace(id: string, { signal }: SourceRequest, endpoint: Endpoint): Promise<Trace> {
  const answer = await askJson(endpoint, { path: `/api/traces/${id}`, signal });
  return readOtlpTrace(id, parseAnswer(OtlpTrace, answer, who(endpoint)));
}
