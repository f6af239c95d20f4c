/** Counters, gauges and one histogram in the text format of Prometheus. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
// Both codes start at zero: a rate over a series that appears with its first error would miss that error.
const requests = new Map([
  ["200", 0],
  ["503", 0],
]);
const buckets = bounds.map(() => 0);
let seconds = 0;
let count = 0;

export function countRequest(code, durationSeconds) {
  requests.set(code, (requests.get(code) ?? 0) + 1);
  bounds.forEach((bound, index) => {
    if (durationSeconds <= bound) buckets[index] += 1;
  });
  seconds += durationSeconds;
  count += 1;
}

export function renderMetrics(pool) {
  const service = 'service="checkout"';
  const duration = "shop_request_duration_seconds";
  return [
    "# TYPE shop_requests_total counter",
    ...[...requests].map(([code, value]) => `shop_requests_total{${service},code="${code}"} ${value}`),
    "# TYPE shop_pool_size gauge",
    `shop_pool_size{${service}} ${pool.size}`,
    "# TYPE shop_pool_in_use gauge",
    `shop_pool_in_use{${service}} ${pool.inUse}`,
    "# TYPE shop_pool_waiting gauge",
    `shop_pool_waiting{${service}} ${pool.waiting}`,
    `# TYPE ${duration} histogram`,
    ...bounds.map((bound, index) => `${duration}_bucket{${service},le="${bound}"} ${buckets[index]}`),
    `${duration}_bucket{${service},le="+Inf"} ${count}`,
    `${duration}_sum{${service}} ${seconds}`,
    `${duration}_count{${service}} ${count}`,
    "",
  ].join("\n");
}
