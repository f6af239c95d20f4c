import { describe, expect, it } from "vitest";
import { quantity } from "../../src/evidence/phrases.js";

describe("a quantity", () => {
  it.each([
    [0.0117, "ratio", "1.2 %"],
    [0.00004, "ratio", "< 0.1 %"],
    [0, "ratio", "0 %"],
    [0.971, "ratio", "97 %"],
    [30, "ratio", "3,000 %"],
    [0.0121, "seconds", "12.1 ms"],
    [0.9999, "seconds", "1 s"],
    [314.2, "seconds", "314 s"],
    [7_200, "seconds", "2 h"],
    [0, "seconds", "0 s"],
    [-2.5, "seconds", "-2.5 s"],
    [173.4, "milliseconds", "173 ms"],
    [4_660, "milliseconds", "4.66 s"],
    [123_456, null, "123,000"],
    [41.54, "count", "41.5"],
    [0.201, "cores", "0.201 cores"],
    [4e8, "bytes", "381 MiB"],
  ])("of %d %s reads %s", (value, unit, expected) => {
    expect(quantity(value, unit)).toBe(expected);
  });
});
