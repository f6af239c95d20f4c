/** Regular expressions of runbooks: reviewed, but still bounded, because they meet text that others wrote. Pure. */

export const MAX_PATTERN = 300;
/** Text is cut to this before a pattern sees it. */
export const MAX_MATCHED_TEXT = 2_000;
const MAX_LOOSE_REPEATS = 3;
const LOOSE = /^(?:[*+]|\{\d+,\}|\{\d+,\d{3,}\})/;

/** @returns what would be right, or null when the pattern can be used */
export function problemOfPattern(pattern: string): string | null {
  if (pattern.length === 0 || pattern.length > MAX_PATTERN) return `a pattern of 1 to ${MAX_PATTERN} characters`;
  if (/\\[1-9]|\\k</.test(pattern)) return "a pattern without backreferences";
  if (/\(\?<?[=!]/.test(pattern)) return "a pattern without lookahead and lookbehind";
  try {
    if (new RegExp(pattern, "i").test("")) return "a pattern that needs at least one character: this one matches every text";
  } catch (error) {
    return `a valid regular expression (${error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "not valid"})`;
  }
  return problemOfRepeats(withoutClasses(pattern));
}

/** Upper and lower case are the same: logs differ in that. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern, "i");
}

/** Escapes and character classes become one plain letter: what is left are the pattern's groups and repeats. */
function withoutClasses(pattern: string): string {
  return pattern.replace(/\\[\s\S]/g, "a").replace(/\[[^\]]*\]/g, "a");
}

/** Repeats inside repeats, alternatives inside repeats and many loose repeats take exponential or high polynomial time. */
function problemOfRepeats(plain: string): string | null {
  let loose = 0;
  const groups: { hasLoose: boolean; hasChoice: boolean }[] = [{ hasLoose: false, hasChoice: false }];
  let closed: { hasLoose: boolean; hasChoice: boolean } | null = null;
  for (let index = 0; index < plain.length; index += 1) {
    const here = groups.at(-1);
    if (here === undefined) return "a pattern whose parentheses match";
    const repeat = LOOSE.exec(plain.slice(index))?.[0];
    if (repeat !== undefined) {
      if (closed?.hasLoose) return "a pattern without a repeat inside a repeat";
      if (closed?.hasChoice) return "a pattern without alternatives inside a repeat";
      loose += 1;
      for (const group of groups) group.hasLoose = true;
      index += repeat.length - 1;
      closed = null;
      continue;
    }
    closed = null;
    if (plain[index] === "(") groups.push({ hasLoose: false, hasChoice: false });
    else if (plain[index] === ")") closed = groups.pop() ?? null;
    else if (plain[index] === "|") here.hasChoice = true;
  }
  return loose > MAX_LOOSE_REPEATS ? `a pattern with at most ${MAX_LOOSE_REPEATS} of *, + and {n,}` : null;
}
