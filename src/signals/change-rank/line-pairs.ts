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
  const left = added.slice(0, MAX_LINES).map(readLine);
  return removed.slice(0, MAX_LINES).flatMap((line) => {
    const was = readLine(line);
    const alike = left.map((each) => likeness(was, each));
    const best = alike.indexOf(Math.max(...alike));
    if (best === -1 || (alike[best] ?? 0) < ALIKE) return [];
    const [chosen] = left.splice(best, 1);
    if (chosen === undefined) return [];
    return [{ was: line, is: chosen.line, lost: without(was.tokens, chosen.tokens), gained: without(chosen.tokens, was.tokens) }];
  });
}

interface Line {
  readonly line: string;
  readonly tokens: readonly string[];
  /** How often each of its words stands there; without signs. */
  readonly words: ReadonlyMap<string, number>;
  readonly size: number;
}

function readLine(line: string): Line {
  const tokens = tokensOf(line);
  const words = new Map<string, number>();
  for (const token of tokens) if (/\w/.test(token)) words.set(token, (words.get(token) ?? 0) + 1);
  return { line, tokens, words, size: [...words.values()].reduce((sum, count) => sum + count, 0) };
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

function likeness(a: Line, b: Line): number {
  const all = a.size + b.size;
  if (all === 0) return 0;
  let shared = 0;
  for (const [word, count] of a.words) shared += Math.min(count, b.words.get(word) ?? 0);
  return (2 * shared) / all;
}
