import { LABELS, RATE, shareOfRates, type Pack } from "./pack.js";
import { PROCESS_SIGNALS } from "./process.js";

const HEAP = `${LABELS},area="heap"`;

export const jvm: Pack = {
  name: "jvm",
  title: "A Java service, with the metrics of Micrometer (Spring Boot)",
  docs: "https://docs.spring.io/spring-boot/reference/actuator/metrics.html",
  example: { job: "checkout" },
  notes: ["Connections are those of HikariCP. A mean latency, because histograms are off by default."],
  signals: [
    {
      name: "request-rate",
      unit: null,
      says: "Requests per second",
      query: `sum(rate(http_server_requests_seconds_count{${LABELS}}${RATE}))`,
    },
    {
      name: "error-ratio",
      unit: "ratio",
      says: "Share of requests answered with 5xx",
      query: shareOfRates(
        `http_server_requests_seconds_count{${LABELS},outcome="SERVER_ERROR"}`,
        `http_server_requests_seconds_count{${LABELS}}`,
      ),
    },
    {
      name: "latency",
      unit: "seconds",
      says: "Mean time of a request",
      query: `sum(rate(http_server_requests_seconds_sum{${LABELS}}${RATE})) / sum(rate(http_server_requests_seconds_count{${LABELS}}${RATE}))`,
    },
    {
      name: "heap",
      unit: "ratio",
      says: "Heap in use as a share of what it may grow to, of the fullest instance",
      query: `max(sum by (instance) (jvm_memory_used_bytes{${HEAP}}) / sum by (instance) (jvm_memory_max_bytes{${HEAP}} > 0))`,
    },
    {
      name: "gc-time",
      unit: "ratio",
      says: "Share of time in pauses of the garbage collector, of the worst instance",
      query: `max(sum by (instance) (rate(jvm_gc_pause_seconds_sum{${LABELS}}${RATE})))`,
    },
    {
      name: "threads-blocked",
      unit: null,
      says: "Threads that wait for a lock",
      query: `sum(jvm_threads_states_threads{${LABELS},state="blocked"})`,
    },
    {
      name: "pool-waiting",
      unit: null,
      says: "Threads that wait for a database connection",
      query: `sum(hikaricp_connections_pending{${LABELS}})`,
    },
    {
      name: "pool-used",
      unit: "ratio",
      says: "Database connections in use as a share of the pool, of the fullest pool",
      query: `max(hikaricp_connections_active{${LABELS}} / hikaricp_connections_max{${LABELS}})`,
    },
  ],
};

export const jvmClientJava: Pack = {
  name: "jvm-client-java",
  title: "A Java process, with the metrics of client_java or the JMX exporter",
  docs: "https://prometheus.github.io/client_java/instrumentation/jvm/",
  example: { job: "checkout" },
  notes: ["The heap has another name before client_java 1.0; both are asked."],
  signals: [
    {
      name: "heap",
      unit: "ratio",
      says: "Heap in use as a share of what it may grow to, of the fullest instance",
      query: `max(jvm_memory_used_bytes{${HEAP}} / (jvm_memory_max_bytes{${HEAP}} > 0) or jvm_memory_bytes_used{${HEAP}} / (jvm_memory_bytes_max{${HEAP}} > 0))`,
    },
    {
      name: "gc-time",
      unit: "ratio",
      says: "Share of time in garbage collection, of the worst instance",
      query: `max(sum by (instance) (rate(jvm_gc_collection_seconds_sum{${LABELS}}${RATE})))`,
    },
    {
      name: "threads-blocked",
      unit: null,
      says: "Threads that wait for a lock",
      query: `sum(jvm_threads_state{${LABELS},state="BLOCKED"})`,
    },
    {
      name: "threads-deadlocked",
      unit: null,
      says: "Threads that wait for each other",
      query: `sum(jvm_threads_deadlocked{${LABELS}})`,
    },
    ...PROCESS_SIGNALS,
  ],
};
