/**
 * What exporters expose, as series over an hour with an onset in it: names and labels as their documentation shows them, written
 * apart from the packs, so that a query with a wrong name or label finds nothing here.
 */
export interface ExposedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: "counter" | "gauge";
  /** Of a counter per second, of a gauge the value. null: the series does not exist then. */
  readonly before: number | null;
  readonly since: number | null;
}

type Level = number | readonly [before: number | null, since: number | null];
type Labels = Readonly<Record<string, string>>;

const counter = (name: string, labels: Labels, level: Level): ExposedSeries => expose("counter", name, labels, level);
const gauge = (name: string, labels: Labels, level: Level): ExposedSeries => expose("gauge", name, labels, level);

function expose(kind: ExposedSeries["kind"], name: string, labels: Labels, level: Level): ExposedSeries {
  const [before, since] = typeof level === "number" ? [level, level] : level;
  return { name, labels, kind, before, since };
}

/** Buckets of a histogram whose observations moved from the first to the second bound. */
function histogram(name: string, labels: Labels, [fast, slow]: readonly [string, string], rate: number): ExposedSeries[] {
  return [
    counter(`${name}_bucket`, { ...labels, le: fast }, [rate, rate / 10]),
    counter(`${name}_bucket`, { ...labels, le: slow }, rate),
    counter(`${name}_bucket`, { ...labels, le: "+Inf" }, rate),
    counter(`${name}_count`, labels, rate),
    counter(`${name}_sum`, labels, [rate * Number(fast) * 0.5, rate * Number(slow) * 0.8]),
  ];
}

const PODS = ["checkout-5c6b47d9f-fghij", "checkout-5c6b47d9f-klmno"];
const OTHER = "payments-7d9f5c6b4-abcde";

const kubeStateMetrics = [
  gauge("kube_deployment_spec_replicas", { namespace: "shop", deployment: "checkout" }, 2),
  gauge("kube_deployment_status_replicas_available", { namespace: "shop", deployment: "checkout" }, [2, 1]),
  gauge("kube_deployment_status_replicas_updated", { namespace: "shop", deployment: "checkout" }, [2, 1]),
  gauge("kube_deployment_spec_replicas", { namespace: "shop", deployment: "payments" }, 7),
  ...[...PODS, OTHER].flatMap((pod) => [
    counter("kube_pod_container_status_restarts_total", { namespace: "shop", pod, container: "server" }, [0, 0.01]),
    gauge("kube_pod_status_ready", { namespace: "shop", pod, condition: "true" }, [1, 0]),
    gauge("kube_pod_status_ready", { namespace: "shop", pod, condition: "false" }, [0, 1]),
    gauge("kube_pod_status_phase", { namespace: "shop", pod, phase: "Pending" }, 0),
    gauge("kube_pod_status_phase", { namespace: "shop", pod, phase: "Running" }, 1),
    gauge(
      "kube_pod_container_status_waiting_reason",
      { namespace: "shop", pod, container: "server", reason: "CrashLoopBackOff" },
      [null, 1],
    ),
    gauge(
      "kube_pod_container_status_last_terminated_reason",
      { namespace: "shop", pod, container: "server", reason: "OOMKilled" },
      [null, 1],
    ),
  ]),
];

const cadvisor = [...PODS, OTHER].flatMap((pod, index) => {
  const labels = { namespace: "shop", pod, container: "server", id: `/kubepods/pod${index}/server` };
  const whole = { namespace: "shop", pod, container: "", id: `/kubepods/pod${index}` };
  const isBusy = index === 0;
  return [
    counter("container_cpu_usage_seconds_total", labels, isBusy ? [0.05, 0.5] : 0.05),
    counter("container_cpu_usage_seconds_total", whole, isBusy ? [0.05, 0.5] : 0.05),
    counter("container_cpu_cfs_periods_total", labels, 10),
    counter("container_cpu_cfs_throttled_periods_total", labels, isBusy ? [0.1, 6] : 0.1),
    gauge("container_spec_cpu_quota", labels, 50_000),
    gauge("container_spec_cpu_period", labels, 100_000),
    gauge("container_memory_working_set_bytes", labels, isBusy ? [1e8, 4e8] : 1e8),
    gauge("container_spec_memory_limit_bytes", labels, index === 1 ? 0 : 5e8),
    counter("container_network_receive_packets_dropped_total", { namespace: "shop", pod, interface: "eth0" }, [0, 3]),
    counter("container_network_transmit_packets_dropped_total", { namespace: "shop", pod, interface: "eth0" }, 0),
  ];
});

const hop = (from: string, to: string): Labels => ({
  source_workload: from,
  source_workload_namespace: "shop",
  destination_workload: to,
  destination_workload_namespace: "shop",
  destination_service_name: to,
  destination_service_namespace: "shop",
  request_protocol: "http",
  response_flags: "-",
});
/** web → checkout → payments; payments is slow and fails since the onset. */
const istio = (["destination", "source"] as const).flatMap((reporter) =>
  [hop("web", "checkout"), hop("checkout", "payments")].flatMap((labels) => [
    counter("istio_requests_total", { ...labels, reporter, response_code: "200" }, 20),
    counter("istio_requests_total", { ...labels, reporter, response_code: "503" }, [null, 10]),
    counter("istio_requests_total", { ...labels, reporter, response_code: "0", response_flags: "UF,URX" }, [null, 1]),
    counter(
      "istio_requests_total",
      { ...labels, reporter, response_code: "200", request_protocol: "grpc", grpc_response_status: "0" },
      5,
    ),
    counter(
      "istio_requests_total",
      { ...labels, reporter, response_code: "200", request_protocol: "grpc", grpc_response_status: "14" },
      [null, 5],
    ),
    ...histogram("istio_request_duration_milliseconds", { ...labels, reporter, response_code: "200" }, ["10", "1000"], 20),
  ]),
);

/** ledger has had no healthy pod since the onset: its callers alone know. */
const dead = [
  counter("istio_requests_total", { ...hop("payments", "ledger"), reporter: "source", response_code: "200" }, [10, 0]),
  counter(
    "istio_requests_total",
    {
      ...hop("payments", "ledger"),
      destination_workload: "unknown",
      destination_workload_namespace: "unknown",
      reporter: "source",
      response_code: "503",
      response_flags: "UH",
    },
    [null, 10],
  ),
];

const ingress = {
  ingress: "checkout",
  exported_namespace: "shop",
  controller_class: "k8s.io/ingress-nginx",
  namespace: "ingress",
};
const nginx = [
  counter("nginx_ingress_controller_requests", { ...ingress, status: "200" }, 20),
  counter("nginx_ingress_controller_requests", { ...ingress, status: "404" }, [1, 9]),
  counter("nginx_ingress_controller_requests", { ...ingress, status: "502" }, [null, 10]),
  ...histogram("nginx_ingress_controller_request_duration_seconds", { ...ingress, status: "200" }, ["0.01", "1"], 20),
  ...histogram("nginx_ingress_controller_response_duration_seconds", { ...ingress, status: "200" }, ["0.01", "1"], 20),
  ...(
    [
      ["nginx_up", gauge, [1, 0]],
      ["nginx_http_requests_total", counter, [20, 60]],
      ["nginx_connections_active", gauge, [10, 300]],
      ["nginx_connections_writing", gauge, [2, 250]],
      ["nginx_connections_accepted", counter, 10],
      ["nginx_connections_handled", counter, [10, 7]],
    ] as const
  ).map(([name, make, level]) => make(name, { job: "nginx", instance: "web-1:9113" }, level)),
];

const jvm = ["10.0.0.1:8080", "10.0.0.2:8080"].flatMap((instance) => {
  const labels = { job: "checkout", instance };
  const request = { ...labels, method: "GET", uri: "/pay" };
  return [
    counter("http_server_requests_seconds_count", { ...request, status: "200", outcome: "SUCCESS" }, 20),
    counter("http_server_requests_seconds_sum", { ...request, status: "200", outcome: "SUCCESS" }, [0.2, 20]),
    counter("http_server_requests_seconds_count", { ...request, status: "500", outcome: "SERVER_ERROR" }, [null, 10]),
    counter("http_server_requests_seconds_sum", { ...request, status: "500", outcome: "SERVER_ERROR" }, [null, 1]),
    gauge("jvm_memory_used_bytes", { ...labels, area: "heap", id: "G1 Old Gen" }, [1e8, 9e8]),
    gauge("jvm_memory_used_bytes", { ...labels, area: "heap", id: "G1 Eden Space" }, 1e7),
    gauge("jvm_memory_max_bytes", { ...labels, area: "heap", id: "G1 Old Gen" }, 1e9),
    gauge("jvm_memory_max_bytes", { ...labels, area: "heap", id: "G1 Eden Space" }, -1),
    counter("jvm_gc_pause_seconds_sum", { ...labels, action: "end of minor GC", cause: "G1 Evacuation Pause" }, [0.001, 0.4]),
    gauge("jvm_threads_states_threads", { ...labels, state: "blocked" }, [0, 40]),
    gauge("hikaricp_connections_pending", { ...labels, pool: "HikariPool-1" }, [0, 12]),
    gauge("hikaricp_connections_active", { ...labels, pool: "HikariPool-1" }, [2, 10]),
    gauge("hikaricp_connections_max", { ...labels, pool: "HikariPool-1" }, 10),
  ];
});

const processOf = (labels: Labels): ExposedSeries[] => [
  counter("process_cpu_seconds_total", labels, [0.1, 0.9]),
  gauge("process_resident_memory_bytes", labels, [1e8, 6e8]),
  gauge("process_open_fds", labels, [50, 900]),
  gauge("process_max_fds", labels, 1024),
];
const clientJava = { job: "billing", instance: "10.0.0.3:9404" };
const node = { job: "basket", instance: "10.0.0.4:3000" };
const runtimes = [
  ...processOf(clientJava),
  gauge("jvm_memory_used_bytes", { ...clientJava, area: "heap" }, [1e8, 9e8]),
  gauge("jvm_memory_max_bytes", { ...clientJava, area: "heap" }, 1e9),
  counter("jvm_gc_collection_seconds_sum", { ...clientJava, gc: "G1 Young Generation" }, [0.001, 0.4]),
  gauge("jvm_threads_state", { ...clientJava, state: "BLOCKED" }, [0, 40]),
  gauge("jvm_threads_deadlocked", clientJava, [0, 2]),
  ...processOf(node),
  gauge("nodejs_eventloop_lag_p99_seconds", node, [0.01, 0.8]),
  gauge("nodejs_heap_size_used_bytes", node, [5e7, 5e8]),
  counter("nodejs_gc_duration_seconds_sum", { ...node, kind: "major" }, [0.001, 0.3]),
  gauge("nodejs_active_handles_total", node, [20, 900]),
];

const MACHINES = [
  { instance: "10.1.0.1:9100", nodename: "worker-1" },
  { instance: "10.1.0.2:9100", nodename: "worker-2" },
];
const machines = MACHINES.flatMap(({ instance, nodename }, index) => {
  const labels = { job: "node", instance };
  const isSick = index === 0;
  return [
    gauge("node_uname_info", { ...labels, nodename, sysname: "Linux" }, 1),
    ...["0", "1"].flatMap((cpu) => [
      counter("node_cpu_seconds_total", { ...labels, cpu, mode: "idle" }, isSick ? [0.9, 0.1] : 0.9),
      counter("node_cpu_seconds_total", { ...labels, cpu, mode: "user" }, isSick ? [0.1, 0.9] : 0.1),
    ]),
    gauge("node_load1", labels, isSick ? [0.5, 9] : 0.5),
    gauge("node_memory_MemAvailable_bytes", labels, isSick ? [6e9, 2e8] : 6e9),
    gauge("node_memory_MemTotal_bytes", labels, 8e9),
    gauge(
      "node_filesystem_avail_bytes",
      { ...labels, device: "/dev/sda1", fstype: "ext4", mountpoint: "/" },
      isSick ? [5e10, 1e9] : 5e10,
    ),
    gauge("node_filesystem_size_bytes", { ...labels, device: "/dev/sda1", fstype: "ext4", mountpoint: "/" }, 1e11),
    gauge("node_filesystem_avail_bytes", { ...labels, device: "tmpfs", fstype: "tmpfs", mountpoint: "/run" }, 0),
    gauge("node_filesystem_size_bytes", { ...labels, device: "tmpfs", fstype: "tmpfs", mountpoint: "/run" }, 1e8),
    counter("node_disk_io_time_seconds_total", { ...labels, device: "sda" }, isSick ? [0.05, 0.95] : 0.05),
    counter("node_netstat_Tcp_RetransSegs", labels, isSick ? [0.1, 90] : 0.1),
    counter("node_netstat_Tcp_OutSegs", labels, 1_000),
    gauge("node_timex_offset_seconds", labels, isSick ? [0.0001, -2.5] : 0.0001),
  ];
});

const database = { job: "postgres", instance: "payments-db:9187" };
const datname = { ...database, datid: "16384", datname: "payments" };
const postgres = [
  gauge("pg_up", database, [1, 0]),
  gauge("pg_stat_database_numbackends", datname, [20, 95]),
  gauge("pg_settings_max_connections", { ...database, server: "payments-db:5432" }, 100),
  counter("pg_stat_database_xact_commit", datname, [100, 900]),
  counter("pg_stat_database_xact_rollback", datname, 1),
  counter("pg_stat_database_active_time_seconds_total", datname, [1, 900]),
  gauge("pg_stat_activity_max_tx_duration", { ...database, datname: "payments", state: "active" }, [1, 600]),
  gauge("pg_stat_activity_count", { ...database, datname: "payments", state: "active", wait_event_type: "", wait_event: "" }, 5),
  gauge(
    "pg_stat_activity_count",
    { ...database, datname: "payments", state: "active", wait_event_type: "Lock", wait_event: "tuple" },
    [null, 30],
  ),
  counter("pg_stat_database_deadlocks", datname, [0, 1]),
  gauge("pg_replication_lag_seconds", database, [0, 300]),
];

const cache = { job: "redis", instance: "cache:9121" };
const redis = [
  gauge("redis_up", cache, [1, 0]),
  counter("redis_keyspace_hits_total", cache, [900, 100]),
  counter("redis_keyspace_misses_total", cache, [100, 900]),
  counter("redis_evicted_keys_total", cache, [0, 50]),
  gauge("redis_memory_used_bytes", cache, [1e8, 9.9e8]),
  gauge("redis_memory_max_bytes", cache, 1e9),
  gauge("redis_connected_clients", cache, [50, 9_500]),
  gauge("redis_config_maxclients", cache, 10_000),
  counter("redis_commands_processed_total", cache, [1_000, 3_000]),
  counter("redis_commands_duration_seconds_total", { ...cache, cmd: "get" }, [0.01, 3]),
  counter("redis_commands_total", { ...cache, cmd: "get" }, 1_000),
  gauge(
    "redis_connected_slave_lag_seconds",
    { ...cache, slave_ip: "10.0.0.9", slave_port: "6379", slave_state: "online" },
    [0, 90],
  ),
];

export const EXPOSED: readonly ExposedSeries[] = [
  ...kubeStateMetrics,
  ...cadvisor,
  ...istio,
  ...dead,
  ...nginx,
  ...jvm,
  ...runtimes,
  ...machines,
  ...postgres,
  ...redis,
];

/** OpenMetrics text with times, as `promtool tsdb create-blocks-from openmetrics` reads it. Times in seconds. */
export function writeOpenMetrics(
  all: readonly ExposedSeries[],
  [from, onset, to]: readonly [number, number, number],
  step: number,
): string {
  const lines = all.flatMap((series) => writeSeries(series, [from, onset, to], step));
  return `${lines.join("\n")}\n# EOF\n`;
}

function writeSeries(
  { name, labels, kind, before, since }: ExposedSeries,
  [from, onset, to]: readonly [number, number, number],
  step: number,
): string[] {
  const written = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const lines: string[] = [];
  let total = 0;
  for (let at = from; at <= to; at += step) {
    const level = at < onset ? before : since;
    if (level === null) continue;
    total += level * step;
    lines.push(`${name}{${written.join(",")}} ${kind === "counter" ? total : level} ${at}`);
  }
  return lines;
}
