/** What should be done so that it does not happen again: the runbook's follow-ups and what the facts ask for. */
import { escapeInline } from "../outside/escape.js";
import type { Incident } from "../incident/incident.js";
import { table } from "../render/markdown.js";
import { first, newestCause, newestEvidence } from "../render/recall.js";
import type { PostmortemView } from "./render.js";

type Priority = "high" | "medium" | "low";

export function actionItems(view: PostmortemView): string {
  const { incident, followUps } = view;
  const urgent: Priority = incident.severity === "P0" || incident.severity === "P1" ? "high" : "medium";
  const items: readonly (readonly [string, Priority])[] = [
    ...keepTheFix(incident).map((item): [string, Priority] => [item, urgent]),
    ...followUps.map((item): [string, Priority] => [escapeInline(item), urgent]),
    ...observability(incident).map((item): [string, Priority] => [item, "medium"]),
    ...knowledge(incident).map((item): [string, Priority] => [item, "low"]),
  ];
  if (items.length === 0) return "None in the record. Add what people decide.";
  const owner = ownerOf(view);
  return table(
    ["What", "Owner", "Priority"],
    items.map(([what, priority]) => [what, owner, priority]),
  );
}

/** Owners stand as dead text: a file should not notify anyone each time it is quoted. */
function ownerOf({ incident, config }: PostmortemView): string {
  const service = incident.service === null ? undefined : config.services.get(incident.service);
  return service === undefined ? "to be found" : escapeInline(service.owners[0]);
}

/** A remediation treats the symptom: the cause comes back with the next deployment unless someone removes it. */
function keepTheFix(incident: Incident): readonly string[] {
  const worked = incident.executions.some(({ outcome }) => outcome === "recovered");
  return worked
    ? ["Remove the cause itself before the next change to this service; the remediation only took its effect away"]
    : [];
}

function observability(incident: Incident): readonly string[] {
  const down = (newestEvidence(incident)?.coverage ?? []).filter(({ answer }) => answer === "unavailable");
  return down.map(({ source }) => `See that ${escapeInline(source)} answers during an incident`);
}

function knowledge(incident: Incident): readonly string[] {
  const cause = newestCause(incident);
  const known = cause !== null && first(cause.hypotheses).runbook !== null;
  return known ? [] : ["Write a runbook for this cause"];
}
