import { LABELS, RATE, shareOfRates, type Pack } from "./pack.js";

export const ingressNginx: Pack = {
  name: "ingress-nginx",
  title: "Requests through the Ingress NGINX controller",
  docs: "https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/",
  example: { ingress: "checkout", exported_namespace: "shop" },
  notes: [
    "The namespace of the Ingress is in `exported_namespace`, unless the scrape keeps the exporter's labels (`honorLabels: true`): then in `namespace`.",
  ],
  signals: [
    {
      name: "request-rate",
      unit: null,
      says: "Requests per second",
      query: `sum(rate(nginx_ingress_controller_requests{${LABELS}}${RATE}))`,
    },
    {
      name: "error-ratio",
      unit: "ratio",
      says: "Share of requests answered with 5xx",
      query: shareOfRates(
        `nginx_ingress_controller_requests{${LABELS},status=~"5.."}`,
        `nginx_ingress_controller_requests{${LABELS}}`,
      ),
    },
    {
      name: "rejected-ratio",
      unit: "ratio",
      says: "Share of requests answered with 4xx",
      query: shareOfRates(
        `nginx_ingress_controller_requests{${LABELS},status=~"4.."}`,
        `nginx_ingress_controller_requests{${LABELS}}`,
      ),
    },
    {
      name: "latency-p95",
      unit: "seconds",
      says: "Time that 95 of 100 requests stay below, as clients see it",
      query: `histogram_quantile(0.95, sum by (le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{${LABELS}}${RATE})))`,
    },
    {
      name: "upstream-latency-p95",
      unit: "seconds",
      says: "The same for the answers of the service behind it",
      query: `histogram_quantile(0.95, sum by (le) (rate(nginx_ingress_controller_response_duration_seconds_bucket{${LABELS}}${RATE})))`,
    },
  ],
};

export const nginx: Pack = {
  name: "nginx",
  title: "An NGINX server, from nginx-prometheus-exporter (stub_status)",
  docs: "https://github.com/nginx/nginx-prometheus-exporter#exported-metrics",
  example: { job: "nginx", instance: "web-1:9113" },
  notes: [
    "`stub_status` knows neither codes nor times: for an error ratio write a signal of your own, or a query on the access log.",
  ],
  signals: [
    { name: "server-up", unit: null, says: "1 while the exporter reaches every NGINX", query: `min(nginx_up{${LABELS}})` },
    {
      name: "request-rate",
      unit: null,
      says: "Requests per second",
      query: `sum(rate(nginx_http_requests_total{${LABELS}}${RATE}))`,
    },
    {
      name: "connections-active",
      unit: null,
      says: "Client connections that are open",
      query: `sum(nginx_connections_active{${LABELS}})`,
    },
    {
      name: "connections-writing",
      unit: null,
      says: "Connections with an answer under way: they pile up when what is behind is slow",
      query: `sum(nginx_connections_writing{${LABELS}})`,
    },
    {
      name: "connections-dropped",
      unit: null,
      says: "Connections per second that were accepted and not handled: a limit is reached",
      query: `sum(rate(nginx_connections_accepted{${LABELS}}${RATE})) - sum(rate(nginx_connections_handled{${LABELS}}${RATE}))`,
    },
  ],
};
