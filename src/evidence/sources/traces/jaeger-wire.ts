/** What Jaeger's query service answers under `/api/traces`, the API of its own pages. Lenient about extra fields. */
import { z } from "zod";
import type { Span, Trace } from "../../../signals/trace-path.js";

const Tag = z.object({ key: z.string(), value: z.unknown() });
const JaegerSpan = z.object({
  spanID: z.string(),
  operationName: z.string(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })).nullish(),
  startTime: z.number(), // µs
  duration: z.number().nonnegative(), // µs
  tags: z.array(Tag).nullish(),
  logs: z.array(z.object({ fields: z.array(Tag).nullish() })).nullish(),
  processID: z.string().optional(),
  process: z.object({ serviceName: z.string() }).nullish(),
});
const JaegerTrace = z.object({
  traceID: z.string(),
  spans: z.array(JaegerSpan),
  processes: z.record(z.string(), z.object({ serviceName: z.string() })).nullish(),
});
export const JaegerAnswer = z.object({
  data: z.array(JaegerTrace).nullable(),
  errors: z.array(z.object({ msg: z.string() })).nullish(),
});

type Tags = readonly z.infer<typeof Tag>[];

export function readJaegerTrace({ traceID, spans, processes }: z.infer<typeof JaegerTrace>): Trace {
  return {
    id: traceID,
    spans: spans.map((span) => readSpan(span, processes?.[span.processID ?? ""]?.serviceName ?? span.process?.serviceName)),
  };
}

function readSpan(span: z.infer<typeof JaegerSpan>, service = "unknown"): Span {
  const tags = span.tags ?? [];
  const references = span.references ?? [];
  const parent = references.find(({ refType }) => refType === "CHILD_OF") ?? references[0];
  const failure = describeFailure(tags);
  return {
    id: span.spanID,
    parentId: parent?.spanID ?? null,
    service,
    operation: span.operationName,
    startedAt: span.startTime / 1_000,
    durationMs: span.duration / 1_000,
    isError: failure !== null,
    message: failure === null ? null : (saidIn((span.logs ?? []).map(({ fields }) => fields ?? [])) ?? failure.message),
  };
}

/** OpenTracing's `error`, OpenTelemetry's status, or an HTTP answer of the 5xx kind. */
function describeFailure(tags: Tags): { readonly message: string | null } | null {
  const status = Number(valueOf(tags, "http.status_code") ?? valueOf(tags, "http.response.status_code") ?? 0);
  const isServerError = status >= 500 && status < 600;
  const isError = valueOf(tags, "error") === "true" || valueOf(tags, "otel.status_code") === "ERROR" || isServerError;
  if (!isError) return null;
  return { message: valueOf(tags, "otel.status_description") ?? (isServerError ? `HTTP ${status}` : null) };
}

const SAYING = ["exception.message", "error.object", "message", "exception.type", "error.kind"] as const;

/** An exception's message comes before its type, whichever log holds it. */
function saidIn(logs: readonly Tags[]): string | null {
  const failing = logs.filter((fields) => {
    const event = valueOf(fields, "event");
    return event === "error" || event === "exception" || fields.some(({ key }) => key.startsWith("exception."));
  });
  const found = SAYING.flatMap((key) => failing.map((fields) => valueOf(fields, key))).find((text) => text !== null);
  return found ?? null;
}

function valueOf(tags: Tags, key: string): string | null {
  const value = tags.find((tag) => tag.key === key)?.value;
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain && value !== "" ? String(value) : null;
}
