/** What hurts, in one short clause: measured where something was measured, else in the monitor's or the reporter's own words. */
import { plainLine } from "../outside/escape.js";
import type { Outside } from "../outside/outside.js";
import type { Incident } from "../incident/incident.js";
import { baseline, TROUBLE_RATIO } from "./baseline.js";
import { capitalized, firstWords } from "./markdown.js";
import { newestErrorRatio, worstErrorRatio } from "./measured.js";
import { resolvedAt } from "./recall.js";
import { duration, percent, time } from "./units.js";

const LONGEST_TOLD = 60;
const MINUTE = 60_000;

/** The symptom as plain text: "37 % of requests fail", or the name of the alert. */
export function symptomInPlainText(incident: Incident): string {
  const ratio = headlineRatio(incident);
  return ratio === null ? toldShort(incident) : failing(ratio, incident);
}

/** "since 03:12 UTC"; once it is over "from 03:12 UTC to 03:23 UTC", or "for 18 s at 03:12 UTC" when it was that short. */
export function whenInPlainText(incident: Incident): string {
  const { onset } = incident;
  const end = resolvedAt(incident);
  if (end === null) return `since ${time(onset)}`;
  const lasted = end.getTime() - onset.getTime();
  return lasted < MINUTE ? `for ${duration(lasted)} at ${time(onset)}` : `from ${time(onset)} to ${time(end, onset)}`;
}

/** The symptom as a line of markdown, with what is normal and since when. */
export function symptomLine(incident: Incident): string {
  const ratio = headlineRatio(incident);
  if (ratio === null) return `**${firstWords(told(incident), 30)}** **${whenInPlainText(incident)}**${measuredToo(incident)}.`;
  return `**${capitalized(failing(ratio, incident))}**${normal(incident)} **${whenInPlainText(incident)}**${asOf(incident)}.`;
}

/** The share of requests that fail, as `worstErrorRatio` has it; null when nobody measured it. */
export function measuredErrorRatio(incident: Incident): number | null {
  return worstErrorRatio(incident)?.ratio ?? null;
}

/** What a person noticed is not overruled by a share of failing requests that looks harmless. */
function headlineRatio(incident: Incident): number | null {
  const ratio = measuredErrorRatio(incident);
  return ratio !== null && ratio < TROUBLE_RATIO ? null : ratio;
}

/** In the monitor's own words: its summary, else the name of the alert. */
function told({ alerts: [{ alert }] }: Incident): Outside {
  return alert.summary.outside.trim() === "" ? alert.name : alert.summary;
}

/** A sentence that would be cut says less than the name of the alert. */
function toldShort(incident: Incident): string {
  const [{ alert }] = incident.alerts;
  const whole = plainLine(told(incident));
  const name = plainLine(alert.name, LONGEST_TOLD);
  return whole.length <= LONGEST_TOLD || name === "" ? plainLine(told(incident), LONGEST_TOLD) : name;
}

function failing(ratio: number, incident: Incident): string {
  return resolvedAt(incident) === null
    ? `${percent(ratio)} of requests fail`
    : `${ratio > 0 ? "up to " : ""}${percent(ratio)} of requests failed`;
}

function measuredToo(incident: Incident): string {
  const ratio = measuredErrorRatio(incident);
  return ratio === null ? "" : `; ${failing(ratio, incident)}`;
}

function normal(incident: Incident): string {
  const detail = newestErrorRatio(incident)?.detail;
  return detail === undefined || detail.before === null ? "" : ` (${baseline(detail.before, detail.signal, detail.unit)})`;
}

function asOf(incident: Incident): string {
  const worst = worstErrorRatio(incident);
  return worst === null || resolvedAt(incident) !== null ? "" : `, measured ${time(worst.at, incident.onset)}`;
}
