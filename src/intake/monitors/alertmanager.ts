/**
 * Prometheus Alertmanager, webhook versions 3 and 4; Grafana's unified alerting sends the same form.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import { z } from "zod";
import type { AlertDraft } from "../draft-alert.js";
import { severityOf, severityOfPriority } from "../severity-words.js";
import { stateOf } from "../state-words.js";

const Texts = z
  .record(z.string(), z.unknown())
  .transform((record) =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([, value]) => isScalar(value))
        .map(([key, value]) => [key, String(value)]),
    ),
  )
  .catch({});
const Text = z.string().catch("");
const Entry = z.object({
  status: z.unknown().optional(),
  labels: Texts,
  annotations: Texts,
  startsAt: z.unknown().optional(),
  endsAt: z.unknown().optional(),
  generatorURL: Text,
  fingerprint: z.union([z.string(), z.undefined()]).catch(undefined),
});
const Body = z.object({
  alerts: z.array(Entry).nonempty(),
  externalURL: Text,
  status: z.unknown().optional(),
  truncatedAlerts: z.number().catch(0),
});

export function readAlertmanager(body: unknown): readonly AlertDraft[] | null {
  const parsed = Body.safeParse(body);
  if (!parsed.success || parsed.data.alerts.every((entry) => Object.keys(entry.labels).length === 0)) return null;
  const { alerts, externalURL, status, truncatedAlerts } = parsed.data;
  const notes = truncatedAlerts > 0 ? [`Alertmanager left out ${truncatedAlerts} more alerts of this group.`] : [];
  return alerts.map((entry) => draftEntry(entry, externalURL, status, notes));
}

function draftEntry(
  entry: z.infer<typeof Entry>,
  externalURL: string,
  groupStatus: unknown,
  notes: readonly string[],
): AlertDraft {
  const { labels, annotations } = entry;
  const name = labels["alertname"] ?? "Alert";
  const { severity: _severity, priority: _priority, ...identity } = labels;
  return {
    name,
    summary: annotations["summary"] ?? annotations["message"] ?? annotations["description"] ?? name,
    state: stateOf(entry.status ?? groupStatus),
    severity: severityOf(labels["severity"]) ?? severityOfPriority(labels["priority"]) ?? severityOf(labels["level"]),
    fingerprint: entry.fingerprint,
    startsAt: entry.startsAt,
    endsAt: entry.endsAt,
    labels,
    annotations,
    identity,
    links: [annotations["runbook_url"] ?? "", annotations["dashboard_url"] ?? "", entry.generatorURL, externalURL],
    value: Number.parseFloat(annotations["value"] ?? labels["value"] ?? ""),
    notes,
  };
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
