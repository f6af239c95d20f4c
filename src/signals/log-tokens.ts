/** Cuts a log line into words and what stands between them, and tells values from words. Pure. */
import { isValue, maskVariables, WILDCARD } from "./mask.js";

/**
 * Words and separators in turn, `words[0]` first (it may be empty). A value is the wildcard; `shown` holds the value itself
 * where it may be worth reading as long as it never changes (`error=timeout`), else the wildcard too.
 */
export interface TokenizedLine {
  readonly tokens: readonly string[];
  readonly shown: readonly string[];
}

/** Longer lines are cut: a template is told by its beginning. */
const MAX_LINE = 1_000;
const MAX_TOKENS = 160;

const SEPARATOR = /([\s=,()[\]{}"'`|;:#<>!?]+)/;
const SEPARATORS_ONLY = /^[\s=,()[\]{}"'`|;:#<>!?]+$/;
/** Stands for `<*>` while the line is cut, because `<` and `>` separate. */
const MARK = "\u0001";
/** Keys whose values say what happened; the value of any other key is a value. */
const TELLING =
  /(?:^|[._-])(?:level|lvl|severity|msg|message|err|error|exception|reason|status|state|cause|event|type|kind|op|method)$/i;

export function isSeparator(token: string): boolean {
  return SEPARATORS_ONLY.test(token);
}

export function tokenizeLine(line: string): TokenizedLine {
  const masked = maskStructures(maskVariables(line.slice(0, MAX_LINE).replaceAll(MARK, "")).replaceAll(WILDCARD, MARK).trim());
  if (masked === "") return { tokens: [], shown: [] };
  const pieces = masked.split(SEPARATOR).slice(0, MAX_TOKENS);
  return joinRuns(pieces.map((piece, index) => judge(piece, pieces, index)));
}

interface Judged {
  readonly token: string;
  readonly shown: string;
}

function judge(piece: string, pieces: readonly string[], index: number): Judged {
  if (index % 2 === 1) return both(piece.replace(/\s+/g, " "));
  if (piece === "") return both(piece);
  if (piece.includes(MARK) || isValue(piece)) return isLiteral(piece) ? { token: WILDCARD, shown: piece } : both(WILDCARD);
  return isOfKey(pieces, index) || isNamed(pieces, index) ? { token: WILDCARD, shown: piece } : both(piece);
}

/** What stands behind `key=`, and is not a key itself, as in `user= host=a`. */
function isOfKey(pieces: readonly string[], index: number): boolean {
  const [key = "", before = "", after = ""] = [pieces[index - 2], pieces[index - 1], pieces[index + 1]];
  return /(?:^|[^=!<>])=\s?["'`]?$/.test(before) && !/^\s?=/.test(after) && !TELLING.test(key);
}

/** Somebody's or something's name by the words before it: `for user ada`, `from READY to DONE`. */
function isNamed(pieces: readonly string[], index: number): boolean {
  if (pieces[index - 1] !== " ") return false;
  const [noun = "", word = ""] = [pieces[index - 2], pieces[index]];
  if (/^(?:from|to)$/i.test(noun)) return /^[A-Z][A-Z_]{2,}$/.test(word);
  return /^(?:user|account|host|node)$/i.test(noun) && pieces[index - 3] === " " && NAMING.test(pieces[index - 4] ?? "");
}

const NAMING = /^(?:for|by|of|as|from|to|on|invalid|illegal|unknown)$/i;

function both(token: string): Judged {
  return { token, shown: token };
}

/** Without digits: `true`, `/var/log/app`. */
function isLiteral(piece: string): boolean {
  return !piece.includes(MARK) && !/\d/.test(piece);
}

/** `=Name{…}` and quoted ids are one value; quoted sentences and single plain words are text like any other. */
function maskStructures(line: string): string {
  return line
    .replace(/=\s?[\w.$]{1,80}(?:\{[^{}]{0,300}\}|\([^()]{0,300}\)|\[[^[\]]{0,300}\])/g, `=${MARK}`)
    .replace(
      /(?<![A-Za-z0-9])(["'`])([^"'`]{1,300})\1/g,
      (whole: string, quote: string, text: string, at: number, all: string) =>
        isText(text, all.slice(Math.max(0, at - LONGEST_KEY), at)) ? whole : `${quote}${MARK}${quote}`,
    );
}

const LONGEST_KEY = 41;

function isText(quoted: string, before: string): boolean {
  const key = /([\w.-]+)=$/.exec(before)?.[1];
  if (key !== undefined && !TELLING.test(key)) return false;
  return /^[A-Za-z]+$/.test(quoted) || /[A-Za-z]{2,}[\s,]+[A-Za-z]{2,}/.test(quoted);
}

/** Values with nothing but separators between them are one: lists differ in length, amounts come with and without a second one. */
function joinRuns(pieces: readonly Judged[]): TokenizedLine {
  const tokens: string[] = [];
  const shown: string[] = [];
  for (const { token, shown: text } of pieces) {
    const isRun = token === WILDCARD && tokens.at(-2) === WILDCARD && /^[\s,|#:;()./<>]+$/.test(tokens.at(-1) ?? "");
    if (isRun) {
      const between = tokens.pop() ?? "";
      shown.pop();
      const before = shown.pop() ?? "";
      shown.push(before === WILDCARD || text === WILDCARD ? WILDCARD : `${before}${between}${text}`);
    } else {
      tokens.push(token);
      shown.push(text);
    }
  }
  return { tokens, shown };
}
