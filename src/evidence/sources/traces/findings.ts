/** What traces before and since the onset say about a service, as observations. Pure. */
import { MAX_SUMMARY } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding, SourceRequest } from "../../../ports.js";
import type { TellingSpan } from "../../../signals/change-rank/symptoms.js";
import { clamp } from "../../../signals/robust.js";
import { findFailure, findSlowOperations, type Failure, type SlowOperation, type Trace } from "../../../signals/trace-path.js";
import { clockTime, duration, plural } from "../../phrases.js";

export interface SeenTraces {
  readonly before: readonly Trace[];
  readonly since: readonly Trace[];
  /** Asked for by failure since the onset; those of `since` that failed, too, are added. */
  readonly failing: readonly Trace[];
  /** There were more of these than the limit; or of those before. */
  readonly isCut: boolean;
  readonly isBeforeCut: boolean;
}
export interface TracesContext {
  readonly source: string;
  readonly request: SourceRequest;
  /** The page of one trace; null where the source has none. */
  readonly linkTo: (traceId: string) => string | null;
}

const MOST_FAILURES = 6;
const MOST_SLOW = 4;
const MOST_SERVICES = 6; // of a path
const MAX_MESSAGE = 160;
const SERVICE_NAME = /^[\w.:@/-]{1,100}$/;

/** The first failing operations along the path, most frequent first, and operations that became slow; the first carries all spans. */
export function describeTraces(seen: SeenTraces, context: TracesContext): readonly Finding[] {
  const failing = [...new Map([...seen.since, ...seen.failing].map((trace) => [trace.id, trace])).values()].filter(hasFailed);
  const failures = groupFailures(failing);
  const earlier = new Set(groupFailures(seen.before).map(({ key }) => key));
  const findings = [
    ...failures
      .slice(0, MOST_FAILURES)
      .map((group) =>
        failureFinding({ ...group, isNew: !earlier.has(group.key), share: group.count / failing.length }, seen, context),
      ),
    ...findSlowOperations(seen.before, seen.since)
      .slice(0, MOST_SLOW)
      .map((slow) => slowFinding(slow, context)),
  ];
  const spans = [...seen.before, ...seen.since, ...failing].flatMap((trace) => tellingSpans(trace, context.request));
  const single = [...new Map(spans.map((span) => [`${span.trace}/${span.id}`, span])).values()];
  return findings.map((finding, index) => ({ ...finding, material: { spans: index === 0 ? single : [] } }));
}

function tellingSpans({ id: trace, spans }: Trace, request: SourceRequest): readonly TellingSpan[] {
  return spans.map(({ id, parentId, service, operation, startedAt, durationMs, isError, message }) => ({
    trace,
    id,
    parent: parentId,
    service: subjectOf(service, request),
    operation,
    startMs: startedAt,
    endMs: startedAt + durationMs,
    failed: isError,
    text: message === null ? "" : clean(message),
  }));
}

function hasFailed({ spans }: Trace): boolean {
  return spans.some(({ isError }) => isError);
}

interface FailureGroup {
  readonly key: string;
  readonly first: Failure;
  readonly traceId: string;
  readonly count: number;
}

function groupFailures(traces: readonly Trace[]): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const trace of traces) {
    const failure = findFailure(trace);
    if (failure === null) continue;
    const key = JSON.stringify([failure.origin.service, failure.origin.operation]);
    const group = groups.get(key);
    const isEarlier = group === undefined || failure.origin.startedAt < group.first.origin.startedAt;
    groups.set(key, {
      key,
      first: isEarlier ? failure : group.first,
      traceId: isEarlier ? trace.id : group.traceId,
      count: (group?.count ?? 0) + 1,
    });
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || a.first.origin.startedAt - b.first.origin.startedAt);
}

function failureFinding(
  group: FailureGroup & { readonly isNew: boolean; readonly share: number },
  { isCut, isBeforeCut, before }: SeenTraces,
  { source, request, linkTo }: TracesContext,
): Finding {
  const { origin, path } = group.first;
  const isNews = isBeforeCut ? `in none of ${plural(before.length, "trace")} from before the onset, ` : "new since the onset, ";
  const news = before.length > 0 ? (group.isNew ? isNews : "also before the onset, ") : "";
  const along = path.length < 2 ? "" : `, along ${shortenPath(path).join(" → ")}`;
  const what = origin.message === null ? "" : `: ${clean(origin.message)}`;
  const count = `${isCut ? "at least " : ""}${plural(group.count, "trace")}`;
  return {
    source,
    subject: subjectOf(origin.service, request),
    at: new Date(origin.startedAt),
    summary: redact(
      `${news}${count} failed first in ${origin.service} at ${origin.operation}${what}${along}, from ${clockTime(origin.startedAt)} UTC`,
      MAX_SUMMARY,
    ),
    detail: { kind: "trace" },
    score: clamp((group.isNew ? 0.45 : 0.15) + 0.45 * group.share, 0, 1),
    query: "failing-traces",
    link: linkTo(group.traceId),
  };
}

function slowFinding(slow: SlowOperation, { source, request }: TracesContext): Finding {
  const { service, operation, beforeMs, sinceMs, spans, firstAt } = slow;
  return {
    source,
    subject: subjectOf(service, request),
    at: new Date(Math.max(firstAt, request.onset.getTime())),
    summary: redact(
      `${service} itself takes ${duration(sinceMs)} for ${operation} since the onset, ${duration(beforeMs)} before (median of ${plural(spans, "span")})`,
      MAX_SUMMARY,
    ),
    detail: { kind: "trace" },
    score: clamp(0.3 + 0.5 * (1 - beforeMs / sinceMs), 0, 1),
    query: "slow-spans",
    link: null,
  };
}

/** The service's own name where traces call it otherwise; a name of an unusual shape is not taken over as it is. */
function subjectOf(name: string, { service }: SourceRequest): string {
  if (name === service.traceService) return service.name;
  return SERVICE_NAME.test(name) ? name : service.name;
}

function shortenPath(path: readonly string[]): readonly string[] {
  return path.length <= MOST_SERVICES ? path : [...path.slice(0, 2), "…", ...path.slice(2 - MOST_SERVICES)];
}

function clean(message: string): string {
  return readForMatching(redact(message, MAX_MESSAGE)).replace(/\s+/g, " ").trim();
}
