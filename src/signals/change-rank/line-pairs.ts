/** Which line became which, and what in it changed. Pure. */
import type { FileDiff } from "./diff.js";
import { realChange } from "./diff.js";

export interface LinePair {
  readonly was: string;
  readonly is: string;
  /** Tokens that only the old line has; strings are one token with their quotes. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

/** Two lines are one, edited, when they share this much of their tokens. */
const ALIKE = 0.4;
/** Each is compared with each. */
const MAX_LINES = 150;

/** Strings and patterns are one token each. */
const TOKEN =
  /(?<=[=(,:]\s*)\/(?![/*])(?:\\.|[^/\n])+\/[gimsuy]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[A-Za-z_]\w*|\d[\d_.]*\w*|[^\s\w]/g;

export function tokensOf(line: string): readonly string[] {
  return line.match(TOKEN) ?? [];
}

/** Each old line with the new line most like it, in the order of the old ones; lines with no like are left out. */
export function pairLines(file: FileDiff): readonly LinePair[] {
  const { removed, added } = realChange(file);
  const left = added.slice(0, MAX_LINES).map((line) => ({ line, tokens: tokensOf(line) }));
  return removed.slice(0, MAX_LINES).flatMap((was) => {
    const tokens = tokensOf(was);
    const alike = left.map((each) => likeness(tokens, each.tokens));
    const best = alike.indexOf(Math.max(...alike));
    if (best === -1 || (alike[best] ?? 0) < ALIKE) return [];
    const [chosen] = left.splice(best, 1);
    return chosen === undefined
      ? []
      : [{ was, is: chosen.line, lost: without(tokens, chosen.tokens), gained: without(chosen.tokens, tokens) }];
  });
}

export function without(tokens: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1);
  return tokens.filter((token) => {
    const left = counts.get(token) ?? 0;
    counts.set(token, left - 1);
    return left <= 0;
  });
}

function likeness(a: readonly string[], b: readonly string[]): number {
  const words = (tokens: readonly string[]): readonly string[] => tokens.filter((token) => /\w/.test(token));
  const [mine, theirs] = [words(a), words(b)];
  const all = mine.length + theirs.length;
  return all === 0 ? 0 : (2 * (mine.length - without(mine, theirs).length)) / all;
}
