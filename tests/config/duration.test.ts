import { assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/config/duration.js";

describe("parseDuration", () => {
  it.each([
    ["10s", 10_000],
    ["2m", 120_000],
    ["4h", 14_400_000],
    ["1h30m", 5_400_000],
    ["1h0m5s", 3_605_000],
    ["90m", 5_400_000],
    ["0s", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "10", "s", "1.5h", "-2m", "2 m", "30s1m", "1m1m", "1d", "10S", "2m ", "999999s"])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it("adds up hours, minutes and seconds", () => {
    const part = nat({ max: 9_999 });
    const adds = property(part, part, part, (h, m, s) => {
      expect(parseDuration(`${h}h${m}m${s}s`)).toBe((h * 3_600 + m * 60 + s) * 1_000);
    });
    expect(() => assert(adds)).not.toThrow();
  });
});
