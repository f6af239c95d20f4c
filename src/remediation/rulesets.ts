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

/** Ruleset patterns are fnmatch with FNM_PATHNAME: `*` stays within one segment, `**` does not. */
function matchesSample(pattern: string): boolean {
  if (pattern === "~ALL") return true;
  const full = pattern.startsWith("refs/") ? pattern : `refs/tags/${pattern}`;
  const regex = full
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) =>
      part.startsWith("**") ? ".*" : part === "*" ? "[^/]*" : part === "?" ? "[^/]" : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${regex}$`).test(SAMPLE);
}
