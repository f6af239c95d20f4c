import { describe, expect, it } from "vitest";
import { summarizeTraces, type Span } from "../../../src/signals/cause-rank/visits.js";

function span(id: string, parent: string | null, service: string, startMs: number, endMs: number, failed = false): Span {
  return { trace: "t", id, parent, service, operation: `${service} op`, startMs, endMs, failed };
}
const TRACE: readonly Span[] = [
  span("a", null, "shop", 0, 100),
  span("b", "a", "shop", 10, 90), // waits for cart
  span("c", "b", "cart", 20, 70),
  span("d", "c", "cart", 30, 40), // its own database span
];

describe("what traces say of services", () => {
  it("counts as own time what is left without the calls", () => {
    const { visits } = summarizeTraces([], TRACE);
    expect(visits.map(({ service, since }) => [service, since.ownMs])).toEqual([
      ["shop", 20],
      ["cart", 50],
    ]);
  });

  it("counts as the way what the caller waited beyond the visit", () => {
    expect(summarizeTraces([], TRACE).ways).toEqual([
      { caller: "shop", callee: "cart", before: { count: 0, ms: 0 }, since: { count: 1, ms: 30 } },
    ]);
  });

  it("counts overlapping calls once", () => {
    const parallel = [span("a", null, "shop", 0, 100), span("b", "a", "cart", 10, 60), span("c", "a", "store", 40, 90)];
    const direct = summarizeTraces([], parallel).visits.find(({ service }) => service === "shop");
    expect(direct?.since.ownMs).toBe(0);
  });

  it("says that failures begin where no failed call is below", () => {
    const failing = [
      span("a", null, "shop", 0, 100, true),
      span("b", "a", "cart", 10, 60, true),
      span("c", "b", "store", 20, 30),
    ];
    const begun = summarizeTraces([], failing).visits.map(({ service, since }) => [service, since.failed]);
    expect(begun).toEqual([
      ["shop", 0],
      ["cart", 1],
      ["store", 0],
    ]);
  });

  it("keeps a span whose parent is missing, and cuts a circle of parents", () => {
    const odd = [span("a", "gone", "shop", 0, 10), span("x", "y", "cart", 0, 10), span("y", "x", "cart", 0, 10)];
    expect(
      summarizeTraces([], odd)
        .visits.map(({ service }) => service)
        .toSorted(),
    ).toContain("shop");
  });
});
