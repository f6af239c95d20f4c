import { LABELS, RATE, type Pack } from "./pack.js";

/** Without the pod's own total and its pause container, which would count twice. */
const CONTAINERS = `${LABELS},container!="",container!="POD"`;

export const cadvisor: Pack = {
  name: "cadvisor",
  title: "The containers of a service, from the kubelet's cAdvisor",
  docs: "https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md",
  example: { namespace: "shop", pod: "~checkout-.*" },
  notes: [
    "Pods have names with a hash: take them by a regular expression.",
    "What is a share of a limit has no data where there is no limit.",
  ],
  signals: [
    {
      name: "cpu",
      unit: "cores",
      says: "CPU of the busiest pod",
      query: `max(sum by (pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}${RATE})))`,
    },
    {
      name: "cpu-throttled",
      unit: "ratio",
      says: "Share of periods in which the CPU limit held the most throttled pod back",
      query: `max(sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINERS}}${RATE})) / sum by (pod) (rate(container_cpu_cfs_periods_total{${CONTAINERS}}${RATE})))`,
    },
    {
      name: "saturation",
      unit: "ratio",
      says: "CPU of the busiest pod as a share of its limit",
      query: `max(sum by (pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}${RATE})) / sum by (pod) (container_spec_cpu_quota{${CONTAINERS}} / container_spec_cpu_period{${CONTAINERS}}))`,
    },
    {
      name: "memory",
      unit: "bytes",
      says: "Working set of the largest pod: what counts against its limit",
      query: `max(sum by (pod) (container_memory_working_set_bytes{${CONTAINERS}}))`,
    },
    {
      name: "memory-used",
      unit: "ratio",
      says: "Working set as a share of the memory limit, of the fullest container",
      query: `max(container_memory_working_set_bytes{${CONTAINERS}} / (container_spec_memory_limit_bytes{${CONTAINERS}} > 0))`,
    },
    {
      name: "network-dropped",
      unit: null,
      says: "Packets dropped per second, both ways",
      query: `sum(rate(container_network_receive_packets_dropped_total{${LABELS}}${RATE})) + sum(rate(container_network_transmit_packets_dropped_total{${LABELS}}${RATE}))`,
    },
  ],
};
