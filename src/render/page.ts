/** A page as a comment: GitHub notifies whom it mentions. */
import { escapeInline } from "../outside/escape.js";
import type { PageMessage } from "../ports.js";
import { pageMarker } from "./marker.js";
import { blocks, firstWords, link, mention, ourWords, sentence } from "./markdown.js";
import { explainReason } from "./reasons.js";

const CAUSE_WORDS = 30;

/** Ends with the page's deduplication key as a hidden line; see `readPageMarker`. */
export function renderPage(message: PageMessage, mentions: readonly string[]): string {
  const { severity, service, symptom, cause, asked, link: url, reason } = message;
  const headline =
    `${mentions.map(mention).join(" ")} **${severity} · ${escapeInline(service ?? "unknown service")}**: ${escapeInline(symptom)}`.trim();
  const because = cause === null ? null : `**Cause so far:** ${firstWords(cause, CAUSE_WORDS)}`;
  const now = `**Now:** ${sentence(ourWords(asked))} ${link("Open the incident", url)}`;
  return blocks([
    headline,
    [because, now].filter((line) => line !== null).join("  \n"),
    `<sub>${explainReason(reason).means}</sub>`,
    pageMarker(message.key),
  ]);
}
