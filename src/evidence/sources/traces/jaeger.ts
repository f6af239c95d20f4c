/** Traces of a service from Jaeger: where requests failed first, and what became slow. Three requests. */
import type { Finding, SourceRequest, Window } from "../../../ports.js";
import type { Trace } from "../../../signals/trace-path.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../../ask.js";
import { httpSource } from "../../http-source.js";
import { plural } from "../../phrases.js";
import type { TimedSource } from "../../timed-source.js";
import { PartialAnswerError } from "../../unavailable.js";
import { parseAnswer } from "../../parse-answer.js";
import { describeTraces } from "./findings.js";
import { JaegerAnswer, readJaegerTrace } from "./jaeger-wire.js";
import { keepUnless, settle } from "./settle.js";
import { isEmpty, splitWindow } from "./window.js";

export interface JaegerOptions extends HttpOptions {
  /** Traces in each answer. Default 100; whole traces come back, so more of them soon exceed what is read. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 100;
const TRACE_ID = /^[0-9a-f]{1,32}$/i;

export function createJaegerSource(options: JaegerOptions): TimedSource {
  const endpoint = endpointOf("jaeger", options);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const { before, since } = splitWindow(request);
    const ask = (window: Window, tags: string | null): Promise<Traces> => search({ window, tags, limit }, request, endpoint);
    const nothing: Traces = { traces: [], unread: 0 };
    const { answers, failure } = await settle(
      [isEmpty(before) ? Promise.resolve(nothing) : ask(before, null), ask(since, null), ask(since, '{"error":"true"}')],
      nothing,
    );
    const [old = nothing, recent = nothing, failing = nothing] = answers;
    const findings = describeTraces(
      {
        before: old.traces,
        since: recent.traces,
        failing: failing.traces,
        isCut: failing.traces.length >= limit,
        isBeforeCut: old.traces.length >= limit,
      },
      { source: "jaeger", request, linkTo: (id) => pageOf(id, endpoint) },
    );
    const unread = old.unread + recent.unread + failing.unread;
    if (unread === 0) return keepUnless(failure, "One of its searches failed", findings);
    throw new PartialAnswerError(
      `${who(endpoint)} could not read ${plural(unread, "trace")}: check its storage.`,
      findings,
      false,
    );
  };
  return httpSource(endpoint, options, observe);
}

interface Search {
  readonly window: Window;
  readonly tags: string | null; // JSON
  readonly limit: number;
}
interface Traces {
  readonly traces: readonly Trace[];
  readonly unread: number;
}

async function search({ window, tags, limit }: Search, { service, signal }: SourceRequest, endpoint: Endpoint): Promise<Traces> {
  const params = {
    service: service.traceService ?? service.name,
    start: microseconds(window.from),
    end: microseconds(window.to),
    limit: String(limit),
    ...(tags === null ? {} : { tags }),
  };
  const answer = await askJson(endpoint, { path: "/api/traces", params, signal });
  const { data, errors } = parseAnswer(JaegerAnswer, answer, who(endpoint));
  return { traces: (data ?? []).slice(0, limit).map(readJaegerTrace), unread: errors?.length ?? 0 };
}

function microseconds(moment: Date): string {
  return `${moment.getTime()}000`;
}

function pageOf(id: string, { url }: Endpoint): string | null {
  return TRACE_ID.test(id) ? `${url.replace(/\/+$/, "")}/trace/${id}` : null;
}
