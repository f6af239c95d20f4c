import { isRateLimit, wasNeverSent, type Failure } from "./failure.js";

/** Most seconds a job waits for a rate limit; beyond it fails and says until when. */
export const LONGEST_LIMIT_WAIT_S = 60;
const MOST_RETRIES = 3;
const MOST_LIMIT_WAITS = 2;

export interface Attempts {
  readonly faults: number; // 5xx and network failures so far
  readonly limits: number; // rate limits waited for so far
}
export interface RetryRules {
  /** The same request twice does the same as once. */
  readonly repeatable: boolean;
  readonly now: Date;
  readonly backoffMs: number;
}
export type RetryDecision =
  | { readonly kind: "again"; readonly inMs: number; readonly because: "fault" | "limit" }
  | { readonly kind: "give-up" };

/** Only what can heal is tried again: faults of GitHub or the network where a repetition is safe, and short rate limits. */
export function decideRetry(failure: Failure, attempts: Attempts, rules: RetryRules): RetryDecision {
  if (isRateLimit(failure)) {
    const seconds = limitSeconds(failure, rules.now);
    if (seconds > LONGEST_LIMIT_WAIT_S || attempts.limits >= MOST_LIMIT_WAITS) return { kind: "give-up" };
    return { kind: "again", inMs: seconds * 1000, because: "limit" };
  }
  const isFault = failure.status === null || failure.status >= 500;
  const isSafe = rules.repeatable || wasNeverSent(failure);
  if (!isFault || !isSafe || attempts.faults >= MOST_RETRIES) return { kind: "give-up" };
  return { kind: "again", inMs: rules.backoffMs * 2 ** attempts.faults, because: "fault" };
}

/** Seconds until GitHub wants to be asked again: `retry-after`, then `x-ratelimit-reset`, else the minute its docs advise. */
export function limitSeconds(failure: Failure, now: Date): number {
  const retryAfter = wholeNumber(failure.headers["retry-after"]);
  if (retryAfter !== null) return retryAfter;
  const reset = wholeNumber(failure.headers["x-ratelimit-reset"]);
  if (reset !== null && failure.headers["x-ratelimit-remaining"] === "0")
    return Math.max(1, Math.ceil(reset - now.getTime() / 1000) + 1);
  return 60;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
