import type { TagRuleset } from "../ports.js";

const SAMPLE = "refs/tags/gatehouse/plan/1/0/1";
const NEEDED = ["update", "deletion"];

/** Whether active rulesets together forbid both update and deletion of reservation tags. */
export function protectsReservations(rulesets: readonly TagRuleset[]): boolean {
  const covering = rulesets.filter((ruleset) => ruleset.active && covers(ruleset));
  const rules = new Set(covering.flatMap((ruleset) => ruleset.rules));
  return NEEDED.every((rule) => rules.has(rule));
}

function covers({ include, exclude }: TagRuleset): boolean {
  return include.some(matchesSample) && !exclude.some(matchesSample);
}

/**
 * Patterns are Ruby's `File.fnmatch` with FNM_PATHNAME: `*` and a final `**` stay within one segment, only `**` + `/` crosses
 * them. So `gatehouse/**` would leave the tags open; `gatehouse/**` + `/*` covers them.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
function matchesSample(pattern: string): boolean {
  if (pattern === "~ALL") return true;
  const full = pattern.startsWith("refs/") ? pattern : `refs/tags/${pattern}`;
  const regex = full
    .split(/(\*\*\/|\*+|\?)/)
    .map(translate)
    .join("");
  return new RegExp(`^${regex}$`).test(SAMPLE);
}

function translate(part: string): string {
  if (part === "**/") return "(?:[^/]+/)*";
  if (part.startsWith("*")) return "[^/]*";
  return part === "?" ? "[^/]" : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
}
