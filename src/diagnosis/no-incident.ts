/** When nothing is wrong after all: said only where health was measured. Pure. */
import type { Alert, Diagnosis, Observation } from "../incident/facts.js";
import { matches } from "../outside/match.js";
import type { DiagnosisInput } from "../ports.js";
import { isErrorSignal } from "./symptoms.js";
import { SEVERITY_BOUNDS } from "./triage.js";

const ABOUT_ERRORS = /error|fail|5xx|availability|success/i;
const HEALTHY = SEVERITY_BOUNDS.P2;

/**
 * "No incident" when every source answered, an error signal is measured and healthy, every measured signal is inside its band
 * at its latest points, no new log line is unexplained, and the alerts are over or speak of just these errors.
 * @returns null when any of this is not so, or cannot be told
 */
export function findNoIncident({
  observations,
  coverage,
  alerts,
}: DiagnosisInput): Extract<Diagnosis, { kind: "no-incident" }> | null {
  if (coverage.some(({ answer }) => answer === "unavailable")) return null;
  const metrics = observations.filter(({ detail }) => detail.kind === "metric");
  const errors = metrics.filter(({ detail }) => detail.kind === "metric" && isErrorSignal(detail.signal));
  if (errors.length === 0 || !metrics.every(isInsideBand) || !errors.every(isHealthy)) return null;

  const hadRisen = errors.some(({ detail }) => detail.kind === "metric" && detail.onsetAt !== null);
  const hasNewLogs = observations.some(({ detail }) => detail.kind === "log" && detail.newSinceOnset);
  if ((hasNewLogs && !hadRisen) || !alerts.every(isOverOrMeasured)) return null;
  const why = hadRisen
    ? "errors rose and are back inside their usual band; every measured signal is healthy"
    : "errors never left their usual band and every measured signal is healthy";
  return { kind: "no-incident", why, cites: errors.map(({ id }) => id) };
}

function isInsideBand({ detail }: Observation): boolean {
  return detail.kind === "metric" && detail.direction === "steady" && detail.now !== null;
}

function isHealthy({ detail }: Observation): boolean {
  return (
    detail.kind === "metric" && detail.now !== null && (detail.unit === null || detail.unit === "ratio") && detail.now <= HEALTHY
  );
}

/** An alert that fires about something nobody measured may well be right. */
function isOverOrMeasured({ state, name, summary }: Alert): boolean {
  return state === "resolved" || matches(name, ABOUT_ERRORS) || matches(summary, ABOUT_ERRORS);
}
