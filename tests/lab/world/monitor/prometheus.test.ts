import { describe, expect, it } from "vitest";
import { parseExposition } from "../../../../lab/world/monitor/exposition.js";
import { createPrometheus } from "../../../../lab/world/monitor/prometheus.js";
import { type ActiveAlert, evaluateRule } from "../../../../lab/world/monitor/rule.js";
import { SeriesStore } from "../../../../lab/world/monitor/series.js";
import { shopQueries } from "../../../../lab/world/queries.js";
import { fixedClock } from "../support.js";

const { errorRatio, poolWaiting } = shopQueries(false);
const epoch = Date.parse("2026-11-20T12:00:00Z");
const second = (n: number): string => String(epoch / 1000 + n);

/** Scrapes at seconds 1, 2 and 3, a failed one at 4, nothing until 10. */
function filledStore(): SeriesStore {
  const store = new SeriesStore();
  const text = (n: number): string =>
    `shop_pool_waiting{service="checkout"} ${n}\nshop_requests_total{service="checkout",code="200"} ${n * 60}\nshop_requests_total{service="checkout",code="503"} ${n * 40}`;
  for (const n of [1, 2, 3, 10]) store.addScrape(epoch + n * 1000, parseExposition(text(n)));
  store.addFailedScrape(epoch + 4_000);
  return store;
}

function createApp(alert: ActiveAlert | null = null): ReturnType<typeof createPrometheus> {
  const alertLabels = { alertname: "CheckoutErrorRateHigh", service: "checkout" };
  return createPrometheus({
    store: filledStore(),
    clock: fixedClock("2026-11-20T12:00:03Z"),
    queries: [errorRatio, poolWaiting],
    alertLabels,
    alert: () => alert,
  });
}

async function ask(path: string, params: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const response = await createApp().request(`${path}?${new URLSearchParams(params).toString()}`);
  return { status: response.status, body: await response.json() };
}

describe("an instant query", () => {
  const labels = { __name__: "shop_pool_waiting", service: "checkout" };
  const success = {
    status: "success",
    data: { resultType: "vector", result: [{ metric: labels, value: [epoch / 1000 + 3, "3"] }] },
  };

  it("is answered for now, with the value as a string", async () => {
    expect(await ask("/api/v1/query", { query: poolWaiting.query })).toEqual({ status: 200, body: success });
  });

  it("takes its parameters from a form too", async () => {
    const body = new URLSearchParams({ query: ` ${poolWaiting.query} `, time: "2026-11-20T12:00:03Z" });
    const response = await createApp().request("/api/v1/query", { method: "POST", body });
    expect(await response.json()).toEqual(success);
  });

  it("evaluates the error ratio over what was scraped", async () => {
    const { body } = await ask("/api/v1/query", { query: errorRatio.query });
    expect(body).toMatchObject({ data: { result: [{ metric: {}, value: [epoch / 1000 + 3, expect.stringMatching(/^0\.4/)] }] } });
  });
});

describe("a range query", () => {
  it("leaves out the points at which nothing is known", async () => {
    const params = { query: poolWaiting.query, start: second(1), end: second(11), step: "1" };
    const { body } = await ask("/api/v1/query_range", params);
    const values = [1, 2, 3, 10, 11].map((n) => [epoch / 1000 + n, String(Math.min(n, 10))]);
    expect(body).toMatchObject({ status: "success", data: { resultType: "matrix", result: [{ values }] } });
  });

  it("is empty, not an error, before anything was scraped", async () => {
    const params = { query: poolWaiting.query, start: second(-60), end: second(-30), step: "15s" };
    expect(await ask("/api/v1/query_range", params)).toEqual({
      status: 200,
      body: { status: "success", data: { resultType: "matrix", result: [] } },
    });
  });
});

describe("a request that cannot be answered", () => {
  const range = { query: poolWaiting.query, start: second(1), end: second(5), step: "1" };

  it.each([
    { name: "a query that is not configured", path: "/api/v1/query", params: { query: "up" }, error: /not: up$/ },
    { name: "no query", path: "/api/v1/query", params: {}, error: /not: \(none\)$/ },
    {
      name: "a time that is none",
      path: "/api/v1/query",
      params: { query: poolWaiting.query, time: "soon" },
      error: /"time".*"soon"/,
    },
    { name: "a step that is none", path: "/api/v1/query_range", params: { ...range, step: "0" }, error: /"step".*"0"/ },
    { name: "an end before the start", path: "/api/v1/query_range", params: { ...range, end: second(0) }, error: /before start/ },
    { name: "too many points", path: "/api/v1/query_range", params: { ...range, step: "0.0001" }, error: /11,000 points/ },
  ])("is refused in Prometheus' words: $name", async ({ path, params, error }) => {
    expect(await ask(path, params as Record<string, string>)).toEqual({
      status: 400,
      body: { status: "error", errorType: "bad_data", error: expect.stringMatching(error) },
    });
  });
});

describe("the alert", () => {
  it("is listed with its labels while it is active", async () => {
    const activeAt = new Date(epoch);
    const response = await createApp({ state: "firing", activeAt, value: 0.37 }).request("/api/v1/alerts");
    const labels = { alertname: "CheckoutErrorRateHigh", service: "checkout" };
    const alert = { labels, annotations: {}, state: "firing", activeAt: "2026-11-20T12:00:00.000Z", value: "3.7e-01" };
    expect(await response.json()).toEqual({ status: "success", data: { alerts: [alert] } });
  });

  it("is not listed otherwise", async () => {
    expect(await (await createApp().request("/api/v1/alerts")).json()).toEqual({ status: "success", data: { alerts: [] } });
  });

  const rule = { above: 0.05, forMs: 2_000 };
  const pending = { state: "pending", activeAt: new Date(epoch), value: 0.1 } as const;
  it.each([
    { name: "is quiet at the threshold", before: null, value: 0.05, after: 0, expected: null },
    { name: "waits when the threshold is crossed", before: null, value: 0.3, after: 0, expected: "pending" },
    { name: "still waits before its time", before: pending, value: 0.3, after: 1_999, expected: "pending" },
    { name: "fires when the ratio stayed high", before: pending, value: 0.3, after: 2_000, expected: "firing" },
    { name: "ends when the ratio is low again", before: pending, value: 0.01, after: 2_000, expected: null },
    { name: "ends when the ratio is unknown", before: pending, value: null, after: 2_000, expected: null },
    { name: "ends without traffic", before: pending, value: Number.NaN, after: 2_000, expected: null },
  ])("$name", ({ before, value, after, expected }) => {
    expect(evaluateRule(rule, before, value, new Date(epoch + after))?.state ?? null).toBe(expected);
  });
});
