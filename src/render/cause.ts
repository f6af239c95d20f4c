/** Cause, confidence and its caps, what was seen before and which sources said nothing. */
import { escapeInline } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import type { Coverage, Evidence } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { firstWords, link, sentence } from "./markdown.js";
import { first, newestDiagnosis, newestEvidence, type Cause } from "./recall.js";
import { percent } from "./units.js";

const CAUSE_WORDS = 45;
const MOST_PAST = 2;
const MOST_CAPS = 4;
const MOST_DOWN = 4;
const PLAIN_ANALYST = "runbooks";

export function causeBlock(incident: Incident, config: Config): string | null {
  const evidence = newestEvidence(incident);
  const lines = [
    personsCause(incident),
    causeLine(incident, config),
    spokenBy(incident),
    seenBefore(evidence),
    notSeen(evidence),
  ];
  const said = lines.filter((line) => line !== null);
  return said.length === 0 ? null : said.join("  \n");
}

function personsCause({ causeByPerson }: Incident): string | null {
  return causeByPerson === null ? null : `**Cause, as a person found it:** ${firstWords(causeByPerson, CAUSE_WORDS)}`;
}

function causeLine(incident: Incident, config: Config): string | null {
  const diagnosis = newestDiagnosis(incident)?.diagnosis;
  if (diagnosis === undefined) return null;
  if (diagnosis.kind === "unknown") return `**Cause not known:** ${firstWords(diagnosis.why, CAUSE_WORDS)}`;
  if (diagnosis.kind === "no-incident")
    return `**No incident:** ${sentence(firstWords(diagnosis.why, CAUSE_WORDS))} ${diagnosis.cites.join(" ")}`.trim();
  const likeliest = first(diagnosis.hypotheses);
  return (
    `**${sureness(diagnosis, incident, config)}:** ${sentence(firstWords(likeliest.cause, CAUSE_WORDS))} ${likeliest.for.join(" ")}`.trim() +
    caps(diagnosis)
  );
}

/** A model, or the runbooks in its place and why. That the runbooks spoke where nobody else was asked goes without saying. */
function spokenBy(incident: Incident): string | null {
  const analyst = newestDiagnosis(incident)?.analyst ?? PLAIN_ANALYST;
  return analyst === PLAIN_ANALYST ? null : `<sub>Said by ${escapeInline(analyst)}.</sub>`;
}

function sureness({ confidence }: Cause, { severity }: Incident, config: Config): string {
  const enough = confidence.value >= config.diagnosis.confidence[severity ?? "P1"];
  return enough ? `Cause, ${percent(confidence.value)} sure` : `Perhaps, only ${percent(confidence.value)} sure`;
}

function caps({ confidence }: Cause): string {
  if (confidence.caps.length === 0 || confidence.value >= confidence.claimed) return "";
  return `  \n<sub>Claimed ${percent(confidence.claimed)}, lowered: ${confidence.caps
    .slice(0, MOST_CAPS)
    .map(({ reason }) => escapeInline(reason))
    .join("; ")}.</sub>`;
}

function seenBefore(evidence: Evidence | null): string | null {
  const past = (evidence?.observations ?? []).filter(({ detail }) => detail.kind === "past").slice(0, MOST_PAST);
  return past.length === 0
    ? null
    : `**Seen before:** ${past.map(({ summary, link: url, id }) => `${firstWords(summary, 20)} ${link(id, url)}`).join("; ")}`;
}

function notSeen(evidence: Evidence | null): string | null {
  const down = (evidence?.coverage ?? []).filter(
    (source): source is Extract<Coverage, { answer: "unavailable" }> => source.answer === "unavailable",
  );
  return down.length === 0
    ? null
    : `**Not seen:** ${down
        .slice(0, MOST_DOWN)
        .map(({ source, why }) => `${escapeInline(source)} (${firstWords(why, 10)})`)
        .join(", ")}`;
}
