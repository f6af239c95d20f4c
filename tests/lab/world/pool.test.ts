import { expect, it } from "vitest";
import { formatPools, measurePools } from "../../../bench/pool.js";

it("fails more orders the smaller the pool, and none worth mentioning with 50 connections", async () => {
  const figures = await measurePools([2, 4, 50], 0.8);
  const rates = figures.map(({ errorRate }) => errorRate);

  expect(rates[0]).toBeGreaterThan(0.5);
  expect(rates[1]).toBeGreaterThan(0.2);
  expect(rates[1]).toBeLessThan(rates[0] ?? 0);
  expect(rates[2]).toBeLessThan(0.01);
});

it("prints a line for each pool size", () => {
  expect(formatPools([{ poolSize: 4, orders: 600, failed: 197, errorRate: 197 / 600 }]).split("\n")).toEqual([
    "  pool size     orders     failed error rate",
    "          4        600        197     32.8 %",
  ]);
});
