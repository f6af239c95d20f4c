import { execFileSync } from "node:child_process";
import { assert, property, stringMatching } from "fast-check";
import { expect, test } from "vitest";
import { findForbiddingRule, matchesRef } from "../../../lab/github/git/rules.js";
import type { RulesetRecord } from "../../../lab/github/state.js";

test.each([
  ["refs/tags/v*", "refs/tags/v1", true],
  ["refs/tags/v*", "refs/tags/v1/x", false],
  ["refs/tags/plan/**/*", "refs/tags/plan/1/digest/1", true],
  ["refs/tags/plan/**/*", "refs/tags/plan/1", true],
  ["refs/tags/plan/**", "refs/tags/plan/1", true],
  ["refs/tags/plan/**", "refs/tags/plan/1/digest/1", false],
  ["refs/heads/release-?", "refs/heads/release-1", true],
  ["refs/heads/a.b", "refs/heads/axb", false],
])("%s covers %s: %s", (pattern, ref, expected) => {
  expect(matchesRef(pattern, ref)).toBe(expected);
});

const ruleset = (fields: Partial<RulesetRecord>): RulesetRecord => ({
  id: 1,
  name: "r",
  target: "tag",
  enforcement: "active",
  include: ["refs/tags/**/*"],
  exclude: [],
  rules: ["update", "deletion"],
  createdAt: new Date(0),
  ...fields,
});

test.each([
  { name: "an update of a covered tag", rules: {}, ref: "refs/tags/a/b", change: "update", forbidden: "update" },
  {
    name: "a forced update, when updates are forbidden",
    rules: {},
    ref: "refs/tags/a/b",
    change: "non_fast_forward",
    forbidden: "update",
  },
  { name: "a deletion", rules: {}, ref: "refs/tags/a/b", change: "deletion", forbidden: "deletion" },
  { name: "nothing for a creation", rules: {}, ref: "refs/tags/a/b", change: "creation", forbidden: null },
  { name: "nothing while disabled", rules: { enforcement: "disabled" }, ref: "refs/tags/a", change: "deletion", forbidden: null },
  {
    name: "nothing for what is excluded",
    rules: { exclude: ["refs/tags/free/*"] },
    ref: "refs/tags/free/x",
    change: "deletion",
    forbidden: null,
  },
  { name: "nothing for branches", rules: {}, ref: "refs/heads/main", change: "deletion", forbidden: null },
  {
    name: "the default branch by its sign",
    rules: { target: "branch", include: ["~DEFAULT_BRANCH"] },
    ref: "refs/heads/main",
    change: "deletion",
    forbidden: "deletion",
  },
  { name: "every tag by its sign", rules: { include: ["~ALL"] }, ref: "refs/tags/x/y/z", change: "update", forbidden: "update" },
] as const)("a ruleset forbids $name", ({ rules, ref, change, forbidden }) => {
  expect(findForbiddingRule([ruleset(rules as Partial<RulesetRecord>)], ref, change, "main")).toBe(forbidden);
});

test("without a star a pattern covers itself only", () => {
  const word = stringMatching(/^[a-z][a-z0-9.+_-]{0,8}$/);
  assert(
    property(word, word, (one, other) => {
      expect(matchesRef(`refs/tags/${one}`, `refs/tags/${other}`)).toBe(one === other);
    }),
  );
});

test("the tree that git calls empty is what comparisons start from", () => {
  const empty = execFileSync("git", ["hash-object", "-t", "tree", "--stdin"], { input: "", encoding: "utf8" }).trim();
  expect(empty).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
});
