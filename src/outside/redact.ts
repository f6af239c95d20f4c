/** The one door for text from outside: cleaned, secrets hidden, cut. What comes out is `Outside` and never a plain string. */
import { cleanText } from "./clean.js";
import { joinBreaks, replaceContinued } from "./continuations.js";
import { decodeEscapes, replaceBlobs } from "./decode.js";
import type { Outside } from "./outside.js";
import { SECRET_CONTEXTS, type SecretContext } from "./secret-contexts.js";
import { SECRET_SHAPES, type SecretShape } from "./secret-patterns.js";

/** Longest text kept when no limit is given, in characters. */
export const DEFAULT_LIMIT = 20_000;
/** Hiding one secret can bring another one's boundary to light; more rounds than this happen only to text made for it. */
const MAX_ROUNDS = 6;
/** What begins beyond the limit and this much is cut away unread: no pattern reaches further. */
const LONGEST_SECRET = 40_000;
const ONE_PLACEHOLDER = /^\[redacted: [a-z0-9-]{1,30}\]$/;
const PLACEHOLDER_AT = /\[redacted: [a-z0-9-]{1,30}\]/y;

/**
 * Hides secrets and personal addresses as `[redacted: kind]`, also where they are encoded, escaped or broken over lines, drops what cannot be seen (terminal codes, controls, bidi,
 * zero-width) and cuts to `limit` characters, the note `… (N characters cut)` included. Linear in the length of the text, and
 * idempotent: what went through once goes through unchanged.
 * @param limit - in characters, at least 1; default 20,000
 */
export function redact(text: string, limit = DEFAULT_LIMIT): Outside {
  const whole = cleanText(text);
  const near = whole.slice(0, wholeUpTo(whole, Math.min(whole.length, limit + LONGEST_SECRET)));
  let current = cut(hideEverySecret(near), limit, whole.length - near.length);
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    const next = cut(hideEverySecret(current), limit, 0);
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

/** In plain sight, broken over lines, escaped, encoded: in this order, so that as much as can be stays readable. */
function hideEverySecret(text: string): string {
  const continued = replaceContinued(text, hideContinued);
  const decoded = hideSecrets(continued).split("\n").map(hideEscaped).join("\n");
  return replaceBlobs(decoded, (inner) => hideSecrets(inner) !== inner, "[redacted: encoded]");
}

/** Joined only where that brings a secret to light that the separate lines do not hold as a whole. */
function hideContinued(passage: string, joined: string): string {
  const hidden = hideSecrets(joined);
  return hidden === joined || joinBreaks(hideSecrets(passage)) === hidden ? passage : hidden;
}

const MOST_LAYERS = 3;

/** A line whose escapes hide a secret is shown without the escapes. */
function hideEscaped(line: string): string {
  let current = line;
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const decoded = decodeEscapes(current);
    if (decoded === current) return line;
    const hidden = hideSecrets(decoded);
    if (hidden !== decoded) return hidden;
    current = decoded;
  }
  return line;
}

function hideSecrets(text: string): string {
  const found = new Set<string>();
  const withoutContexts = SECRET_CONTEXTS.reduce((current, context) => hideInContext(current, context, found), text);
  return SECRET_SHAPES.reduce(hideShape, hideEchoes(withoutContexts, found));
}

const MOST_ECHOES = 20;
const WORTH_ECHOING = /^(?=.*[A-Z\d])[\w.~!@#$%^&*+/=-]{8,200}$/;

/** What was a secret in one place is one in every place. */
function hideEchoes(text: string, found: ReadonlySet<string>): string {
  const values = [...found].filter((value) => WORTH_ECHOING.test(value)).slice(0, MOST_ECHOES);
  return values.reduce((current, value) => hideEcho(current, value), text);
}

function hideEcho(text: string, value: string): string {
  if (!text.includes(value)) return text;
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, "g"), "[redacted: repeated]");
}

function hideInContext(text: string, { kind, hints, pattern, hides }: SecretContext, found: Set<string>): string {
  if (hints && !hints.test(text)) return text;
  return text.replace(pattern, (whole: string, lead: string, value: string, tail: string) => {
    if (ONE_PLACEHOLDER.test(value) || (hides && !hides(value, lead))) return whole;
    const quote = /^(\\{0,3}["'`])[\s\S]*\1$/.exec(value)?.[1] ?? "";
    const inner = quote ? value.slice(quote.length, -quote.length) : value;
    if (ONE_PLACEHOLDER.test(inner)) return whole;
    if (found.size < MOST_ECHOES) found.add(inner);
    return `${lead}${quote}[redacted: ${kind}]${quote}${tail}`;
  });
}

function hideShape(text: string, { kind, hints, pattern, hides }: SecretShape): string {
  if (!hints.some((hint) => text.includes(hint))) return text;
  return text.replace(pattern, (found) => (hides && !hides(found) ? found : `[redacted: ${kind}]`));
}

/**
 * At most `limit` characters with the note; neither a placeholder nor a surrogate pair is cut in half.
 * @param unread - characters already left out behind the text
 */
function cut(text: string, limit: number, unread: number): string {
  if (text.length <= limit && unread === 0) return text;
  const total = text.length + unread;
  const note = (cutAway: number): string => `… (${cutAway} characters cut)`;
  const room = Math.min(text.length, limit - note(total).length);
  if (room < 0) return `${text.slice(0, wholeUpTo(text, Math.max(0, limit - 1)))}…`;
  const kept = text.slice(0, wholeUpTo(text, room));
  return kept + note(total - kept.length);
}

/** The last place at or before `at` where the text may be cut. */
function wholeUpTo(text: string, at: number): number {
  const start = text.lastIndexOf("[redacted: ", at - 1);
  PLACEHOLDER_AT.lastIndex = start;
  if (start !== -1 && PLACEHOLDER_AT.test(text) && PLACEHOLDER_AT.lastIndex > at) return start;
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
