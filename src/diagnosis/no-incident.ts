/** When nothing is wrong after all: said only where health was measured. Pure. */
import type { Alert, Diagnosis, Observation } from "../incident/facts.js";
import { isTestimony, isWitness } from "../evidence/background.js";
import { readStatement } from "../evidence/statement.js";
import { matches, readForMatching } from "../outside/match.js";
import type { DiagnosisInput } from "../ports.js";
import { isErrorSignal } from "./symptoms.js";
import { SEVERITY_BOUNDS } from "./triage.js";

const ABOUT_ERRORS = /error|fail|5xx|availability|success/i;
const HEALTHY = SEVERITY_BOUNDS.P2;

/**
 * "No incident" when health was measured: by error signals, or by a cluster in which everything runs once the alert is over; and when
 * the alert is a heartbeat, which fires for as long as all is well.
 * @returns null when any of this is not so, or cannot be told
 */
export function findNoIncident(whole: DiagnosisInput): NoIncident | null {
  const input: DiagnosisInput = {
    ...whole,
    observations: whole.observations.filter(isTestimony),
    coverage: whole.coverage.filter(isWitness),
  };
  if (input.observations.some(saysTrouble)) return null;
  const heartbeat = findHeartbeat(input);
  if (heartbeat !== null) return heartbeat;
  if (input.coverage.some(({ answer }) => answer === "unavailable")) return null;
  return findHealthyErrors(input) ?? findHealthyCluster(input);
}

/** Names that monitoring systems give the alert that always fires, so that its silence is noticed. Names of rules, not free text. */
const HEARTBEAT =
  /^(?:prometheus[ -]?)?(?:watchdog|always[ -]?firing|info[ -]?inhibitor|dead[ -]?man'?s?[ -]?(?:switch|snitch))$/i;

/** Whose rules fire while all is well. A service that awaits heartbeats alerts, by the same names, when one is missing. */
const MONITORS_OF_RULES: ReadonlySet<string> = new Set(["alertmanager", "prometheus"]);

/** It fires to show that alerts arrive; its silence would be the trouble, so one that is over is none. What was seen is cited, if anything was. */
function findHeartbeat({ observations, alerts, coverage }: DiagnosisInput): NoIncident | null {
  const isHeartbeat = alerts.length > 0 && alerts.every(isHeartbeatOf);
  if (!isHeartbeat || observations.some((seen) => isAlarming(seen, alerts))) return null;
  const seen = observations.slice(0, 1).map(({ id }) => id);
  const rest = seen.length === 0 ? "nothing else was seen" : "nothing seen is in trouble";
  const blind = coverage.some(({ answer }) => answer === "unavailable") ? ", but not every source answered" : "";
  return {
    kind: "no-incident",
    why: `this alert always fires, to show that alerts arrive; ${rest}${blind}`,
    cites: seen,
    by: "alert",
  };
}

function isHeartbeatOf({ monitor, name, state }: Alert): boolean {
  return MONITORS_OF_RULES.has(monitor) && state === "firing" && matches(name, HEARTBEAT);
}

/** A signal that moved, failing spans, lines that are new, another alert: anybody may name an alert, and a real one may look like it. */
function isAlarming({ detail, score, summary }: Observation, alerts: readonly Alert[]): boolean {
  switch (detail.kind) {
    case "metric":
      return detail.direction === "rose" || detail.direction === "fell";
    case "log":
      return detail.newSinceOnset && score >= TROUBLE;
    case "trace":
      return score >= TROUBLE;
    case "alert":
      return !alerts.some(({ name }) => readForMatching(summary).startsWith(`${readForMatching(name)} fires for `));
    default:
      return false;
  }
}

/** From here on a state is trouble, not a remark. */
const TROUBLE = 0.5;

/** Requests that succeed do not make a pod well that cannot start. */
function saysTrouble(seen: Observation): boolean {
  return seen.score >= TROUBLE && readStatement(seen) !== null;
}

type NoIncident = Extract<Diagnosis, { kind: "no-incident" }>;

/** Pods can be well while requests fail: a healthy cluster counts only beside alerts that are over, and nothing else that changed. */
function findHealthyCluster({ observations, alerts }: DiagnosisInput): NoIncident | null {
  const healthy = observations.find((each) => {
    const said = readStatement(each);
    return said?.of === "cluster" && said.reason === "Healthy";
  });
  const isCalm = observations.every(
    (each) => (each.detail.kind !== "metric" || isInsideBand(each)) && (each.detail.kind !== "log" || !each.detail.newSinceOnset),
  );
  if (healthy === undefined || !isCalm || !alerts.every(({ state }) => state === "resolved")) return null;
  return { kind: "no-incident", why: "the alert is over, and everything in the cluster runs and is ready", cites: [healthy.id] };
}

/**
 * When every source answered, an error signal is measured and healthy, every measured signal is inside its band
 * at its latest points, no new log line is unexplained, and the alerts are over or speak of just these errors.
 * @returns null when any of this is not so, or cannot be told
 */
function findHealthyErrors({ observations, alerts }: DiagnosisInput): NoIncident | null {
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
