/** The per-pod metrics that both recorded shops have, in our words. */
import type { MetricKind, ServiceSeries } from "../../src/signals/cause-rank/model.js";
import type { Columns } from "./read-table.js";

interface Meaning {
  readonly kind: MetricKind;
  readonly name: string;
  readonly side: ServiceSeries["side"];
  readonly weight: number;
}

const server = (kind: MetricKind, name: string, weight = 1): Meaning => ({ kind, name, side: "server", weight });
const client = (kind: MetricKind, name: string, weight: number): Meaning => ({ kind, name, side: "client", weight });

const MEANINGS: Readonly<Record<string, Meaning>> = {
  "CpuUsageRate(%)": server("cpu", "CPU (%)"),
  "MemoryUsageRate(%)": server("memory", "memory (%)"),
  SyscallRead: server("io", "read calls"),
  SyscallWrite: server("io", "write calls"),
  NetworkReceiveBytes: server("network", "bytes received"),
  NetworkTransmitBytes: server("network", "bytes sent"),
  "PodServerLatencyP90(s)": server("latency", "latency p90 (s)", 0.6),
  "PodServerLatencyP99(s)": server("latency", "latency p99 (s)", 0.2),
  "PodClientLatencyP90(s)": client("latency", "latency of its calls p90 (s)", 0.6),
  "PodClientLatencyP99(s)": client("latency", "latency of its calls p99 (s)", 0.2),
  "PodWorkload(Ops)": server("traffic", "requests per second"),
};

export function toPodSeries(service: string, columns: Columns): readonly ServiceSeries[] {
  return [...columns].flatMap(([column, points]) => {
    const meaning = MEANINGS[column];
    return meaning === undefined || points.length === 0 ? [] : [{ service, points, ...meaning }];
  });
}
