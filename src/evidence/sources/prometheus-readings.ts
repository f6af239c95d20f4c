/** What Prometheus knows about this moment: the value of an instant query, and which alerts fire. */
import type { Alert } from "../../incident/facts.js";
import { askJson, endpointOf, who, type Endpoint, type HttpOptions } from "../ask.js";
import type { Readings } from "../signal-reader.js";
import { DEFAULT_TIMEOUT_MS } from "../timed-source.js";
import { parseAnswer } from "../parse-answer.js";
import { AlertsAnswer, gapOf, InstantAnswer, readSample } from "./prometheus-wire.js";
import { isListed } from "./same-alert.js";

export function prometheusReadings(options: HttpOptions): Readings {
  const endpoint = endpointOf("prometheus", options);
  return {
    source: "prometheus",
    who: who(endpoint),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    latest: ({ query }, abort) => readLatest(query, endpoint, abort),
    isFiring: (alert, abort) => findAlert(alert, endpoint, abort),
  };
}

async function readLatest(query: string, endpoint: Endpoint, signal: AbortSignal): Promise<number | null> {
  const answer = await askJson(endpoint, { path: "/api/v1/query", params: { query }, signal });
  const parsed = parseAnswer(InstantAnswer, answer, who(endpoint));
  if (gapOf(parsed) !== null) return null; // a part of the whole is not its value
  const { data } = parsed;
  if (data.resultType === "scalar") return readSample(data.result)?.value ?? null;
  const [only, ...others] = data.result;
  return only === undefined || others.length > 0 ? null : (readSample(only.value)?.value ?? null);
}

/** Pending counts as firing: its condition holds. Compared here, so that no text of an alert is part of a query. */
async function findAlert(alert: Alert, endpoint: Endpoint, signal: AbortSignal): Promise<boolean | null> {
  const answer = await askJson(endpoint, { path: "/api/v1/alerts", signal });
  const { alerts } = parseAnswer(AlertsAnswer, answer, who(endpoint)).data;
  const active = alerts.filter(({ state }) => state !== "inactive");
  return isListed(
    active.map(({ labels }) => labels),
    alert,
  );
}
