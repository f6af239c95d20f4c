import { LABELS, RATE, shareOfRates, type Pack } from "./pack.js";

const DOCS = "https://istio.io/latest/docs/reference/config/metrics/";
/** As its own proxy counts them: what the service did with the requests that reached it. */
const ARRIVED = `${LABELS},reporter="destination"`;
/** As the caller's proxy counts them: what never reached the other side is in it. */
const SENT = `${LABELS},reporter="source"`;
/**
 * Statuses of gRPC that speak of the server: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss.
 * @see https://grpc.io/docs/guides/status-codes/
 */
const GRPC_FAILED = "2|4|12|13|14|15";
/**
 * No healthy host, connection failed, overflow, reset, no route.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
 */
const CUT_OFF = ".*(UH|UF|UO|UC|NR).*";

export const istio: Pack = {
  name: "istio",
  title: "Requests that a workload answers, from Istio's sidecars",
  docs: DOCS,
  example: { destination_workload: "checkout", destination_workload_namespace: "shop" },
  notes: ["Measured at the workload's own sidecar; without one (ambient mode) there is no data."],
  signals: [
    {
      name: "request-rate",
      unit: null,
      says: "Requests per second",
      query: `sum(rate(istio_requests_total{${ARRIVED}}${RATE}))`,
    },
    {
      name: "error-ratio",
      unit: "ratio",
      says: "Share of requests answered with 5xx",
      query: shareOfRates(`istio_requests_total{${ARRIVED},response_code=~"5.."}`, `istio_requests_total{${ARRIVED}}`),
    },
    {
      name: "grpc-error-ratio",
      unit: "ratio",
      says: "Share of gRPC calls that end with a status of the server's fault",
      query: shareOfRates(
        `istio_requests_total{${ARRIVED},grpc_response_status=~"${GRPC_FAILED}"}`,
        `istio_requests_total{${ARRIVED},request_protocol="grpc"}`,
      ),
    },
    {
      name: "latency-p95",
      unit: "milliseconds",
      says: "Time that 95 of 100 requests stay below",
      query: `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${ARRIVED}}${RATE})))`,
    },
  ],
};

export const istioClient: Pack = {
  name: "istio-client",
  title: "Requests that a workload sends, from Istio's sidecars",
  docs: DOCS,
  example: { source_workload: "checkout", source_workload_namespace: "shop" },
  notes: ["All that it calls together; the cluster checks tell the neighbours apart."],
  signals: [
    {
      name: "dependency-rate",
      unit: null,
      says: "Requests per second that it sends to others",
      query: `sum(rate(istio_requests_total{${SENT}}${RATE}))`,
    },
    {
      name: "dependency-error-ratio",
      unit: "ratio",
      says: "Share of them that others answer with 5xx, or nobody (code 0)",
      query: shareOfRates(`istio_requests_total{${SENT},response_code=~"5..|0"}`, `istio_requests_total{${SENT}}`),
    },
    {
      name: "dependency-unreachable",
      unit: "ratio",
      says: "Share of them that end in the network: nobody healthy, refused, cut off, no route",
      query: shareOfRates(`istio_requests_total{${SENT},response_flags=~"${CUT_OFF}"}`, `istio_requests_total{${SENT}}`),
    },
    {
      name: "dependency-latency-p95",
      unit: "milliseconds",
      says: "Time that 95 of 100 of them stay below",
      query: `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${SENT}}${RATE})))`,
    },
  ],
};
