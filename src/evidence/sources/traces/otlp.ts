/** Traces as OTLP JSON: what Tempo answers for a trace by id, under any of the names its versions use. Lenient about extra fields. */
import { z } from "zod";
import type { Span, Trace } from "../../../signals/trace-path.js";

/** Numbers of 64 bits are text in protobuf's JSON. */
const Nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]);
const Value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const Attributes = z.array(z.object({ key: z.string(), value: Value.nullish() })).nullish();
const OtlpSpan = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullish(),
  name: z.string().default(""),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  events: z.array(z.object({ name: z.string().nullish(), attributes: Attributes })).nullish(),
  status: z.object({ code: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() }).nullish(),
});
const Scope = z.object({ spans: z.array(OtlpSpan).nullish() });
const Batch = z.object({
  resource: z.object({ attributes: Attributes }).nullish(),
  scopeSpans: z.array(Scope).nullish(),
  instrumentationLibrarySpans: z.array(Scope).nullish(), // before OTLP 0.15
});

export const OtlpTrace = z
  .object({ batches: z.array(Batch).optional(), resourceSpans: z.array(Batch).optional() })
  .refine(({ batches, resourceSpans }) => (batches ?? resourceSpans) !== undefined, { path: ["batches"] })
  .transform(({ batches, resourceSpans }) => batches ?? resourceSpans ?? []);

export function readOtlpTrace(id: string, batches: z.infer<typeof OtlpTrace>): Trace {
  const spans = batches.flatMap(({ resource, scopeSpans, instrumentationLibrarySpans }) => {
    const service = valueOf(resource?.attributes, "service.name") ?? "unknown";
    return (scopeSpans ?? instrumentationLibrarySpans ?? []).flatMap((scope) =>
      (scope.spans ?? []).map((span) => readSpan(span, service)),
    );
  });
  return { id, spans };
}

function readSpan(span: z.infer<typeof OtlpSpan>, service: string): Span {
  const [startedAt, endedAt] = [milliseconds(span.startTimeUnixNano), milliseconds(span.endTimeUnixNano)];
  const http = Number(valueOf(span.attributes, "http.response.status_code") ?? valueOf(span.attributes, "http.status_code") ?? 0);
  const isServerError = http >= 500 && http < 600;
  const { code = null, message = null } = span.status ?? {};
  const isError = code === 2 || code === "STATUS_CODE_ERROR" || isServerError;
  return {
    id: span.spanId,
    parentId: span.parentSpanId || null, // empty in a root
    service,
    operation: span.name,
    startedAt,
    durationMs: Math.max(0, endedAt - startedAt),
    isError,
    message: isError ? (exceptionIn(span) ?? (message || (isServerError ? `HTTP ${http}` : null))) : null,
  };
}

function exceptionIn({ events }: z.infer<typeof OtlpSpan>): string | null {
  const exceptions = (events ?? []).filter(({ name }) => name === "exception");
  const read = (key: string): string | null => exceptions.map(({ attributes }) => valueOf(attributes, key)).find(Boolean) ?? null;
  return read("exception.message") ?? read("exception.type");
}

/** Microseconds are kept: nanoseconds of an epoch do not fit a number. */
function milliseconds(nanoseconds: z.infer<typeof Nanoseconds>): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}

function valueOf(attributes: z.infer<typeof Attributes>, key: string): string | null {
  const value = attributes?.find((attribute) => attribute.key === key)?.value;
  const plain = value?.stringValue ?? value?.intValue ?? value?.doubleValue ?? value?.boolValue;
  return plain === undefined || plain === "" ? null : String(plain);
}
