import { array, assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { gauge, histogramQuantile, rate, ratio, sumOfRates } from "../../../../lab/world/monitor/evaluate.js";
import { parseExposition } from "../../../../lab/world/monitor/exposition.js";
import { SeriesStore } from "../../../../lab/world/monitor/series.js";

const points = (...values: number[]): { at: number; value: number }[] =>
  values.map((value, index) => ({ at: (index + 1) * 1000, value }));
const requests = (codes: Record<string, number>): string =>
  Object.entries(codes)
    .map(([code, value]) => `requests{code="${code}"} ${value}`)
    .join("\n");

function scraped(...texts: (string | null)[]): SeriesStore {
  const store = new SeriesStore();
  texts.forEach((text, index) => {
    const at = (index + 1) * 1000;
    if (text === null) store.addFailedScrape(at);
    else store.addScrape(at, parseExposition(text));
  });
  return store;
}

describe("rate", () => {
  it.each([
    { name: "of a steady counter is its growth per second", values: [10, 20, 30, 40, 50], expected: 10 },
    { name: "of a counter that stands is zero", values: [7, 7, 7, 7, 7], expected: 0 },
    { name: "goes on across a restart", values: [30, 40, 0, 10, 20], expected: 7.5 },
    { name: "of one point is unknown", values: [10], expected: null },
    { name: "of no point is unknown", values: [], expected: null },
  ])("$name", ({ values, expected }) => {
    expect(rate(points(...values), 0, 5_000)).toBe(expected);
  });

  it("is extrapolated by half a gap, not to the edge, where points are missing", () => {
    expect(rate(points(100, 110, 120), 0, 10_000)).toBeCloseTo((20 * (2 + 1 + 0.5)) / 2 / 10, 10);
  });

  it("is never negative", () => {
    const counters = array(nat(1_000), { minLength: 2, maxLength: 20 });
    assert(
      property(counters, (values) => {
        expect(rate(points(...values), 0, values.length * 1000)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("a ratio of rates", () => {
  const failures = sumOfRates(({ code }) => code === "503", 5_000);
  const all = sumOfRates(() => true, 5_000);
  const errorRatio = ratio(failures, all);
  const store = scraped(...[0, 1, 2, 3, 4].map((n) => requests({ 200: n * 75, 503: n * 25 })));

  it("is the share of failures", () => {
    expect(errorRatio(store, 5_000)).toEqual([{ metric: {}, value: 0.25 }]);
  });

  it("is nothing, not zero, where nothing was scraped", () => {
    expect(errorRatio(store, 60_000)).toEqual([]);
    expect(errorRatio(new SeriesStore(), 1_000)).toEqual([]);
  });

  it("is not a number without traffic, as in Prometheus", () => {
    expect(errorRatio(scraped(requests({ 200: 5, 503: 1 }), requests({ 200: 5, 503: 1 })), 2_000)[0]?.value).toBeNaN();
  });
});

describe("a gauge", () => {
  const waiting = gauge(() => true);

  it.each([
    { name: "keeps its last reading for five seconds", texts: ["waiting 3", "waiting 7"], at: 6_900, expected: [7] },
    { name: "is unknown after five seconds", texts: ["waiting 3", "waiting 7"], at: 7_000, expected: [] },
    { name: "is unknown once a scrape fails", texts: ["waiting 3", null], at: 2_500, expected: [] },
    { name: "is known again after the next scrape", texts: ["waiting 3", null, "waiting 5"], at: 3_000, expected: [5] },
    { name: "is what it was when asked about the past", texts: ["waiting 3", "waiting 7"], at: 1_500, expected: [3] },
  ])("$name", ({ texts, at, expected }) => {
    expect(waiting(scraped(...texts), at).map(({ value }) => value)).toEqual(expected);
  });
});

describe("a quantile of a histogram", () => {
  const p95 = histogramQuantile(0.95, () => true, 5_000);
  const buckets = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([bound, count]) => `duration_bucket{le="${bound}"} ${count}`)
      .join("\n");
  const after = (counts: Record<string, number>): SeriesStore =>
    scraped(buckets(Object.fromEntries(Object.keys(counts).map((bound) => [bound, 0]))), buckets(counts));

  it.each([
    { name: "lies inside the bucket that holds the rank", counts: { "0.1": 0, "0.2": 100, "+Inf": 100 }, expected: 0.195 },
    { name: "is the last bound when the rank lies beyond it", counts: { "0.1": 50, "0.2": 60, "+Inf": 100 }, expected: 0.2 },
  ])("$name", ({ counts, expected }) => {
    expect(p95(after(counts), 2_000)[0]?.value).toBeCloseTo(expected, 10);
  });

  it("is not a number without observations", () => {
    expect(p95(after({ "0.1": 0, "+Inf": 0 }), 2_000)[0]?.value).toBeNaN();
  });
});

it("refuses a line that is not Prometheus' text format", () => {
  expect(() => parseExposition("# TYPE a counter\na 1\n<html>")).toThrow("Not a line of Prometheus' text format: <html>");
});
