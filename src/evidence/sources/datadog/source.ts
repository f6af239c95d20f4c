/** Reviewed queries of a service to Datadog: metrics (`datadog`) and logs (`datadog-logs`). */
import type { SignalQuery } from "../../../config/config.js";
import type { Finding, SourceRequest } from "../../../ports.js";
import { who } from "../../ask.js";
import { httpSource } from "../../http-source.js";
import type { ReadSeries } from "../../neighbours/source.js";
import type { Readings } from "../../signal-reader.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../../timed-source.js";
import { collectAnswers } from "../../unavailable.js";
import { datadogEndpoint, type DatadogOptions } from "./endpoint.js";
import { observeDatadogLogs } from "./logs.js";
import { observeDatadogMetric, readLatest, readSeries } from "./metrics.js";

export interface DatadogSourceOptions extends DatadogOptions {
  /** Lines read for each half of the window, newest first. Default 1,000. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 1_000;

export function createDatadogSource(options: DatadogSourceOptions): TimedSource {
  const { limit = DEFAULT_LIMIT } = options;
  const endpoint = datadogEndpoint(options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const ask: Readonly<Record<string, (signal: SignalQuery) => Promise<readonly Finding[]>>> = {
      datadog: (signal) => observeDatadogMetric(signal, request, endpoint),
      "datadog-logs": (signal) => observeDatadogLogs(signal, request, endpoint, limit),
    };
    const asked = [...request.service.signals.values()].flatMap((signal) => ask[signal.source]?.(signal) ?? []);
    return collectAnswers(await Promise.allSettled(asked));
  };
  return httpSource(endpoint, options, observe);
}

export function createDatadogReader(options: DatadogOptions): ReadSeries {
  const endpoint = datadogEndpoint(options);
  return ({ query }, window, abort) => readSeries(query, window, endpoint, abort);
}

export function datadogReadings(options: DatadogOptions, now: () => Date): Readings {
  const endpoint = datadogEndpoint(options);
  return {
    source: "datadog",
    who: who(endpoint),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    latest: ({ query }, abort) => readLatest(query, now(), endpoint, abort),
  };
}
