/** The latest value of a reviewed signal, and whether an alert fires: what triage asks first and verification asks repeatedly. */
import type { Service } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Clock, SignalReader } from "../ports.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "./ask.js";
import { withDeadline } from "./deadline.js";
import { askTwice } from "./retry.js";
import { askAlerts } from "./sources/alertmanager-wire.js";
import { AlertsAnswer, InstantAnswer, parseAnswer, readSample } from "./sources/prometheus-wire.js";
import { prometheusEndpoint, type PrometheusOptions } from "./sources/prometheus.js";
import { DEFAULT_TIMEOUT_MS } from "./timed-source.js";

export interface SignalReaderOptions {
  readonly prometheus: Omit<PrometheusOptions, "stepMs"> | null;
  /** Asked as well whether an alert fires. */
  readonly alertmanager?: HttpOptions | null;
  readonly clock: Pick<Clock, "sleep">;
  /** Told why a value is missing, in one line without secrets. */
  readonly onProblem?: (message: string) => void;
}

/** Monitors whose alerts are Prometheus' own: only for them does absence from its list mean that the alert is over. */
const PROMETHEUS_MONITORS = new Set(["alertmanager", "prometheus"]);

/** Every failure reads as null: a gap, a NaN, several series where one is needed, a source that is down or not configured. */
export function createSignalReader(options: SignalReaderOptions): SignalReader {
  const { prometheus, alertmanager = null, clock, onProblem = ignore } = options;
  const metrics = prometheus === null ? null : prometheusEndpoint({ ...prometheus, stepMs: 1 });
  const alerts = alertmanager === null ? null : endpointOf("alertmanager", alertmanager);

  async function orNull<T>(
    endpoint: Endpoint | null,
    question: (endpoint: Endpoint, signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    if (endpoint === null) return null;
    const timeoutMs = (endpoint === alerts ? alertmanager : prometheus)?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
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
      return query === null ? null : orNull(metrics, (asked, abort) => readLatest(query, asked, abort));
    },
    isFiring: async (alert) => {
      const answers = await Promise.all([
        orNull(metrics, (asked, abort) => findAlert(alert, asked, abort)),
        orNull(alerts, (asked, abort) => findKnownAlert(alert, asked, abort)),
      ]);
      return answers.includes(true) ? true : answers.includes(false) ? false : null;
    },
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

/** Alertmanager forgets what ended. After its own restart it knows nothing for a moment, so Prometheus' "yes" outweighs its "no". */
async function findKnownAlert(alert: Alert, endpoint: Endpoint, signal: AbortSignal): Promise<boolean | null> {
  const known = await askAlerts(endpoint, signal);
  const isKnown = known.some(({ labels }) => isSameAlert(labels, alert));
  return isKnown || PROMETHEUS_MONITORS.has(alert.monitor) ? isKnown : null;
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
