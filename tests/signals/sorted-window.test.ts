import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createSortedWindow } from "../../src/signals/sorted-window.js";
import { createTailMeter } from "../../src/signals/tail.js";

it("the window holds the latest values in order of size", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 9 }), (values, capacity) => {
      const window = createSortedWindow(capacity);
      values.forEach((value) => window.push(value));
      const expected = values.slice(-capacity).toSorted((a, b) => a - b);
      expect(Array.from({ length: window.size() }, (_, rank) => window.at(rank))).toEqual(expected);
      expect(window.quantile(0.5)).toBe(expected[expected.length >> 1] ?? Number.NaN);
    }),
  );
});

it("an empty window has no quantile", () => {
  expect(createSortedWindow(3).quantile(0.5)).toBeNaN();
});

it("the tail meter says nothing of the usual, more the further out, and forgets nothing it was told", () => {
  const meter = createTailMeter();
  const usual = Array.from({ length: 500 }, (_, index) => meter.measure(1 + Math.sin(index * 12.9898), 0));
  expect(usual.slice(0, 50).every((surprise) => surprise === 0)).toBe(true);
  expect(Math.max(...usual)).toBeLessThan(4);
  const [near, far, again] = [3, 20, 20].map((deviation) => meter.measure(deviation, 0));
  expect(near).toBeGreaterThan(2);
  expect(far).toBeGreaterThan(near ?? 0);
  expect(again).toBeLessThan(far ?? 0);
});

it("the tail meter ignores what stays below the floor", () => {
  const meter = createTailMeter();
  for (let index = 0; index < 200; index += 1) meter.measure(0, 1);
  expect(meter.measure(0.5, 1)).toBeLessThan(3);
  expect(meter.measure(50, 1)).toBeGreaterThan(10);
});
