/** The latest value of a reviewed signal, and whether an alert fires: what triage asks first and verification asks repeatedly. */
import type { Service } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Clock, SignalReader } from "../ports.js";
import { askJson, who, type Endpoint } from "./ask.js";
import { withDeadline } from "./deadline.js";
import { askTwice } from "./retry.js";
import { AlertsAnswer, InstantAnswer, parseAnswer, readSample } from "./sources/prometheus-wire.js";
import { prometheusEndpoint, type PrometheusOptions } from "./sources/prometheus.js";
import { DEFAULT_TIMEOUT_MS } from "./timed-source.js";

export interface SignalReaderOptions {
  readonly prometheus: Omit<PrometheusOptions, "stepMs"> | null;
  readonly clock: Pick<Clock, "sleep">;
  /** Told why a value is missing, in one line without secrets. */
  readonly onProblem?: (message: string) => void;
}

/** Monitors whose alerts are Prometheus' own: only for them does absence from its list mean that the alert is over. */
const PROMETHEUS_MONITORS = new Set(["alertmanager", "prometheus"]);

/** Every failure reads as null: a gap, a NaN, several series where one is needed, a source that is down or not configured. */
export function createSignalReader({ prometheus, clock, onProblem = ignore }: SignalReaderOptions): SignalReader {
  const endpoint = prometheus === null ? null : prometheusEndpoint({ ...prometheus, stepMs: 1 });
  const timeoutMs = prometheus?.timeoutMs ?? DEFAULT_TIMEOUT_MS;

  async function orNull<T>(question: (endpoint: Endpoint, signal: AbortSignal) => Promise<T>): Promise<T | null> {
    if (endpoint === null) return null;
    try {
      return await withDeadline(timeoutMs, who(endpoint), (signal) =>
        askTwice(
          () => question(endpoint, signal),
          (ms) => clock.sleep(ms),
        ),
      );
    } catch (error) {
      onProblem(error instanceof Error ? error.message : "The signal could not be read.");
      return null;
    }
  }

  return {
    read: async (service, signal) => {
      const query = reviewedQuery(service, signal);
      return query === null ? null : orNull((asked, abort) => readLatest(query, asked, abort));
    },
    isFiring: (alert) => orNull((asked, abort) => findAlert(alert, asked, abort)),
  };
}

function ignore(): void {
  // Nobody asked for the reasons.
}

function reviewedQuery(service: Service, signal: string): string | null {
  const found = service.signals.get(signal);
  return found?.source === "prometheus" ? found.query : null;
}

async function readLatest(query: string, endpoint: Endpoint, signal: AbortSignal): Promise<number | null> {
  const answer = await askJson(endpoint, { path: "/api/v1/query", params: { query }, signal });
  const { data } = parseAnswer(InstantAnswer, answer, who(endpoint));
  if (data.resultType === "scalar") return readSample(data.result)?.value ?? null;
  const [only, ...others] = data.result;
  return only === undefined || others.length > 0 ? null : (readSample(only.value)?.value ?? null);
}

/** Pending counts as firing: its condition holds. Compared here, so that no text of an alert is part of a query. */
async function findAlert(alert: Alert, endpoint: Endpoint, signal: AbortSignal): Promise<boolean | null> {
  const answer = await askJson(endpoint, { path: "/api/v1/alerts", signal });
  const { alerts } = parseAnswer(AlertsAnswer, answer, who(endpoint)).data;
  const isActive = alerts.some(({ labels, state }) => state !== "inactive" && isSameAlert(labels, alert));
  return isActive || PROMETHEUS_MONITORS.has(alert.monitor) ? isActive : null;
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
