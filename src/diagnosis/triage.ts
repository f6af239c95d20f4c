/** How bad it is, by measurement. Pure; used by every analyst that has no better judgement. */
import type { Alert, Triage } from "../incident/facts.js";
import type { TriageInput } from "../ports.js";
import { SEVERITIES, type Severity } from "../words.js";

/** Shares of failing requests above which a severity begins; at or above for P0. */
export const SEVERITY_BOUNDS = { P0: 0.9, P1: 0.2, P2: 0.02 } as const;

/** Measured error ratio ≥ 0.9 → P0, > 0.2 → P1, > 0.02 → P2 (P1 for a core service), else P3; without a measurement the monitor's own. */
export function triageByMeasurement({ alerts, service, errorRatio }: TriageInput): Triage {
  const services = service === null ? [] : [service.name];
  if (errorRatio === null || !Number.isFinite(errorRatio)) return { ...severityByMonitor(alerts), services, errorRatio: null };
  const severity = severityByRatio(errorRatio, service?.core ?? false);
  const share = `${Number((errorRatio * 100).toPrecision(3))} % of requests fail`;
  const raised = severity === "P1" && errorRatio <= SEVERITY_BOUNDS.P1 ? " of a core service" : "";
  return { severity, services, why: `${share}${raised}, measured now`, errorRatio };
}

function severityByRatio(ratio: number, isCore: boolean): Severity {
  if (ratio >= SEVERITY_BOUNDS.P0) return "P0";
  if (ratio > SEVERITY_BOUNDS.P1) return "P1";
  if (ratio > SEVERITY_BOUNDS.P2) return isCore ? "P1" : "P2";
  return "P3";
}

/** The most urgent word of those that still fire. A monitor without a word for it is taken as P2: neither ignored nor an alarm at night. */
function severityByMonitor(alerts: readonly Alert[]): Pick<Triage, "severity" | "why"> {
  const firing = alerts.filter(({ state }) => state === "firing");
  const said = (firing.length > 0 ? firing : alerts).flatMap(({ severity }) => severity ?? []);
  const most = SEVERITIES.find((severity) => said.includes(severity));
  if (most === undefined)
    return { severity: "P2", why: "the error ratio could not be measured and the monitor gives no severity" };
  return { severity: most, why: "the monitor's own severity: the error ratio could not be measured" };
}
