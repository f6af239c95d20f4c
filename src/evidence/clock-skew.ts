/**
 * How far a source's clock is from the runner's, by the `Date` of its answers. It is said, not corrected: lines and points may
 * carry the time of whoever wrote them, and the alert's own times come from such a clock too.
 */
import { MAX_SUMMARY } from "../incident/facts.js";
import { redact } from "../outside/redact.js";
import type { Finding, SourceRequest } from "../ports.js";
import { duration } from "./phrases.js";

/** Below this, neither the order of events nor a window of minutes suffers. */
const TOLERATED_MS = 30_000;
/** `Date` counts whole seconds. */
const RESOLUTION_MS = 1_000;

export interface ClockWatch {
  /** @param sentAt - and `receivedAt`, ms: the answer was dated somewhere in between */
  note(headers: Pick<Headers, "get">, sentAt: number, receivedAt: number): void;
  /** The largest difference that was seen, ms, positive when the source is ahead; 0 while it is tolerable. */
  skewMs(): number;
}

export function createClockWatch(): ClockWatch {
  let largest = 0;
  return {
    note: (headers, sentAt, receivedAt) => {
      const dated = Date.parse(headers.get("date") ?? "") + 1_000 * Number(headers.get("age") ?? 0); // caches keep the old date
      if (!Number.isFinite(dated)) return;
      const skew = dated > receivedAt ? dated - receivedAt : Math.min(0, dated + RESOLUTION_MS - sentAt);
      if (Math.abs(skew) > Math.max(TOLERATED_MS, Math.abs(largest))) largest = skew;
    },
    skewMs: () => largest,
  };
}

/** A remark about times: strong enough to be kept, no statement about the service. */
const SCORE = 0.15;

/** It says something of the source, nothing of what was asked. */
export function isRemark({ detail, query }: Pick<Finding, "detail" | "query">): boolean {
  return detail.kind === "state" && query === null;
}

/** @param who - "Loki at loki:3100" */
export function describeSkew(skewMs: number, who: string, source: string, request: SourceRequest): readonly Finding[] {
  if (skewMs === 0) return [];
  const side = skewMs > 0 ? "ahead of" : "behind";
  return [
    {
      source,
      subject: request.service.name,
      at: request.logs.to,
      summary: redact(
        `The clock of ${who} is ${duration(Math.abs(skewMs))} ${side} the runner's: times told by it may be off by as much`,
        MAX_SUMMARY,
      ),
      detail: { kind: "state" },
      score: SCORE,
      query: null,
      link: null,
    },
  ];
}
