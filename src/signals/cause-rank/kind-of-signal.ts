/** What a reviewed signal measures, as far as its name and unit tell. Pure. */
import type { MetricKind } from "./model.js";

/** Words of a name, first match wins: "database-cpu" is a processor's, "cache-error-ratio" counts failures. */
const NAMES: readonly (readonly [MetricKind, RegExp])[] = [
  ["errors", /(?:^|-)(?:errors?|failures?|failed|5xx)(?:-|$)/],
  ["availability", /(?:^|-)(?:availability|success(?:es)?|uptime)(?:-|$)/],
  ["latency", /(?:^|-)(?:latency|duration|response-time|query-time|p\d{2,3})(?:-|$)/],
  ["traffic", /(?:^|-)(?:requests?|rps|qps|throughput|traffic)(?:-|$)/],
  ["cpu", /(?:^|-)cpu(?:-|$)/],
  ["memory", /(?:^|-)(?:memory|heap|rss)(?:-|$)/],
  ["io", /(?:^|-)(?:disk|io|iops)(?:-|$)/],
  ["network", /(?:^|-)(?:network|bandwidth|retransmissions?)(?:-|$)/],
];

export function kindOfSignal(name: string): MetricKind {
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}
