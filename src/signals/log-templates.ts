/** Groups log lines by what they say, whatever they say it about. Streaming; memory bounded by the number of templates. */
import { maskVariables, WILDCARD } from "./mask.js";

export interface LogLine {
  readonly at: number; // ms since the epoch
  readonly text: string;
}
export interface LogTemplate {
  readonly id: number; // from 0, in order of appearance
  readonly text: string; // variable parts as <*>
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}
export interface TemplateMiner {
  /** @returns the id of its template; null for an empty line and for one that fits none once the limit is reached */
  add(line: LogLine): number | null;
  /** Most frequent first, then by appearance. */
  templates(): readonly LogTemplate[];
  /** Lines that fitted no template once the limit was reached. */
  uncounted(): number;
}

/** Longer lines are cut: a template is told by its beginning. */
const MAX_LINE = 1_000;
const MAX_TOKENS = 60;
export const MAX_TEMPLATES = 500;
/** Share of equal tokens that makes two lines the same event. */
const SIMILAR = 0.6;

interface Cluster {
  readonly id: number;
  tokens: readonly string[];
  count: number;
  firstAt: number;
  lastAt: number;
}

/**
 * A fixed-depth grouping after Drain (He et al., ICWS 2017): lines with the same number of tokens and the same first
 * fixed token are compared; tokens that differ become wildcards.
 */
export function createTemplateMiner(): TemplateMiner {
  const groups = new Map<string, Cluster[]>();
  let known = 0;
  let uncounted = 0;

  const add = ({ at, text }: LogLine): number | null => {
    const tokens = tokenize(text);
    if (tokens.length === 0) return null;
    const key = groupKey(tokens);
    const group = groups.get(key) ?? [];
    const match = mostSimilar(group, tokens);
    if (match) {
      mergeInto(match, tokens, at);
      return match.id;
    }
    if (known >= MAX_TEMPLATES) {
      uncounted += 1;
      return null;
    }
    group.push({ id: known, tokens, count: 1, firstAt: at, lastAt: at });
    groups.set(key, group);
    known += 1;
    return known - 1;
  };

  const templates = (): readonly LogTemplate[] =>
    [...groups.values()]
      .flat()
      .map(({ tokens, ...rest }) => ({ ...rest, text: tokens.join(" ") }))
      .toSorted((a, b) => b.count - a.count || a.id - b.id);

  return { add, templates, uncounted: () => uncounted };
}

function tokenize(text: string): readonly string[] {
  const masked = maskVariables(text.slice(0, MAX_LINE)).trim();
  return masked === "" ? [] : masked.split(/\s+/).slice(0, MAX_TOKENS);
}

function groupKey(tokens: readonly string[]): string {
  const firstFixed = tokens.find((token) => !token.includes(WILDCARD)) ?? WILDCARD;
  return `${tokens.length} ${firstFixed}`;
}

function mostSimilar(group: readonly Cluster[], tokens: readonly string[]): Cluster | null {
  let best: Cluster | null = null;
  let bestShare = SIMILAR;
  for (const cluster of group) {
    const share = equalShare(cluster.tokens, tokens);
    if (share > bestShare || (share === bestShare && best === null)) [best, bestShare] = [cluster, share];
  }
  return best;
}

function equalShare(a: readonly string[], b: readonly string[]): number {
  return a.filter((token, index) => token === b[index]).length / a.length;
}

function mergeInto(cluster: Cluster, tokens: readonly string[], at: number): void {
  cluster.tokens = cluster.tokens.map((token, index) => (token === tokens[index] ? token : WILDCARD));
  cluster.count += 1;
  cluster.firstAt = Math.min(cluster.firstAt, at);
  cluster.lastAt = Math.max(cluster.lastAt, at);
}
