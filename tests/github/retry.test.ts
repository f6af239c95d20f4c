import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/github/failure.js";
import { decideRetry } from "../../src/github/retry.js";

const now = new Date("2026-03-02T03:00:00Z");
const inSeconds = (seconds: number) => String(now.getTime() / 1000 + seconds);
const fresh = { faults: 0, limits: 0 };

function failure(status: number | null, headers: Record<string, string> = {}, code: string | null = null): Failure {
  return { status, message: status === null ? "fetch failed" : "said GitHub", headers, code };
}

describe("what is tried again", () => {
  it.each([
    {
      name: "a 502 on something repeatable, after the first pause",
      failure: failure(502),
      repeatable: true,
      attempts: fresh,
      inMs: 100,
    },
    {
      name: "a lost connection, after a doubled pause",
      failure: failure(null, {}, "ECONNRESET"),
      repeatable: true,
      attempts: { faults: 1, limits: 0 },
      inMs: 200,
    },
    {
      name: "a write that was never sent",
      failure: failure(null, {}, "ECONNREFUSED"),
      repeatable: false,
      attempts: fresh,
      inMs: 100,
    },
    {
      name: "a write that a short limit refused, when retry-after says so",
      failure: failure(429, { "retry-after": "7" }),
      repeatable: false,
      attempts: fresh,
      inMs: 7_000,
    },
    {
      name: "a 403 at the end of the quota, one second after its reset",
      failure: failure(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inSeconds(20) }),
      repeatable: true,
      attempts: fresh,
      inMs: 21_000,
    },
  ])("$name", ({ failure: what, repeatable, attempts, inMs }) => {
    expect(decideRetry(what, attempts, { repeatable, now, backoffMs: 100 })).toMatchObject({ kind: "again", inMs });
  });

  it.each([
    { name: "a 502 on a write that may have happened", failure: failure(502), repeatable: false, attempts: fresh },
    { name: "a lost connection on a write", failure: failure(null, {}, "ECONNRESET"), repeatable: false, attempts: fresh },
    { name: "a fourth fault", failure: failure(503), repeatable: true, attempts: { faults: 3, limits: 0 } },
    { name: "a refusal", failure: failure(422), repeatable: true, attempts: fresh },
    { name: "a 403 that is no limit", failure: failure(403), repeatable: true, attempts: fresh },
    { name: "a limit longer than a minute", failure: failure(429, { "retry-after": "61" }), repeatable: true, attempts: fresh },
    {
      name: "a third limit",
      failure: failure(429, { "retry-after": "1" }),
      repeatable: true,
      attempts: { faults: 0, limits: 2 },
    },
  ])("never $name", ({ failure: what, repeatable, attempts }) => {
    expect(decideRetry(what, attempts, { repeatable, now, backoffMs: 100 })).toEqual({ kind: "give-up" });
  });
});
