/** Bodies that monitors send, small and made for the tests. */
import { readFileSync } from "node:fs";

const LIVE = new URL("../fixtures/alertmanager-live/", import.meta.url);

/** A body captured from a real Alertmanager 0.25. */
export function captured(name: "firing" | "resolved" | "group-firing" | "group-mixed" | "amtool"): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, LIVE), "utf8"));
}

export function dispatch(raw: unknown, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { version: 1, monitor: "alertmanager", received_at: "2026-11-20T11:59:30Z", raw, ...more };
}

export function alertmanager(
  ...alerts: readonly {
    readonly service: string;
    readonly status?: string;
    readonly fingerprint?: string;
    readonly startsAt?: string;
  }[]
): unknown {
  return {
    version: "4",
    status: "firing",
    externalURL: "http://alertmanager.example",
    alerts: alerts.map(({ service, status = "firing", fingerprint, startsAt = "2026-11-20T11:58:00Z" }) => ({
      status,
      labels: { alertname: "ErrorRateHigh", service, severity: "critical" },
      annotations: { summary: `${service} fails` },
      startsAt,
      endsAt: status === "resolved" ? "2026-11-20T11:59:00Z" : "0001-01-01T00:00:00Z",
      fingerprint: fingerprint ?? `fp-${service}`,
    })),
  };
}
