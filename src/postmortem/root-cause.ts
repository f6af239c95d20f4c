/** The evidence a cause cites, and the hypotheses that came after it. */
import { escapeInline } from "../outside/escape.js";
import type { Hypothesis, Observation } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { bullets, link } from "../render/markdown.js";
import { newestCause, newestEvidence } from "../render/recall.js";
import { percent } from "../render/units.js";

/** Only what exists: a citation without an observation behind it is left out. */
export function citedEvidence(incident: Incident, hypothesis: Hypothesis): string | null {
  const supports = cited(incident, hypothesis.for);
  const speaksAgainst = cited(incident, hypothesis.against);
  if (supports.length + speaksAgainst.length === 0) return null;
  return bullets([...supports.map((seen) => observation(seen)), ...speaksAgainst.map((seen) => `Against: ${observation(seen)}`)]);
}

/** Not ruled out: some may be part of the cause. */
export function lessLikely(incident: Incident): string {
  const others = newestCause(incident)?.hypotheses.slice(1) ?? [];
  if (others.length === 0) return "No other hypothesis was on the table.";
  return bullets(others.map((other) => otherLine(other, incident)));
}

function otherLine({ cause, likelihood, against }: Hypothesis, incident: Incident): string {
  const why = cited(incident, against).map(observation).join("; ");
  return `${escapeInline(cause)} (${percent(likelihood)} likely)${why === "" ? "" : `. Against: ${why}`}`;
}

function cited(incident: Incident, ids: readonly string[]): readonly Observation[] {
  return (newestEvidence(incident)?.observations ?? []).filter(({ id }) => ids.includes(id));
}

function observation({ id, source, summary, link: url }: Observation): string {
  return `**${id}** ${escapeInline(summary)} (${link(escapeInline(source), url)})`;
}
