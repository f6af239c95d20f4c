/** What started it, as it came: evidence and cause never displace the words of a monitor, or of the person who reported it. */
import type { Alert } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { NOTE, RAW } from "../intake/draft-alert.js";
import { codeBlock, escapeInline } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import type { Outside } from "../outside/outside.js";
import { blocks, bullets, fitLines, fold, link } from "./markdown.js";
import { newestFact, reporter } from "./recall.js";
import { count } from "./units.js";

const LONGEST_LABELS = 1_500;
const OTHERS_BUDGET = 1_000;

/** About 4,000 characters; twice as many while the service is not known and the payload is all that people have to go by. */
export function originalPart(incident: Incident): string {
  const told = newestFact(incident.facts, "opened")?.alerts ?? incident.alerts.map(({ alert }) => alert);
  const [alert = incident.alerts[0].alert, ...others] = told;
  const by = reporter(incident);
  if (by !== null) return fold(`<b>As reported by ${escapeInline(by)}</b>`, words(alert));
  const raw = incident.service === null ? alert.annotations[RAW] : undefined;
  if (raw) return fold("<b>The alert as it came</b> (secrets hidden)", codeBlock(raw, "json"));
  return fold("<b>The alert</b>", blocks([words(alert), linksLine(alert), codeBlock(labelsOf(alert)), otherAlerts(others)]));
}

function words({ name, summary, annotations }: Alert): string {
  const description = annotations["description"];
  const note = annotations[NOTE];
  const isNamed = readForMatching(name) !== readForMatching(summary);
  return blocks([
    `**${escapeInline(isNamed ? name : summary)}**${isNamed ? `: ${escapeInline(summary)}` : ""}`,
    description && readForMatching(description) !== readForMatching(summary) ? quoted(description) : null,
    note ? `<sub>${escapeInline(note)}</sub>` : null,
  ]);
}

/** Line by line, so that prose wraps on a phone; every line is dead text. */
function quoted(text: Outside): string {
  const lines = readForMatching(text).trim().split(/\r?\n/);
  return lines.map((line) => `> ${escapeInline(line)}`.trimEnd()).join("  \n");
}

function linksLine({ links }: Alert): string | null {
  const named = links.map((url) => link(escapeInline(new URL(url).hostname), url));
  return named.length === 0 ? null : `Links: ${named.join(" · ")}`;
}

function labelsOf({ labels }: Alert): string {
  const lines = Object.entries(labels).map(([name, value]) => `${name}: ${readForMatching(value)}`);
  return lines.length === 0 ? "(no labels)" : lines.join("\n").slice(0, LONGEST_LABELS);
}

function otherAlerts(others: readonly Alert[]): string | null {
  if (others.length === 0) return null;
  const lines = others.map(({ name, summary }) => `${escapeInline(name)}: ${escapeInline(summary)}`);
  return `With it:\n\n${bullets(fitLines(lines, OTHERS_BUDGET, (left) => `… and ${count(left, "more alert")}`))}`;
}
