/** Sentences of a model: text from outside like any other, and without anything that could lead a reader elsewhere. */
import type { Outside } from "../../outside/outside.js";
import { redact } from "../../outside/redact.js";

const RULES: readonly (readonly [RegExp, string])[] = [
  [/!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)/g, "$1"], // images
  [/\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)/g, "$1"], // links
  [/\[([^\]\n]{0,300})\]\[[^\]\n]{0,300}\]/g, "$1"],
  [/<!--[\s\S]{0,2000}?(?:-->|$)/g, " "],
  [/<\/?[a-z][^<>\n]{0,2000}>/gi, " "], // html and autolinks
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S{1,2000}/gi, "(address removed)"],
  [/\bwww\.\S{1,2000}/gi, "(address removed)"],
  [/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}_])/gu, "$1"], // mentions
];
const MOST_ROUNDS = 4;

/** One line, redacted, at most `max` characters. Taking one thing away can bring another to light, so it goes on until nothing changes. */
export function toProse(text: string, max: number): Outside {
  let current = redact(text, Math.max(max * 4, 2_000))
    .outside.replace(/\s+/g, " ")
    .trim();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = RULES.reduce((left, [pattern, by]) => left.replace(pattern, by), current)
      .replace(/\s+/g, " ")
      .trim();
    if (next === current) break;
    current = next;
  }
  return redact(current.replace(/^[/\s]+/, ""), max); // a line that begins with a slash could read like a command
}
