import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toProse } from "../../../src/diagnosis/claude/prose.js";

describe("sentences of a model", () => {
  it.each([
    ["a link", "see [the guide](https://evil.example/x) now", "see the guide now"],
    ["an image", "![pixel](https://evil.example/p.png?q=1) seen", "pixel seen"],
    ["a bare address", "go to https://evil.example/x?y=1 now", "go to (address removed) now"],
    ["an address without a scheme", "go to www.evil.example", "go to (address removed)"],
    ["a mention", "ask @octocat and (@acme/team)", "ask octocat and (acme/team)"],
    ["html", 'a <img src="x" onerror="y"> b <!-- c --> d', "a b d"],
    ["a link inside a link", "[a](b[c](https://evil.example))", "a"],
    ["a link that appears when another goes", "[x[y](z)](https://evil.example/q)", "xy"],
    ["a command", "/approve 12345678", "approve 12345678"],
    ["lines", "one\n# two\n\n- three", "one # two - three"],
    ["a secret", "the token is ghp_abcdefghijklmnopqrstuvwxyz0123456789", "the token is [redacted: github-token]"],
  ])("lose %s", (_, text, expected) => {
    const { outside } = toProse(text, 200);
    expect(outside.replace(/\)$/, "")).toBe(expected.replace(/\)$/, ""));
  });

  it("are one line of at most the length that is asked for, without a mention or an address", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), fc.integer({ min: 30, max: 300 }), (text, max) => {
        const { outside } = toProse(text, max);
        expect(outside.length).toBeLessThanOrEqual(max);
        expect(outside).not.toMatch(/\n|:\/\/|(?:^|[^\p{L}\p{N}_])@[\p{L}\p{N}_]/u);
      }),
    );
  });
});
