/** The few shapes of markdown that every document here is built from. */
import { codeSpan, escapeInline, plainLine } from "../outside/escape.js";
import type { Outside } from "../outside/outside.js";

const MENTION = /^@[\da-z](?:[\da-z-]*[\da-z])?(?:\/[\w.-]+)?$/i;
const LOGIN = /^[\da-z](?:[\da-z-]*[\da-z])?(?:\[bot\])?$/i;
const LONGEST_URL = 500;
const AVERAGE_WORD = 10;

export type Callout = "NOTE" | "TIP" | "IMPORTANT" | "WARNING" | "CAUTION";

/** One of GitHub's coloured boxes. */
export function callout(kind: Callout, lines: readonly string[]): string {
  return `> [!${kind}]\n${lines.map((line) => `> ${line}`).join("  \n")}`;
}

/** A folded part; the blank lines are what makes markdown inside it come alive. */
export function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** Blocks with a blank line between them; empty ones are left out. */
export function blocks(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join("\n\n");
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

/** Words of our own that may name commands in backticks; everything else in them is dead text. */
export function ourWords(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? codeSpan(part.slice(1, -1)) : escapePart(part)))
    .join("");
}

/** Ends in a full stop, unless it ends like a sentence already. */
export function sentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Begins like a sentence, unless its first word is a name with signs in it: "error-ratio" stays as it is. */
export function capitalized(text: string): string {
  return /^[a-z]+(?=[\s,;:])/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

/** A link that can only lead to http or https; the label alone when the address is unusable. */
export function link(label: string, url: string | null): string {
  const safe = url === null ? null : safeUrl(url);
  return safe === null ? label : `[${label}](${safe})`;
}

/** People and teams of the config, as words that notify them; anything else stays dead text. */
export function mention(handle: string): string {
  return MENTION.test(handle) ? handle : escapeInline(handle);
}

/** A person by login, without notifying them. */
export function person(login: string): string {
  return LOGIN.test(login) ? `**${login.replace(/[[\]]/g, "\\$&")}**` : escapeInline(login);
}

/**
 * The first `most` words, of at most ten characters on average; what is cut ends in "…". Cut text is plain text, so that no half
 * of anything remains.
 */
export function firstWords(text: Outside | string, most: number): string {
  const longest = most * AVERAGE_WORD;
  const plain = plainLine(text, longest + 1);
  const words = plain.trim().split(/\s+/);
  if (words.length <= most && plain.length <= longest) return escapeInline(text);
  const cut = words.slice(0, most).join(" ").replace(/…$/, "");
  return `${escapeInline(cut)} …`;
}

/**
 * As many lines as fit into `budget` characters, in order; a last line says how many were left out.
 * @param more - the words for those left out
 */
export function fitLines(lines: readonly string[], budget: number, more: (left: number) => string): readonly string[] {
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    used += line.length + 3;
    if (used > budget) return [...kept, more(lines.length - kept.length)];
    kept.push(line);
  }
  return kept;
}

/** Escaping trims; the spaces around a part belong to the line. */
function escapePart(part: string): string {
  if (part.trim() === "") return part === "" ? "" : " ";
  return `${/^\s/.test(part) ? " " : ""}${escapeInline(part.trim())}${/\s$/.test(part) ? " " : ""}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
}

function safeUrl(url: string): string | null {
  if (url.length > LONGEST_URL || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return null;
  return parsed.href.replace(
    /[()[\]<>|\\`'"\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
