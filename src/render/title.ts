import { plainLine } from "../outside/escape.js";
import type { Incident } from "../incident/incident.js";
import { symptomInPlainText, whenInPlainText } from "./symptom.js";

const LONGEST_TITLE = 120;

/** What a lock screen shows: "P1 checkout: 37 % of requests fail since 03:12 UTC". Plain text, at most 120 characters. */
export function renderTitle(incident: Incident): string {
  const since = ` ${whenInPlainText(incident)}`;
  const head = [incident.severity, incident.service ?? "unknown service"].filter((word) => word !== null).join(" ");
  return `${plainLine(`${head}: ${symptomInPlainText(incident)}`, LONGEST_TITLE - since.length)}${since}`;
}
