/** What happened and when: one line a fact, in the order of its clock. Shared by issue and post-mortem. */
import { codeSpan, escapeInline } from "../outside/escape.js";
import type { Observation } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { describeFact } from "./describe-fact.js";
import { factsOf, newestEvidence } from "./recall.js";
import { timeOfDay } from "./units.js";

export interface TimelineEntry {
  readonly at: Date;
  /** Safe markdown, one line. */
  readonly text: string;
}

/** The whole timeline, oldest first: changes seen near the onset, the onset itself, then every fact. */
export function timeline(incident: Incident): readonly TimelineEntry[] {
  const told = incident.facts.flatMap((fact) => describeFact(fact, incident).map((text) => ({ at: fact.at, text })));
  const entries = [...changes(incident), onset(incident), ...told];
  return entries.sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** "**03:12:10** errors start", days other than the onset's with their date. */
export function timelineLine({ at, text }: TimelineEntry, near: Date): string {
  return `**${timeOfDay(at, near)}** ${text}`;
}

function onset(incident: Incident): TimelineEntry {
  const measured = factsOf(incident.facts, "evidence").length > 0;
  return { at: measured ? (newestEvidence(incident)?.onset ?? incident.onset) : incident.onset, text: "the trouble starts" };
}

function changes(incident: Incident): readonly TimelineEntry[] {
  const seen = newestEvidence(incident)?.observations ?? [];
  return seen.filter(({ detail }) => detail.kind === "change" && detail.of !== "commit").map(change);
}

function change(seen: Observation): TimelineEntry {
  const { detail } = seen;
  if (detail.kind !== "change") return { at: seen.at, text: escapeInline(seen.summary) };
  const from = detail.previousRef === null ? "" : ` (before: ${codeSpan(detail.previousRef)})`;
  return { at: seen.at, text: `${detail.of} of ${escapeInline(seen.subject)}: ${codeSpan(detail.ref)}${from} (${seen.id})` };
}
