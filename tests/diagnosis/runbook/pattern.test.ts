import { describe, expect, it } from "vitest";
import { MAX_MATCHED_TEXT, MAX_PATTERN, problemOfPattern } from "../../../src/diagnosis/runbook/pattern.js";

describe("patterns of runbooks", () => {
  it.each([
    "no free connection|pool (is )?exhausted",
    "timeout.*pool",
    String.raw`\bOOM(Killed)?\b`,
    "[a-z]+ is down",
    "retry{1,3}",
    "(abc){2,5}",
    String.raw`acquir\w* (a )?connection`,
    "a.*b.*c",
  ])("accepts %s", (pattern) => {
    expect(problemOfPattern(pattern)).toBeNull();
  });

  it.each([
    ["", "1 to 300 characters"],
    ["x".repeat(MAX_PATTERN + 1), "1 to 300 characters"],
    ["(unclosed", "valid regular expression"],
    [".*", "matches every text"],
    ["a?", "matches every text"],
    ["(a+)+b", "repeat inside a repeat"],
    ["((a*)b)*c", "repeat inside a repeat"],
    ["(a|aa)+b", "alternatives inside a repeat"],
    ["(a|b){3,}c", "alternatives inside a repeat"],
    ["a.*b.*c.*d.*e", "at most 3"],
    [String.raw`(a)\1`, "backreferences"],
    ["x(?=y)", "lookahead"],
    ["(?<!x)y", "lookbehind"],
  ])("refuses %j: %s", (pattern, right) => {
    expect(problemOfPattern(pattern)).toContain(right);
  });

  it("keeps the worst that it accepts fast on the longest text", () => {
    const started = performance.now();
    new RegExp("a.*b.*c", "i").test("ab".repeat(MAX_MATCHED_TEXT / 2));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
