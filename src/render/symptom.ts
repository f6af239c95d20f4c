/** What hurts, in one short clause: measured where something was measured, else in the monitor's own words. */
import { plainLine } from "../outside/escape.js";
import type { Outside } from "../outside/outside.js";
import type { Incident } from "../incident/incident.js";
import { firstWords } from "./markdown.js";
import { metrics, newestEvidence, newestFact, resolvedAt, type MetricObservation } from "./recall.js";
import { percent, quantity, time } from "./units.js";

const LONGEST_TOLD = 60;

/** The symptom as plain text: "37 % of requests fail", or the name of the alert. */
export function symptomInPlainText(incident: Incident): string {
  const ratio = measuredErrorRatio(incident);
  return ratio === null ? plainLine(told(incident), LONGEST_TOLD) : failing(ratio, incident);
}

/** "since 03:12 UTC", or "from 03:12 UTC to 03:23 UTC" once it is over. */
export function whenInPlainText(incident: Incident): string {
  const end = resolvedAt(incident);
  return end === null ? `since ${time(incident.onset)}` : `from ${time(incident.onset)} to ${time(end, incident.onset)}`;
}

/** The symptom as a line of markdown, with what is normal and since when. */
export function symptomLine(incident: Incident): string {
  const worst = worstMetric(incident);
  const ratio = measuredErrorRatio(incident);
  const what = ratio === null ? firstWords(told(incident), 30) : failing(ratio, incident);
  const normal =
    worst === null || worst.detail.before === null ? "" : ` (normal ${quantity(worst.detail.before, worst.detail.unit)})`;
  const measuredAt = newestFact(incident.facts, "evidence")?.at ?? null;
  const asOf =
    ratio === null || measuredAt === null || resolvedAt(incident) !== null
      ? ""
      : `, measured ${time(measuredAt, incident.onset)}`;
  return `**${what}**${ratio === null ? "" : normal} **${whenInPlainText(incident)}**${asOf}.`;
}

/** The share of requests that fail, as last measured before anything was done about it; null when nobody measured it. */
export function measuredErrorRatio(incident: Incident): number | null {
  return worstMetric(incident)?.detail.now ?? newestFact(incident.facts, "triaged")?.triage.errorRatio ?? null;
}

/** In the monitor's own words: its summary, else the name of the alert. */
function told({ alerts: [{ alert }] }: Incident): Outside {
  return alert.summary.outside.trim() === "" ? alert.name : alert.summary;
}

function failing(ratio: number, incident: Incident): string {
  return `${percent(ratio)} of requests ${resolvedAt(incident) === null ? "fail" : "failed"}`;
}

function worstMetric(incident: Incident): MetricObservation | null {
  const ratios = metrics(newestEvidence(incident)).filter(
    ({ subject, detail }) => subject === incident.service && detail.signal === "error-ratio" && detail.now !== null,
  );
  return ratios[0] ?? null;
}
