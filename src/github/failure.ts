/** A failed request as plain facts, whatever Octokit or fetch threw. */
import { z } from "zod";

export interface Failure {
  readonly status: number | null; // null: no answer arrived
  readonly message: string; // GitHub's words or the network's
  readonly headers: Readonly<Record<string, string>>; // names in lower case; empty without an answer
  readonly code: string | null; // of the network: "ECONNREFUSED" …
}

const Thrown = z.looseObject({
  status: z.number(),
  message: z.string(),
  response: z.looseObject({ headers: z.record(z.string(), z.unknown()) }).optional(),
  cause: z.unknown().optional(),
});
const Cause: z.ZodType<{ code?: string | undefined; name?: string | undefined; cause?: unknown }> = z.looseObject({
  code: z.string().optional(),
  name: z.string().optional(),
  cause: z.unknown().optional(),
});

/** @returns null when this is no failed request but a fault of ours. */
export function readFailure(error: unknown): Failure | null {
  const thrown = Thrown.safeParse(error);
  if (!thrown.success) return null;
  const { status, message, response, cause } = thrown.data;
  if (!response) return { status: null, message: firstLine(message), headers: {}, code: networkCode(cause) };
  return { status, message: firstLine(message), headers: readHeaders(response.headers), code: null };
}

/** Nothing was sent, so a repetition cannot double anything. */
export function wasNeverSent(failure: Failure): boolean {
  return failure.code !== null && ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(failure.code);
}

export function isRateLimit(failure: Failure): boolean {
  if (failure.status === 429) return true;
  if (failure.status !== 403) return false;
  return (
    "retry-after" in failure.headers || failure.headers["x-ratelimit-remaining"] === "0" || /rate limit/i.test(failure.message)
  );
}

function readHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(headers).filter((entry): entry is [string, string | number] =>
    ["string", "number"].includes(typeof entry[1]),
  );
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function networkCode(cause: unknown, depth = 0): string | null {
  const known = Cause.safeParse(cause);
  if (!known.success || depth > 3) return null;
  if (known.data.code !== undefined) return known.data.code;
  return networkCode(known.data.cause, depth + 1) ?? (known.data.name === "TimeoutError" ? "TIMEOUT" : null);
}

function firstLine(text: string): string {
  return (text.split(/\r?\n/)[0] ?? "").slice(0, 300);
}
