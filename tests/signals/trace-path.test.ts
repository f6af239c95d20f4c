import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findFailure, findSlowOperations, type Span, type Trace } from "../../src/signals/trace-path.js";

function aSpan(id: string, parentId: string | null, overrides: Partial<Span> = {}): Span {
  return {
    id,
    parentId,
    service: id,
    operation: "GET /",
    startedAt: 0,
    durationMs: 100,
    isError: false,
    message: null,
    ...overrides,
  };
}
const failed = { isError: true };
const aTrace = (...spans: Span[]): Trace => ({ id: "t", spans });

describe("where a request failed first", () => {
  it("is the deepest failing service along the path", () => {
    const trace = aTrace(
      aSpan("web", null, failed),
      aSpan("checkout", "web", failed),
      aSpan("db", "checkout", failed),
      aSpan("cart", "web"),
    );
    expect(findFailure(trace)).toMatchObject({ origin: { service: "db" }, path: ["web", "checkout", "db"] });
  });

  it("looks through services that did not fail themselves", () => {
    const trace = aTrace(aSpan("web", null, failed), aSpan("mesh", "web"), aSpan("db", "mesh", failed));
    expect(findFailure(trace)).toMatchObject({ origin: { service: "db" }, path: ["web", "db"] });
  });

  it("is the one that failed first, of several", () => {
    const late = aSpan("late", "web", { ...failed, startedAt: 50 });
    expect(findFailure(aTrace(aSpan("web", null, failed), late, aSpan("early", "web", failed)))?.origin.service).toBe("early");
  });

  it("is known where parents are missing", () => {
    expect(findFailure(aTrace(aSpan("db", "gone", failed)))).toMatchObject({ origin: { service: "db" }, path: ["db"] });
  });

  it("is nowhere when nothing failed", () => {
    expect(findFailure(aTrace(aSpan("web", null)))).toBeNull();
  });

  it("ends for any parents, loops included", () => {
    const spans = fc.array(
      fc.record({ id: fc.constantFrom("a", "b", "c"), parent: fc.constantFrom("a", "b", "c", null), isError: fc.boolean() }),
    );
    fc.assert(
      fc.property(spans, (all) => {
        const failure = findFailure(aTrace(...all.map(({ id, parent, isError }) => aSpan(id, parent, { isError }))));
        expect(failure === null || failure.origin.isError).toBe(true);
      }),
    );
  });
});

describe("what became slow", () => {
  const traces = (count: number, webMs: number, dbMs: number): Trace[] =>
    Array.from({ length: count }, () =>
      aTrace(aSpan("web", null, { durationMs: webMs }), aSpan("db", "web", { durationMs: dbMs })),
    );

  it("is the operation whose own time grew, not the one that waits for it", () => {
    expect(findSlowOperations(traces(8, 60, 40), traces(8, 620, 600))).toEqual([
      { service: "db", operation: "GET /", beforeMs: 40, sinceMs: 600, spans: 8, firstAt: 0 },
    ]);
  });

  it.each([
    ["grew little", traces(8, 60, 40), traces(8, 80, 60)],
    ["was seen too rarely before", traces(4, 60, 40), traces(8, 620, 600)],
    ["was seen too rarely since", traces(8, 60, 40), traces(4, 620, 600)],
  ])("is nothing that %s", (_why, before, since) => {
    expect(findSlowOperations(before, since)).toEqual([]);
  });

  it("counts children that run beside each other once", () => {
    const beside = (ms: number): Trace =>
      aTrace(
        aSpan("web", null, { durationMs: ms }),
        aSpan("a", "web", { durationMs: 90 }),
        aSpan("b", "web", { durationMs: 90 }),
      );
    const before = Array.from({ length: 5 }, () => beside(100));
    const since = Array.from({ length: 5 }, () => beside(190));
    expect(findSlowOperations(before, since)).toMatchObject([{ service: "web", beforeMs: 10, sinceMs: 100 }]);
  });
});
