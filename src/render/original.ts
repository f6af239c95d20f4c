/** The alert as the monitor sent it, for as long as it is all that people have to go by. */
import type { Alert } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { RAW } from "../intake/draft-alert.js";
import { codeBlock } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import { fold } from "./markdown.js";

/** Null once the service is known: then evidence says more. At most about 8,000 characters. */
export function originalPart({ service, alerts: [{ alert }] }: Incident): string | null {
  if (service !== null) return null;
  const raw = alert.annotations[RAW];
  return fold("<b>The alert as it came</b> (secrets hidden)", raw ? codeBlock(raw, "json") : codeBlock(labelsOf(alert)));
}

function labelsOf({ labels }: Alert): string {
  const lines = Object.entries(labels).map(([name, value]) => `${name}: ${readForMatching(value)}`);
  return lines.length === 0 ? "(no labels)" : lines.join("\n").slice(0, LONGEST_LABELS);
}

const LONGEST_LABELS = 4_000;
