import { type Caller, HttpError, type Limit } from "../site.js";
import type { LabClock } from "../../model.js";

const hourMs = 3_600_000;
const minuteMs = 60_000;
const userLimit = 5000;
const anonymousLimit = 60;
/** GitHub's published secondary limits for requests that create content. */
const contentPerMinute = 80;
const contentPerHour = 500;

export type Resource = "core" | "graphql";

export interface Limits {
  /** @throws {HttpError} 403 when the pool is empty */
  spend(caller: Caller, resource: Resource): void;
  /** A conditional request answered 304 is free. */
  refund(caller: Caller, resource: Resource): void;
  /** @throws {HttpError} 403 with `retry-after` above the secondary limits */
  spendContent(caller: Caller): void;
  read(caller: Caller, resource: Resource): Limit;
}

interface Pool {
  used: number;
  resetsAt: number;
}

export function createLimits(clock: LabClock, jobTokenLimit: number): Limits {
  const pools = new Map<string, Pool>();
  const contents = new Map<string, number[]>();
  const poolOf = (caller: Caller, resource: Resource): Pool => {
    const key = `${whoOf(caller)} ${resource}`;
    const known = pools.get(key);
    const at = clock.now().getTime();
    if (known && at < known.resetsAt) return known;
    const fresh = { used: 0, resetsAt: at + hourMs };
    pools.set(key, fresh);
    return fresh;
  };
  const read = (caller: Caller, resource: Resource): Limit => {
    const { used, resetsAt } = poolOf(caller, resource);
    const limit = limitOf(caller, jobTokenLimit);
    return { limit, used, remaining: Math.max(limit - used, 0), reset: Math.ceil(resetsAt / 1000) };
  };
  return {
    read,
    spend(caller, resource) {
      if (read(caller, resource).remaining === 0) throw exceeded(caller);
      poolOf(caller, resource).used += 1;
    },
    refund(caller, resource) {
      poolOf(caller, resource).used -= 1;
    },
    spendContent(caller) {
      const at = clock.now().getTime();
      const recent = (contents.get(whoOf(caller)) ?? []).filter((moment) => moment > at - hourMs);
      const retryMs = waitFor(recent, at);
      if (retryMs !== null) throw tooFast(retryMs);
      contents.set(whoOf(caller), [...recent, at]);
    },
  };
}

/** All jobs of a repository draw on one pool. */
function whoOf(caller: Caller): string {
  return caller.job ? "jobs" : String(caller.actor?.id ?? "anonymous");
}

function limitOf(caller: Caller, jobTokenLimit: number): number {
  if (caller.job) return jobTokenLimit;
  return caller.actor ? userLimit : anonymousLimit;
}

function waitFor(moments: readonly number[], at: number): number | null {
  const lastMinute = moments.filter((moment) => moment > at - minuteMs);
  if (lastMinute.length >= contentPerMinute) return minuteMs - (at - (lastMinute[0] ?? at));
  return moments.length >= contentPerHour ? hourMs - (at - (moments[0] ?? at)) : null;
}

function exceeded(caller: Caller): HttpError {
  const whose = caller.job ? "installation" : `user ID ${caller.actor?.id ?? "anonymous"}`;
  return new HttpError(403, `API rate limit exceeded for ${whose}.`);
}

function tooFast(retryMs: number): HttpError {
  const message =
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.";
  return new HttpError(403, message, {}, { "retry-after": String(Math.max(Math.ceil(retryMs / 1000), 1)) });
}
