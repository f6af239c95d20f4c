/** The one door for text from outside: cleaned, secrets hidden, cut. What comes out is `Outside` and never a plain string. */
import { cleanText } from "./clean.js";
import type { Outside } from "./outside.js";
import { SECRET_CONTEXTS, type SecretContext } from "./secret-contexts.js";
import { SECRET_SHAPES, type SecretShape } from "./secret-patterns.js";

/** Longest text kept when no limit is given, in characters. */
export const DEFAULT_LIMIT = 20_000;
/** Hiding one secret can bring another one's boundary to light; more rounds than this happen only to text made for it. */
const MAX_ROUNDS = 6;
const ONE_PLACEHOLDER = /^\[redacted: [a-z0-9-]{1,30}\]$/;
const PLACEHOLDER_AT = /\[redacted: [a-z0-9-]{1,30}\]/y;

/**
 * Hides secrets and personal addresses as `[redacted: kind]`, drops what cannot be seen (terminal codes, controls, bidi,
 * zero-width) and cuts to `limit` characters, the note `… (N characters cut)` included. Linear in the length of the text, and
 * idempotent: what went through once goes through unchanged.
 * @param limit - in characters, at least 1; default 20,000
 */
export function redact(text: string, limit = DEFAULT_LIMIT): Outside {
  let current = cleanText(text);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = cut(hideSecrets(current), limit);
    if (next === current) break;
    current = next;
  }
  return { outside: current };
}

/** A value whose name tells what it is: `password` hides it whatever it looks like. */
export function redactField(name: string, value: string, limit?: number): Outside {
  const cleaned = cleanText(value);
  const lead = `${name}=`;
  const hidden = hideSecrets(`${lead}${JSON.stringify(cleaned)}`) !== `${lead}${JSON.stringify(cleaned)}`;
  const wholly = hidden && hideSecrets(cleaned) === cleaned;
  return wholly ? { outside: "[redacted: field]" } : redact(value, limit);
}

function hideSecrets(text: string): string {
  const withoutContexts = SECRET_CONTEXTS.reduce(hideInContext, text);
  return SECRET_SHAPES.reduce(hideShape, withoutContexts);
}

function hideInContext(text: string, { kind, hints, pattern, hides }: SecretContext): string {
  if (hints && !hints.test(text)) return text;
  return text.replace(pattern, (whole: string, lead: string, value: string, tail: string) => {
    if (ONE_PLACEHOLDER.test(value) || (hides && !hides(value, lead))) return whole;
    const quote = /^(\\{0,3}["'`])[\s\S]*\1$/.exec(value)?.[1] ?? "";
    const inner = quote ? value.slice(quote.length, -quote.length) : value;
    return ONE_PLACEHOLDER.test(inner) ? whole : `${lead}${quote}[redacted: ${kind}]${quote}${tail}`;
  });
}

function hideShape(text: string, { kind, hints, pattern }: SecretShape): string {
  return hints.some((hint) => text.includes(hint)) ? text.replace(pattern, `[redacted: ${kind}]`) : text;
}

/** At most `limit` characters with the note; neither a placeholder nor a surrogate pair is cut in half. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = (cutAway: number): string => `… (${cutAway} characters cut)`;
  const room = limit - note(text.length).length;
  if (room < 0) return `${text.slice(0, wholeUpTo(text, Math.max(0, limit - 1)))}…`;
  const kept = text.slice(0, wholeUpTo(text, room));
  return kept + note(text.length - kept.length);
}

/** The last place at or before `at` where the text may be cut. */
function wholeUpTo(text: string, at: number): number {
  const start = text.lastIndexOf("[redacted: ", at - 1);
  PLACEHOLDER_AT.lastIndex = start;
  if (start !== -1 && PLACEHOLDER_AT.test(text) && PLACEHOLDER_AT.lastIndex > at) return start;
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
