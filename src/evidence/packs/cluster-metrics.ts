/**
 * What Prometheus is asked about all apps of a namespace and the nodes, beside what `kubectl` tells. As reviewed as the packs, and
 * bounded like them: at most `MAX_CLUSTER_QUESTIONS` queries for one look.
 */
import { LABELS, RATE } from "./pack.js";

export const METRIC_FAMILIES = ["cadvisor", "istio", "node-exporter"] as const;
export type MetricFamily = (typeof METRIC_FAMILIES)[number];

/** What a figure is of; each check reads some of them. */
export type ClusterSignal = "latency" | "cpu" | "cpu-throttled" | "retransmissions" | "requests" | "errors" | "memory";

export interface ClusterQuestion {
  readonly family: MetricFamily;
  readonly signal: ClusterSignal | "calls";
  /** The label that names what a series is of; further labels tell several series of one thing apart. */
  readonly of: "pod" | "destination_service_name" | "nodename";
  readonly unit: string | null;
  readonly says: string;
  /** PromQL; `LABELS` stands for a matcher of the namespace. */
  readonly query: string;
}

export const MAX_CLUSTER_QUESTIONS = 8;

const CONTAINERS = `${LABELS},container!="",container!="POD"`;
/** Of a node by the name it gives itself, which is mostly the node's own: `instance` is an address. */
const byNode = (metric: string): string =>
  `sum by (nodename) (rate(${metric}${RATE}) * on (instance) group_left (nodename) max by (instance, nodename) (node_uname_info))`;
/**
 * By service, as both ends of a call count: of a service without a healthy pod there is no workload to report, and only its callers know.
 */
const byService = (metric: string, labels = LABELS): string =>
  `sum by (reporter, destination_service_name) (rate(${metric}{${labels}}${RATE}))`;
const REQUESTS = byService("istio_requests_total");
const FAILED = byService("istio_requests_total", `${LABELS},response_code=~"5..|0"`);

/** The label that holds the namespace, by family. Figures of nodes are not bound to one. */
export const NAMESPACE_LABEL: Readonly<Record<MetricFamily, string>> = {
  cadvisor: "namespace",
  istio: "destination_service_namespace",
  "node-exporter": "namespace",
};

export const CLUSTER_QUESTIONS: readonly ClusterQuestion[] = [
  {
    family: "cadvisor",
    signal: "cpu",
    of: "pod",
    unit: "cores",
    says: "CPU of each pod",
    query: `sum by (pod) (rate(container_cpu_usage_seconds_total{${CONTAINERS}}${RATE}))`,
  },
  {
    family: "cadvisor",
    signal: "cpu-throttled",
    of: "pod",
    unit: "ratio",
    says: "Share of periods in which the CPU limit held the pod back",
    query: `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINERS}}${RATE})) / sum by (pod) (rate(container_cpu_cfs_periods_total{${CONTAINERS}}${RATE}))`,
  },
  {
    family: "cadvisor",
    signal: "memory",
    of: "pod",
    unit: "bytes",
    says: "Working set of each pod",
    query: `sum by (pod) (container_memory_working_set_bytes{${CONTAINERS}})`,
  },
  {
    family: "istio",
    signal: "latency",
    of: "destination_service_name",
    unit: "ms",
    says: "Mean time of a request, as its own proxy and as its callers' proxies measure it",
    query: `${byService("istio_request_duration_milliseconds_sum")} / ${byService("istio_request_duration_milliseconds_count")}`,
  },
  {
    family: "istio",
    signal: "requests",
    of: "destination_service_name",
    unit: null,
    says: "Requests per second that reach each app",
    query: byService("istio_requests_total", `${LABELS},reporter="destination"`),
  },
  {
    family: "istio",
    signal: "errors",
    of: "destination_service_name",
    unit: "ratio",
    says: "Share of requests to each app that are answered with 5xx or not at all, as both ends count",
    query: `(${FAILED} or 0 * ${REQUESTS}) / ${REQUESTS}`,
  },
  {
    family: "istio",
    signal: "calls",
    of: "destination_service_name",
    unit: null,
    says: "Who called whom in the last half hour",
    query: `sum by (source_workload, destination_service_name) (increase(istio_requests_total{${LABELS},reporter="source"}[30m])) > 0`,
  },
  {
    family: "node-exporter",
    signal: "retransmissions",
    of: "nodename",
    unit: "per thousand",
    says: "TCP segments that each node sent again, of a thousand",
    query: `1000 * ${byNode("node_netstat_Tcp_RetransSegs")} / ${byNode("node_netstat_Tcp_OutSegs")}`,
  },
];
