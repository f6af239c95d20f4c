import type { RuleType } from "../options.js";
import type { RulesetRecord } from "../state.js";

export type RefChange = "creation" | "update" | "deletion" | "non_fast_forward";

/** The first active rule that forbids this change of this ref, or null. */
export function findForbiddingRule(
  rulesets: readonly RulesetRecord[],
  ref: string,
  change: RefChange,
  defaultBranch: string,
): RuleType | null {
  const forbidding = rulesThatForbid(change, ref);
  for (const ruleset of rulesets) {
    if (ruleset.enforcement !== "active" || !appliesTo(ruleset, ref, defaultBranch)) continue;
    const rule = ruleset.rules.find((type) => forbidding.includes(type));
    if (rule) return rule;
  }
  return null;
}

function rulesThatForbid(change: RefChange, ref: string): readonly RuleType[] {
  if (change === "creation" || change === "deletion") return [change];
  const update: RuleType[] = ref.startsWith("refs/heads/") ? ["update", "pull_request"] : ["update"];
  return change === "non_fast_forward" ? [...update, "non_fast_forward"] : update;
}

export function appliesTo(ruleset: RulesetRecord, ref: string, defaultBranch: string): boolean {
  if (!ref.startsWith(ruleset.target === "tag" ? "refs/tags/" : "refs/heads/")) return false;
  const matches = (pattern: string) =>
    pattern === "~ALL" || (pattern === "~DEFAULT_BRANCH" ? ref === `refs/heads/${defaultBranch}` : matchesRef(pattern, ref));
  return ruleset.include.some(matches) && !ruleset.exclude.some(matches);
}

/**
 * Ruby's `File.fnmatch` with `FNM_PATHNAME`, which GitHub uses: `*` and a final `**` stop at a slash, only a whole
 * segment `**` followed by a slash crosses them.
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
export function matchesRef(pattern: string, ref: string): boolean {
  return new RegExp(
    `^${pattern
      .split(/(?<=\/)/)
      .map(segmentSource)
      .join("")}$`,
  ).test(ref);
}

function segmentSource(segment: string): string {
  if (segment === "**/") return "(?:[^/]+/)*";
  return segment.replace(/\*+|\?|[^\w/]/g, (token) => {
    if (token.startsWith("*")) return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
}
