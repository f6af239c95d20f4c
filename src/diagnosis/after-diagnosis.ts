import type { Config } from "../config/config.js";
import type { Diagnosis } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import type { Step } from "../step.js";

/** No incident ends it; unsure looks again with wider windows, then goes to people; sure enough goes on to a plan. */
export function decideAfterDiagnosis(diagnosis: Diagnosis, incident: Incident, config: Config): Step {
  if (diagnosis.kind === "no-incident") return { do: "resolve", how: "no-incident", note: diagnosis.why };
  const doubt = whyUnsure(diagnosis, incident, config);
  if (doubt === null) return afterCause(incident, config);
  if (attemptsLeft(incident, config) > 0)
    return { do: "gather", attempt: incident.attempt + 1, widening: wideningOf(incident.attempt + 1, incident) };
  return { do: "escalate", reason: "unsure", detail: `After ${attemptsMade(incident)} attempts: ${doubt}` };
}

function whyUnsure(diagnosis: Exclude<Diagnosis, { kind: "no-incident" }>, incident: Incident, config: Config): string | null {
  if (diagnosis.kind === "unknown") return diagnosis.why;
  const needed = config.diagnosis.confidence[incident.severity ?? "P0"];
  const { value } = diagnosis.confidence;
  return value >= needed
    ? null
    : `confidence ${Math.round(value * 100)} % is below the ${Math.round(needed * 100)} % that ${incident.severity ?? "P0"} asks for.`;
}

function afterCause(incident: Incident, config: Config): Step {
  const service = config.services.get(incident.service ?? "");
  if (service?.mode === "observe")
    return {
      do: "escalate",
      reason: "observe-mode",
      detail: `${service.name} is in mode observe: the cause is found, people act.`,
    };
  return { do: "propose" };
}

function attemptsLeft(incident: Incident, config: Config): number {
  return config.diagnosis.attempts - attemptsMade(incident);
}

function attemptsMade({ attempt, roundStart }: Incident): number {
  return attempt - roundStart + 1;
}

/** Each further attempt of a round doubles every window. */
export function wideningOf(attempt: number, { roundStart }: Incident): number {
  return 2 ** (attempt - roundStart);
}
