import { describe, expect, it } from "vitest";
import { findComplaints } from "../../../src/evidence/sources/kubernetes/logs.js";
import { readForMatching } from "../../../src/outside/match.js";
import { aView } from "./cluster.js";

const NOW = new Date("2026-11-20T04:41:00.000Z");
const ORDERS = "orders-7d9f8c6b5d-x2x7k";

function complaintsIn(...lines: readonly string[]): readonly string[] {
  return findComplaints(aView({ logs: [{ pod: ORDERS, lines }] }), NOW).map(({ summary }) => readForMatching(summary));
}

describe("complaints in the logs of a cluster", () => {
  it.each([
    "ERROR could not reach the ledger",
    '{"level":"info","message":"charge failed: card refused"}',
    "2026-11-20 04:40:00 INFO connection to ledger timed out",
    "1:M 28 Nov 2026 07:51:21.086 # Can't save in background: fork: Cannot allocate memory",
    "java.lang.IllegalStateException: no session",
  ])("hold %s", (line) => {
    expect(complaintsIn(line)).toHaveLength(1);
  });

  it.each([
    '{"severity":"info","message":"Stats enabled, but temporarily unavailable"}',
    "level=debug msg=settings error-rate=0.01 timeout=500",
    "[INFO] query timeout (ms): 500",
    "1:M 28 Nov 2026 07:51:21.086 * <bf> { bf-error-rate : 0.01 }",
    "GET /healthz 200",
  ])("do not hold the calm line %s", (line) => {
    expect(complaintsIn(line)).toEqual([]);
  });

  it("show the whole of a line whose text says nothing, and the text of one that says it", () => {
    const [first = ""] = complaintsIn('{"status":500,"message":"request complete"}');
    expect(first).toContain('"status":500');
    expect(complaintsIn('{"message":"card refused","session":"x"}')).toEqual(["1× in the log: card refused"]);
  });
});
