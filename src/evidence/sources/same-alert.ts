/** Whether what a source lists is the alert of an incident. Pure. */
import type { Alert } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";

/** Monitors whose alerts are Prometheus' own: only for them does absence from its list mean that the alert is over. */
const PROMETHEUS_MONITORS = new Set(["alertmanager", "prometheus"]);

/** @param listed - labels of what fires now; @returns null when not being listed says nothing about an alert of this monitor */
export function isListed(listed: readonly Readonly<Record<string, string>>[], alert: Alert): boolean | null {
  const isThere = listed.some((labels) => isSameAlert(labels, alert));
  return isThere || PROMETHEUS_MONITORS.has(alert.monitor) ? isThere : null;
}

/** Same alert name, and no label that both know has another value: Alertmanager's copy has external labels on top. */
function isSameAlert(labels: Readonly<Record<string, string>>, alert: Alert): boolean {
  const name = readForMatching(alert.labels["alertname"] ?? alert.name);
  if (labels["alertname"] === undefined || asKept(labels["alertname"]) !== name) return false;
  return Object.entries(labels).every(([key, value]) => {
    const ours = alert.labels[key];
    return ours === undefined || readForMatching(ours) === asKept(value);
  });
}

/** The alert's labels were redacted at intake: the same has to happen here before comparing. */
function asKept(value: string): string {
  return readForMatching(redact(value));
}
