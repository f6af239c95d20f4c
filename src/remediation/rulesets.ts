import type { TagRuleset } from "../ports.js";

const NEEDED = ["update", "deletion"];

/** Whether active rulesets together forbid both update and deletion of this tag ("gatehouse/plan/…"). */
export function protectsTag(rulesets: readonly TagRuleset[], tag: string): boolean {
  const covering = rulesets.filter((ruleset) => ruleset.active && covers(ruleset, `refs/tags/${tag}`));
  const rules = new Set(covering.flatMap((ruleset) => ruleset.rules));
  return NEEDED.every((rule) => rules.has(rule));
}

function covers({ include, exclude }: TagRuleset, ref: string): boolean {
  return include.some((pattern) => matches(pattern, ref)) && !exclude.some((pattern) => matches(pattern, ref));
}

/**
 * Patterns are Ruby's `File.fnmatch` with FNM_PATHNAME: `*` and a final `**` stay within one segment, only `**` + `/` crosses
 * them. So `gatehouse/**` would leave the tags open; `gatehouse/**` + `/*` covers them.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
function matches(pattern: string, ref: string): boolean {
  if (pattern === "~ALL") return true;
  const full = pattern.startsWith("refs/") ? pattern : `refs/tags/${pattern}`;
  const regex = full
    .split(/(\*\*\/|\*+|\?)/)
    .map(translate)
    .join("");
  return new RegExp(`^${regex}$`).test(ref);
}

function translate(part: string): string {
  if (part === "**/") return "(?:[^/]+/)*";
  if (part.startsWith("*")) return "[^/]*";
  return part === "?" ? "[^/]" : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
}
