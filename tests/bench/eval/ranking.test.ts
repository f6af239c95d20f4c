import { describe, expect, it } from "vitest";
import { toCaseResult, topShare, type RankedCase } from "../../../bench/eval/ranking.js";

const one = (expected: readonly string[], ranking: readonly string[]): RankedCase => ({ id: "x", expected, ranking, why: "" });

describe("figures of rankings", () => {
  const cases = [one(["a"], ["a", "b"]), one(["b"], ["a", "b"]), one(["c", "d"], ["a", "b", "d"]), one(["z"], ["a"])];

  it.each([
    { k: 1, expected: 0.25 },
    { k: 2, expected: 0.5 },
    { k: 3, expected: 0.75 },
  ])("counts a case when any right one is among the first $k", ({ k, expected }) => {
    expect(topShare(cases, k)).toBe(expected);
  });

  it("has no share of no cases", () => {
    expect(topShare([], 1)).toBeNull();
  });

  it("says at which place the right one came", () => {
    expect(toCaseResult(one(["b"], ["a", "b"]))).toMatchObject({ right: false, expected: "b, at 2" });
    expect(toCaseResult(one(["z"], ["a"]))).toMatchObject({ right: false, expected: "z, at no place" });
  });
});
