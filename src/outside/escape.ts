/**
 * Text as GitHub-flavoured markdown in which nothing comes alive: no html, links, images, mentions, references, tasks, tables,
 * footnotes, math or emoji. Escapes are character references, so that the result is safe inside our own html (`<summary>`) too.
 *
 * GitHub finds mentions, references and emoji in the *rendered* text, where an escape is already gone; only a zero-width space
 * between the sign and the name stops them (as Renovate and Dependabot do).
 */
import { cleanText, oneLine } from "./clean.js";
import type { Outside } from "./outside.js";

const BREAK = "\u200b";
const STRUCTURE = /[\\`*[\]<>&|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What makes a list, heading or underline of a line that begins with it; the digits of `1.` stay. */
const LINE_START = /^[-+=#]|(?<=^\d{1,9})[.)](?=\s|$)/;
const COMMENT_MARK = /<!(?=--)|--(?=>)/g;

/** One line of dead text for any place in markdown, table cells and `<summary>` included. */
export function escapeInline(text: Outside | string): string {
  return breakReferences(oneLine(textOf(text)))
    .replace(STRUCTURE, asReference)
    .replace(LINE_START, asReference);
}

/** A fenced block that its content cannot end; `info` names a language. Put a blank line before it. */
export function codeBlock(text: Outside | string, info = ""): string {
  const content = cleanText(textOf(text)).replace(COMMENT_MARK, (mark) => mark + BREAK);
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${info.replace(/[^\w+-]/g, "")}\n${content.replace(/\n+$/, "")}\n${fence}`;
}

/** One line in monospace; html where backticks cannot hold it. Empty text gives an empty string. */
export function codeSpan(text: Outside | string): string {
  const line = oneLine(textOf(text));
  if (line === "") return "";
  return /[`|<>\\&]/.test(line) ? `<code>${escapeInline(line)}</code>` : `\`${line}\``;
}

/** One line without markup for titles, pages and terminals, at most `max` characters: mentions are broken, nothing is escaped. */
export function plainLine(text: Outside | string, max = 200): string {
  const line = oneLine(textOf(text)).replace(/@(?=[\p{L}\p{N}_])/gu, `@${BREAK}`);
  return line.length <= max ? line : `${line.slice(0, Math.max(0, max - 1)).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function textOf(text: Outside | string): string {
  return typeof text === "string" ? text : text.outside;
}

function asReference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

/** Puts a zero-width space where GitHub would see a mention, a reference, an address or an emoji. */
function breakReferences(line: string): string {
  return line
    .replace(/@(?=[\p{L}\p{N}_.-])/gu, `@${BREAK}`) // a dot and a dash may begin the host of an address
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\b(gh|ghsa)-(?=\w)/gi, `$1-${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\b(mailto|xmpp):/gi, `$1:${BREAK}`)
    .replace(/www(?=\.)/gi, (www) => www + BREAK)
    .replace(/:(?=(?:100|1234|\d{0,3}[a-z+-][\w+-]{0,40}):)/gi, `:${BREAK}`);
}
