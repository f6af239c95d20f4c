/**
 * What the client libraries of Prometheus measure of their own process, under the same names in every language.
 * @see https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
import { LABELS, RATE, type PackSignal } from "./pack.js";

export const PROCESS_SIGNALS: readonly PackSignal[] = [
  {
    name: "cpu",
    unit: "cores",
    says: "CPU of the busiest instance",
    query: `max(rate(process_cpu_seconds_total{${LABELS}}${RATE}))`,
  },
  {
    name: "memory",
    unit: "bytes",
    says: "Resident memory of the largest instance",
    query: `max(process_resident_memory_bytes{${LABELS}})`,
  },
  {
    name: "files-used",
    unit: "ratio",
    says: "Open files as a share of the limit, of the instance nearest to it",
    query: `max(process_open_fds{${LABELS}} / process_max_fds{${LABELS}})`,
  },
];
