import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ratesOf } from "../../src/signals/counter.js";

function everySecond(values: readonly number[]) {
  return values.map((value, index) => ({ at: index * 1_000, value }));
}

describe("rates of a counter", () => {
  it.each([
    { name: "steady growth", values: [10, 12, 14], expected: [2, 2] },
    { name: "a restart counts from zero", values: [100, 110, 4, 9], expected: [10, 4, 5] },
    { name: "no growth", values: [7, 7], expected: [0] },
    { name: "one reading", values: [7], expected: [] },
  ])("$name", ({ values, expected }) => {
    expect(ratesOf(everySecond(values)).map(({ value }) => value)).toEqual(expected);
  });

  it("spread the growth over a gap and skip a second reading of the same moment", () => {
    const points = [
      { at: 0, value: 0 },
      { at: 10_000, value: 50 },
      { at: 10_000, value: 60 },
    ]; // prettier-ignore
    expect(ratesOf(points)).toEqual([{ at: 10_000, value: 5 }]);
  });

  it("are never negative", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (values) => {
        expect(ratesOf(everySecond(values)).every(({ value }) => value >= 0)).toBe(true);
      }),
    );
  });
});
