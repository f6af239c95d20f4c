import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureDeviation } from "../../../src/signals/cause-rank/deviation.js";
import { MINUTE, ONSET, points } from "./support.js";

const WINDOW = { from: ONSET, to: ONSET + 5 * MINUTE };

describe("how far a series left what is normal", () => {
  it.each([
    { name: "a tenfold rise", before: 1, since: 10, least: 0.8, most: 1 },
    { name: "a fall to a tenth", before: 10, since: 1, least: 0.7, most: 1 },
    { name: "a move within noise", before: 1, since: 1.02, least: 0, most: 0.2 },
  ])("$name is between $least and $most", ({ before, since, least, most }) => {
    const found = measureDeviation(points(before, since), WINDOW);
    expect(found?.certainty).toBeGreaterThanOrEqual(least);
    expect(found?.certainty).toBeLessThanOrEqual(most);
  });

  it("forgives one wild point among ordinary ones", () => {
    const usual = points(1, 1);
    const wild = usual.map((point, index) => (index === usual.length - 3 ? { ...point, value: 500 } : point));
    expect(measureDeviation(wild, WINDOW)?.certainty).toBeLessThan(0.2);
  });

  it("forgives a height that was often seen before", () => {
    const spiky = points(1, 9).map((point, index) => (index < 30 && index % 4 === 0 ? { ...point, value: 9.5 } : point));
    expect(measureDeviation(spiky, WINDOW)?.certainty).toBeLessThan(0.3);
  });

  it("says nothing without a baseline or without points since", () => {
    expect(measureDeviation(points(1, 9).slice(-5), WINDOW)).toBeNull();
    expect(measureDeviation(points(1, 9).slice(0, 30), WINDOW)).toBeNull();
  });

  it("is the same in other units", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (unit) => {
        const scaled = points(2, 7).map(({ at, value }) => ({ at, value: value * unit }));
        expect(measureDeviation(scaled, WINDOW)?.certainty).toBeCloseTo(
          measureDeviation(points(2, 7), WINDOW)?.certainty ?? -1,
          6,
        );
      }),
    );
  });
});
