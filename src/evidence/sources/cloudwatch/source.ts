/** Reviewed queries of a service to Amazon CloudWatch: metrics (`cloudwatch`) and logs (`cloudwatch-logs`). */
import type { SignalQuery } from "../../../config/config.js";
import type { Finding, SourceRequest } from "../../../ports.js";
import type { ReadSeries } from "../../neighbours/source.js";
import type { Readings } from "../../signal-reader.js";
import type { TimedSource } from "../../timed-source.js";
import { collectAnswers } from "../../unavailable.js";
import { createClients, type ClientOptions } from "./clients.js";
import { observeCloudwatchLogs, type LogsOptions } from "./logs.js";
import { observeCloudwatchMetric, readLatest, readSeries } from "./metrics.js";

export interface CloudwatchOptions extends ClientOptions, Partial<LogsOptions> {
  readonly timeoutMs: number;
}

const DEFAULT_LIMIT = 1_000;
const FIRST_POLL_MS = 250;

export function createCloudwatchSource(options: CloudwatchOptions): TimedSource {
  const { timeoutMs, limit = DEFAULT_LIMIT, pollMs = FIRST_POLL_MS } = options;
  const clients = createClients(options);
  const observe = async (request: SourceRequest): Promise<readonly Finding[]> => {
    const ask: Readonly<Record<string, (signal: SignalQuery) => Promise<readonly Finding[]>>> = {
      cloudwatch: (signal) => observeCloudwatchMetric(signal, request, clients),
      "cloudwatch-logs": (signal) => observeCloudwatchLogs(signal, request, clients, { limit, pollMs }),
    };
    const asked = [...request.service.signals.values()].flatMap((signal) => ask[signal.source]?.(signal) ?? []);
    return collectAnswers(await Promise.allSettled(asked));
  };
  return { name: "cloudwatch", timeoutMs, observe };
}

export function createCloudwatchReader(options: ClientOptions): ReadSeries {
  const clients = createClients(options);
  return ({ query }, window, abort) => readSeries(query, window, clients, abort);
}

export function cloudwatchReadings(options: CloudwatchOptions, now: () => Date): Readings {
  const clients = createClients(options);
  return {
    source: "cloudwatch",
    who: clients.who,
    timeoutMs: options.timeoutMs,
    latest: ({ query }, abort) => readLatest(query, now(), clients, abort),
  };
}
