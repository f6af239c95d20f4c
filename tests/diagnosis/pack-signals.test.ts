import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnoseByRunbooks } from "../../src/diagnosis/runbook/diagnose.js";
import { PACKS } from "../../src/evidence/packs/catalogue.js";
import { redact } from "../../src/outside/redact.js";
import type { Observation } from "../../src/incident/facts.js";
import { aLog, aMetric, anInput } from "./support/observed.js";
import { shippedRunbooks } from "./support/shipped.js";

const runbooks = shippedRunbooks();

function leaderOf(observations: readonly Observation[]): string {
  const diagnosis = diagnoseByRunbooks(runbooks, anInput(observations));
  return diagnosis.kind === "cause" ? (diagnosis.hypotheses[0]?.runbook ?? "none") : diagnosis.kind;
}

const slow: Observation = {
  ...aMetric("E9", "x", "rose"),
  source: "kubernetes",
  subject: "app/checkout",
  query: "app:Slow",
  summary: redact("app Slow: its latency rose from 5 ms to 900 ms, and nothing that it calls is slow"),
  score: 0.9,
  detail: { kind: "state" },
};

describe("what packs measure", () => {
  it.each([
    {
      name: "a database near its last connection",
      seen: [aMetric("E1", "connections-used", "rose", { now: 0.97 })],
      leader: "database-connections-exhausted",
    },
    {
      name: "a database with more connections than before",
      seen: [aMetric("E1", "connections-used", "rose", { now: 0.6 })],
      leader: "unknown",
    },
    { name: "a clock that is off", seen: [aMetric("E1", "clock-offset", "rose", { now: 2.5 })], leader: "clock-skew" },
    {
      name: "a clock that is a little less exact",
      seen: [aMetric("E1", "clock-offset", "rose", { now: 0.01 })],
      leader: "unknown",
    },
    {
      name: "a service held back by its CPU limit",
      seen: [aMetric("E1", "cpu-throttled", "rose", { now: 0.6 })],
      leader: "pod-cpu-overload",
    },
    {
      name: "queries that wait for each other",
      seen: [aMetric("E1", "lock-waits", "rose", { now: 30 }), aMetric("E2", "query-time", "rose")],
      leader: "lock-contention",
    },
    { name: "an old transaction", seen: [aMetric("E1", "longest-transaction", "rose", { now: 600 })], leader: "slow-queries" },
    {
      name: "a heap that grows until it is too full",
      seen: [aMetric("E1", "heap", "rose"), aLog("E2", "java.lang.OutOfMemoryError: Java heap space")],
      leader: "memory-leak",
    },
    { name: "a heap that grows", seen: [aMetric("E1", "heap", "rose")], leader: "unknown" },
    {
      name: "more requests than the processor can take",
      seen: [aMetric("E1", "request-rate", "rose"), aMetric("E2", "saturation", "rose")],
      leader: "traffic-spike",
    },
    {
      name: "more requests than one thread can answer",
      seen: [aMetric("E1", "request-rate", "rose"), aMetric("E2", "event-loop-lag", "rose")],
      leader: "traffic-spike",
    },
    { name: "more requests, and nothing full", seen: [aMetric("E1", "request-rate", "rose")], leader: "unknown" },
    ...[
      "HikariPool-1 - Connection is not available, request timed out after 250ms (total=4, active=4, idle=0, waiting=11)",
      "Error: timeout exceeded when trying to connect",
      "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
      "Cannot get a connection, pool error Timeout waiting for idle object",
      "Timed out fetching a new connection from the connection pool",
      "Knex: Timeout acquiring a connection. The pool is probably full.",
      "The timeout period elapsed prior to obtaining a connection from the pool.",
    ].map((line) => ({
      name: `a pool that says ${line.slice(0, 30)}`,
      seen: [aLog("E1", line), aMetric("E2", "pool-waiting", "rose")],
      leader: "connection-pool-exhausted",
    })),
    ...["FATAL: sorry, too many clients already", "FATAL: remaining connection slots are reserved"].map((line) => ({
      name: `a database that says ${line} while requests wait`,
      seen: [aLog("E1", line), aMetric("E2", "pool-waiting", "rose")],
      leader: "database-connections-exhausted",
    })),
    {
      name: "a cache that misses before a busy database",
      seen: [aMetric("E1", "cache-hit-ratio", "fell"), aMetric("E2", "database-load", "rose")],
      leader: "cache-stampede",
    },
    { name: "an app that is slow", seen: [slow], leader: "pod-network-delay" },
    { name: "an app that waits for slow queries", seen: [slow, aMetric("E1", "query-time", "rose")], leader: "slow-queries" },
    { name: "an app that collects garbage", seen: [slow, aMetric("E1", "gc-time", "rose", { now: 0.6 })], leader: "unknown" },
  ])("is understood: $name is $leader", ({ seen, leader }) => expect(leaderOf(seen)).toBe(leader));

  it("is what the library asks for, and docs/runbooks.md names what it asks for", () => {
    const page = readFileSync(new URL("../../docs/runbooks.md", import.meta.url), "utf8");
    const section = page.slice(page.indexOf("## Names of signals"), page.indexOf("## How the leader is found"));
    const asked = new Set(
      runbooks.flatMap(({ signals, excludes }) =>
        [...signals, ...excludes].flatMap((condition) => (condition.kind === "metric" ? condition.signals : [])),
      ),
    );
    expect([...asked].filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
    const measured = new Set(Object.values(PACKS).flatMap((pack) => pack.signals.map(({ name }) => name)));
    expect([...asked].filter((name) => !measured.has(name)).toSorted()).toEqual(["database-cpu", "queue-length", "zone-errors"]);
  });
});

describe("one service seen from two sides", () => {
  const said = (id: `E${number}`, source: string, subject: string, query: string, message: string): Observation => ({
    ...slow,
    id,
    source,
    subject,
    query,
    summary: redact(`${query.replace(":", " ")}: ${message}`),
  });
  const neighbour = said("E1", "neighbours", "service/payments", "dependency:Slow", "latency-p95 rose from 58 ms to 4.6 s");
  const confidence = (...seen: readonly Observation[]): number => {
    const diagnosis = diagnoseByRunbooks(runbooks, anInput(seen));
    return diagnosis.kind === "cause" ? diagnosis.confidence.value : 0;
  };

  it("is no rival to itself; another app is", () => {
    const same = said("E2", "kubernetes", "app/payments", "app:Slow", "its latency rose from 20 ms to 1 s");
    const other = { ...same, subject: "app/search" };
    expect(leaderOf([neighbour, same])).toBe("dependency-at-fault");
    expect(confidence(neighbour, same)).toBeGreaterThan(confidence(neighbour, other) + 0.2);
  });
});
