import { type Evaluate, gauge, histogramQuantile, ratio, sumOfRates } from "./monitor/evaluate.js";
import type { Metric } from "./monitor/exposition.js";
import type { Selector } from "./monitor/series.js";

export interface MetricQuery {
  readonly query: string;
  readonly evaluate: Evaluate;
}

/** What the shop's monitor can answer, and what the config's signals ask. */
export interface ShopQueries {
  readonly errorRatio: MetricQuery;
  readonly poolWaiting: MetricQuery;
  readonly latencyP95: MetricQuery;
  readonly errors: { readonly query: string; readonly contains: string };
}

/** Seconds that rates look back. Short, because the demo's incident lasts half a minute; a real shop would take minutes. */
export const rateSeconds = { demo: 5, fast: 2 } as const;

/** Each query stands beside the function that answers it: the monitor evaluates these and no others. */
export function shopQueries(fast: boolean): ShopQueries {
  const seconds = fast ? rateSeconds.fast : rateSeconds.demo;
  const [range, rangeMs] = [`[${seconds}s]`, seconds * 1000];
  const requests = named("shop_requests_total");
  const failures: Selector = (metric) => requests(metric) && /^5..$/.test(metric["code"] ?? "");
  return {
    errorRatio: {
      query: `sum(rate(shop_requests_total{service="checkout",code=~"5.."}${range})) / sum(rate(shop_requests_total{service="checkout"}${range}))`,
      evaluate: ratio(sumOfRates(failures, rangeMs), sumOfRates(requests, rangeMs)),
    },
    poolWaiting: { query: 'shop_pool_waiting{service="checkout"}', evaluate: gauge(named("shop_pool_waiting")) },
    latencyP95: {
      query: `histogram_quantile(0.95, sum by (le) (rate(shop_request_duration_seconds_bucket{service="checkout"}${range})))`,
      evaluate: histogramQuantile(0.95, named("shop_request_duration_seconds_bucket"), rangeMs),
    },
    errors: { query: '{service="checkout"} |= "ERROR"', contains: "ERROR" },
  };
}

function named(name: string): Selector {
  return (metric: Metric) => metric["__name__"] === name && metric["service"] === "checkout";
}
