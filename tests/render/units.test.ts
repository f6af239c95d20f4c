import { describe, expect, it } from "vitest";
import { amount, count, duration, durationBetween, percent, quantity, time, timeOfDay, usd } from "../../src/render/units.js";

describe("percent", () => {
  it.each([
    [null, "no data"],
    [0, "0 %"],
    [0.0004, "< 0.1 %"],
    [0.003, "0.3 %"],
    [0.02, "2 %"],
    [0.0949, "9.5 %"],
    [0.37, "37 %"],
    [0.996, "99.6 %"],
    [1, "100 %"],
  ])("writes %s as %s", (ratio, expected) => {
    expect(percent(ratio)).toBe(expected);
  });
});

describe("quantity", () => {
  it.each([
    [null, "ratio", "no data"],
    [0.37, "ratio", "37 %"],
    [38, null, "38"],
    [0, null, "0"],
    [0.456, null, "0.456"],
    [12_400.4, null, "12,400"],
    [1.234, "seconds", "1.23 s"],
    [250, "milliseconds", "250 ms"],
    [7, "connections", "7 connections"],
    [0, "bytes", "0 bytes"],
    [512, "bytes", "512 bytes"],
    [400_000_000, "bytes", "381 MiB"],
    [1.5 * 2 ** 30, "bytes", "1.5 GiB"],
    [-2048, "bytes", "-2 KiB"],
    [3 * 2 ** 60, "bytes", "3150000 TiB"],
  ])("writes %s %s as %s", (value, unit, expected) => {
    expect(quantity(value, unit)).toBe(expected);
  });

  it("never shows a missing value as zero", () => {
    expect([percent(null), amount(null), quantity(null, "seconds"), durationBetween(null, new Date())]).toEqual(
      Array(4).fill("no data"),
    );
  });
});

describe("duration", () => {
  it.each([
    [-5, "0 s"],
    [999, "1 s"],
    [45_000, "45 s"],
    [59_600, "1 min"],
    [60_000, "1 min"],
    [200_000, "3 min 20 s"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [93_600_000, "1 d 2 h"],
  ])("writes %s ms as %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });
});

describe("time", () => {
  const night = new Date("2026-06-03T03:12:10Z");

  it("is UTC and says so", () => {
    expect(time(night)).toBe("03:12 UTC");
  });

  it("names the day when it is another one", () => {
    expect(time(night, new Date("2026-06-02T23:59:00Z"))).toBe("3 Jun 03:12 UTC");
    expect(timeOfDay(night, new Date("2026-06-02T23:59:00Z"))).toBe("2026-06-03 03:12:10");
  });
});

it("rounds a cost that is not nothing up to something", () => {
  expect([usd(0), usd(0.004), usd(0.03)]).toEqual(["0.00 USD", "< 0.01 USD", "0.03 USD"]);
});

it("counts one and many", () => {
  expect([count(1, "step"), count(2, "step"), count(0, "entry", "entries"), count(2400, "user")]).toEqual([
    "1 step",
    "2 steps",
    "0 entries",
    "2,400 users",
  ]);
});
