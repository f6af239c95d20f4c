/** What went well, badly and by luck: the analyst's narrative and what the facts show by themselves. About systems, not people. */
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { escapeInline } from "../outside/escape.js";
import { factsOf, lastExecution, newestEvidence, newestFact } from "../render/recall.js";
import { count, duration, durationBetween } from "../render/units.js";
import { resolution } from "./summarize.js";

const NOTHING = "Nothing in the record. Add what people know.";

export function wentWell(incident: Incident): readonly string[] {
  const narrated = newestFact(incident.facts, "narrated")?.wentWell.map(escapeInline) ?? [];
  const firstPlan = factsOf(incident.facts, "asked")[0] ?? null;
  const execution = lastExecution(incident);
  const shown = [
    firstPlan === null
      ? null
      : `A plan was ready ${durationBetween(incident.openedAt, firstPlan.at)} after the incident was opened.`,
    execution?.outcome === "recovered"
      ? `The plan worked within ${durationBetween(execution.startedAt, execution.endedAt)} of its start, and the readings confirmed it.`
      : null,
  ];
  return orNothing([...narrated, ...shown]);
}

export function wentBadly(incident: Incident, config: Config): readonly string[] {
  const narrated = newestFact(incident.facts, "narrated")?.wentBadly.map(escapeInline) ?? [];
  const down = (newestEvidence(incident)?.coverage ?? []).filter(({ answer }) => answer === "unavailable");
  const undelivered = factsOf(incident.facts, "paged").filter(({ reached }) => reached.length === 0);
  const shown = [
    down.length === 0
      ? null
      : `${count(down.length, "source")} did not answer during the incident: ${down.map(({ source }) => escapeInline(source)).join(", ")}.`,
    undelivered.length === 0 ? null : `${count(undelivered.length, "page")} could not be delivered.`,
    late(incident, config),
  ];
  return orNothing([...narrated, ...shown]);
}

/** Luck is for people to judge: nothing in the record can tell it from skill. */
export function luck(incident: Incident): readonly string[] {
  const own =
    resolution(incident).how === "recovered-by-itself" ? "It recovered without intervention; nobody knows yet why." : null;
  return orNothing([own]);
}

function late(incident: Incident, config: Config): string | null {
  if (incident.severity === null) return null;
  const target = config.recoveryTargetsMs[incident.severity];
  const took = resolution(incident).at.getTime() - incident.openedAt.getTime();
  return took <= target ? null : `The recovery target of ${duration(target)} was missed by ${duration(took - target)}.`;
}

function orNothing(lines: readonly (string | null)[]): readonly string[] {
  const said = lines.filter((line) => line !== null);
  return said.length === 0 ? [NOTHING] : said;
}
