/**
 * GitHub's filter patterns for branches, tags and paths: `*` stops at a slash, `**` does not, `?` and `+` repeat what is
 * before them, `[…]` is a set, and a pattern starting with `!` takes earlier matches out again. The last match decides.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 */
export function matchesGlob(text: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const excludes = pattern.startsWith("!");
    if (toRegExp(excludes ? pattern.slice(1) : pattern).test(text)) matched = !excludes;
  }
  return matched;
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|[.^$(){}|\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
