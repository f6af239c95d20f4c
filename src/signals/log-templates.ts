/** Groups log lines by what they say, whatever they say it about. Streaming; memory bounded by the number of templates. */
import { isSeparator, tokenizeLine, type TokenizedLine } from "./log-tokens.js";
import { isName, WILDCARD } from "./mask.js";
import { createSiblings } from "./log-siblings.js";

export interface LogLine {
  readonly at: number; // ms since the epoch
  readonly text: string;
}
export interface LogTemplate {
  readonly id: number; // from 0, in order of appearance
  readonly text: string; // parts that varied as <*>; ids and numbers always
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly examples: readonly string[]; // the first line and the latest other one, cut
}
export interface TemplateMiner {
  /** @returns the id of its template; null for an empty line and for one that fits none once the limit is reached */
  add(line: LogLine): number | null;
  /** The id of the template that this one became part of; itself if it still stands. */
  current(id: number): number;
  /** Most frequent first, then by appearance. */
  templates(): readonly LogTemplate[];
  /** Lines that fitted no template once the limit was reached. */
  uncounted(): number;
}

/** Templates ever begun; what is merged later counts. */
export const MAX_TEMPLATES = 1_000;
const MAX_EXAMPLE = 300;
/** Spellings remembered as belonging to a template; forgetting one costs a search, nothing else. */
const MAX_KNOWN_FORMS = 8 * MAX_TEMPLATES;
/** Share of equal words that two lines need, besides differing in names only. */
const SIMILAR = 0.4;

interface Template {
  readonly id: number;
  tokens: readonly string[];
  shown: readonly string[];
  count: number;
  firstAt: number;
  lastAt: number;
  readonly first: string;
  latest: string;
  mergedInto: Template | null;
}

/**
 * Three steps, the cheap ones first: the line with its values masked is known; it differs from a template in names only
 * (paths, qualified names), after Drain's grouping (He et al., ICWS 2017); it is the fifth of lines that differ in one and
 * the same word, which is then a value too.
 */
export function createTemplateMiner(): TemplateMiner {
  const templates: Template[] = [];
  const forms = new Map<string, Template>();
  const groups = new Map<string, Template[]>();
  const siblings = createSiblings();
  let uncounted = 0;

  const remember = (form: string, template: Template): void => {
    if (forms.size >= MAX_KNOWN_FORMS) forms.clear();
    forms.set(form, template);
  };

  const find = (line: TokenizedLine): Template | null => {
    const form = line.tokens.join("");
    const known = forms.get(form) ?? similarIn(groups.get(groupKey(line.tokens)) ?? [], line.tokens) ?? ofSiblings(line.tokens);
    if (known === null) return null;
    const template = standing(known);
    remember(form, template);
    return template;
  };

  const ofSiblings = (tokens: readonly string[]): Template | null => {
    const id = siblings.merged(tokens);
    return id === null ? null : (templates[id] ?? null);
  };

  const begin = (line: TokenizedLine, { at, text }: LogLine): Template => {
    const seen = { count: 0, firstAt: at, lastAt: at, first: text.slice(0, MAX_EXAMPLE), latest: "" };
    const template: Template = { id: templates.length, tokens: line.tokens, shown: line.shown, ...seen, mergedInto: null };
    templates.push(template);
    const key = groupKey(line.tokens);
    groups.set(key, [...(groups.get(key) ?? []), template]);
    remember(line.tokens.join(""), template);
    const family = siblings.join(template.id, line.tokens, (id) => standing(templates[id] ?? template).id);
    for (const id of family) absorb(standing(template), templates[id] ?? template);
    return standing(template);
  };

  const add = (line: LogLine): number | null => {
    const tokenized = tokenizeLine(line.text);
    if (tokenized.tokens.length === 0) return null;
    const found = find(tokenized);
    if (found === null && templates.length >= MAX_TEMPLATES) {
      uncounted += 1;
      return null;
    }
    const template = found ?? begin(tokenized, line);
    count(template, tokenized, line);
    return template.id;
  };

  const list = (): readonly LogTemplate[] =>
    templates
      .filter(({ mergedInto }) => mergedInto === null)
      .map(({ id, shown, count: lines, firstAt, lastAt, first, latest }) => {
        const examples = latest === "" ? [first] : [first, latest];
        return { id, text: shown.join(""), count: lines, firstAt, lastAt, examples };
      })
      .toSorted((a, b) => b.count - a.count || a.id - b.id);

  const current = (id: number): number => {
    const template = templates[id];
    return template === undefined ? id : standing(template).id;
  };
  return { add, current, templates: list, uncounted: () => uncounted };
}

function standing(template: Template): Template {
  let last = template;
  while (last.mergedInto !== null) last = last.mergedInto;
  return last;
}

function groupKey(tokens: readonly string[]): string {
  const firstFixed = tokens.find((token) => !isSeparator(token) && !isName(token)) ?? WILDCARD;
  return `${tokens.length} ${firstFixed}`;
}

/** The template that differs from the line in names only, and shares most words with it. */
function similarIn(group: readonly Template[], tokens: readonly string[]): Template | null {
  let best: Template | null = null;
  let most = -1;
  for (const template of group) {
    const same = template.mergedInto === null ? equalWords(template.tokens, tokens) : null;
    if (same !== null && same > most) [best, most] = [template, same];
  }
  return best;
}

/** @returns null where they differ in more than names, or in too much */
function equalWords(a: readonly string[], b: readonly string[]): number | null {
  let same = 0;
  let different = 0;
  for (let index = 0; index < a.length; index += 1) {
    const [left = "", right = ""] = [a[index], b[index]];
    if (left === right) {
      if (left !== WILDCARD && !isSeparator(left)) same += 1;
      continue;
    }
    if (!isName(left) || !isName(right)) return null;
    different += 1;
  }
  return same >= SIMILAR * (same + different) ? same : null;
}

function count(template: Template, line: TokenizedLine, { at, text }: LogLine): void {
  template.count += 1;
  template.firstAt = Math.min(template.firstAt, at);
  template.lastAt = Math.max(template.lastAt, at);
  widen(template, line);
  if (template.count > 1) template.latest = text.slice(0, MAX_EXAMPLE);
}

function widen(template: Template, line: TokenizedLine): void {
  template.tokens = common(template.tokens, line.tokens);
  template.shown = common(template.shown, line.shown);
}

/** The same list, where nothing differs. */
function common(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.every((token, index) => token === b[index] || token === WILDCARD)
    ? a
    : a.map((token, index) => (token === b[index] ? token : WILDCARD));
}

function absorb(into: Template, other: Template): void {
  if (into === other || other.mergedInto !== null) return;
  other.mergedInto = into;
  into.count += other.count;
  into.firstAt = Math.min(into.firstAt, other.firstAt);
  into.lastAt = Math.max(into.lastAt, other.lastAt);
  widen(into, other);
}
