/** What a reviewed signal measures, as far as its name and unit tell. Pure. */
import type { MetricKind } from "./model.js";

/** What a service measures of others says nothing of its own part: "dependency-error-ratio", "database-cpu". */
const OF_OTHERS = /^(?:dependency|database|cache|queue|zone|node)-/;

/** Words of a name, first match wins. */
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
  if (OF_OTHERS.test(name)) return "other";
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}
