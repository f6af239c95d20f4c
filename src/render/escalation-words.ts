/** Why an incident went to people: what the code means and what was said about it, each once. */
import type { Outside } from "../outside/outside.js";
import { plainLine } from "../outside/escape.js";
import { firstWords, capitalized, sentence } from "./markdown.js";
import { explainReason } from "./reasons.js";

/** "theo-marsh rejected the plan: too risky" says all that "a person rejected the plan" does. */
const NAMES_WHO = /^\S+ (?:rejected the plan|asked for help)\b/;
const MEANS_IT_ALL = new Set(["observe-mode"]);

/** One to three sentences of safe markdown. @param most - words of the detail */
export function escalationWords(reason: string, detail: Outside | null, most: number): string {
  const { means } = explainReason(reason);
  const plain = detail === null ? "" : plainLine(detail).trim();
  if (detail === null || plain === "" || MEANS_IT_ALL.has(reason)) return means;
  const said = sentence(firstWords(detail, most));
  return NAMES_WHO.test(plain) ? said : `${means} ${capitalized(said)}`;
}
