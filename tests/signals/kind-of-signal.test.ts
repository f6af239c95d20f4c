import { describe, expect, it } from "vitest";
import { PACKS } from "../../src/evidence/packs/catalogue.js";
import { kindOfSignal } from "../../src/signals/cause-rank/kind-of-signal.js";

describe("what a signal measures", () => {
  it.each([
    ["error-ratio", "errors"],
    ["grpc-error-ratio", "errors"],
    ["http-5xx", "errors"],
    ["availability", "availability"],
    ["latency-p95", "latency"],
    ["query-time", "latency"],
    ["request-rate", "traffic"],
    ["cpu-throttled", "cpu"],
    ["heap", "memory"],
    ["disk-free", "io"],
    ["queue-length", "other"],
    ["pool-waiting", "other"],
  ])("%s: %s", (name, kind) => {
    expect(kindOfSignal(name)).toBe(kind);
  });

  it("is none of its own where the service measures others", () => {
    const names = ["dependency-error-ratio", "dependency-latency-p95", "database-cpu", "cache-hit-ratio"];
    expect(names.map(kindOfSignal)).toEqual(names.map(() => "other"));
  });

  it("is known for what most packs measure of requests", () => {
    const known = Object.values(PACKS).filter(({ signals }) => signals.some(({ name }) => kindOfSignal(name) !== "other"));
    expect(known.length).toBeGreaterThan(8);
  });
});
