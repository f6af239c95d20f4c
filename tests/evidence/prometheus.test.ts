import { afterEach, describe, expect, it } from "vitest";
import { createPrometheusSource, stepFor } from "../../src/evidence/sources/prometheus.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import { redact } from "../../src/outside/redact.js";
import type { Finding } from "../../src/ports.js";
import { json, serve, type LocalServer, type Reply } from "./support/server.js";
import { aRequest, aService, fromOnset, matrix, NOW, ONSET, repeat } from "./support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function observe(reply: Reply, stepMs = 1000): Promise<readonly Finding[]> {
  server = await serve(reply);
  return createPrometheusSource({ url: server.url, token: "t", stepMs }).observe(aRequest());
}
const flat = (count: number, value: number | string): (number | string)[] => repeat(count, () => value);
const always =
  (body: unknown): Reply =>
  (_request, response) =>
    json(response, body);

describe("metrics of a service", () => {
  it("are asked by the reviewed queries alone, over the window of logs", async () => {
    await observe(always(matrix(-60, flat(120, 0))));
    expect(server?.seen.map(({ path, params }) => [path, params.get("query")])).toEqual([
      ["/api/v1/query_range", "errors / requests"],
      ["/api/v1/query_range", "shop_pool_waiting"],
    ]);
    const { params } = server?.seen[0] ?? {};
    expect([params?.get("start"), params?.get("end"), params?.get("step")]).toEqual([
      `${ONSET.getTime() / 1000 - 1800}.000`,
      `${NOW.getTime() / 1000}.000`,
      "1",
    ]);
  });

  it("are compared with the same hour of earlier days only when they changed", async () => {
    await observe(always(matrix(-60, [...flat(58, 0.003), ...flat(60, 0.45)])));
    const days = server?.seen
      .filter(({ params }) => params.get("step") === "86400")
      .map(({ params }) => Object.fromEntries(params));
    expect(days).toHaveLength(2);
    expect(days?.[0]).toMatchObject({
      start: `${NOW.getTime() / 1000 - 7 * 86_400}.000`,
      end: `${NOW.getTime() / 1000 - 86_400}.000`,
    });
  });

  it("are kept when a store behind did not answer, and that is said; remarks on the query are none of it", async () => {
    const warned = (warning: string): Reply => always(Object.assign({ warnings: [warning] }, matrix(-60, flat(120, 0.2))));
    const partial: unknown = await observe(warned("store gateway-2 is unavailable")).catch((error: unknown) => error);
    expect(partial).toBeInstanceOf(PartialAnswerError);
    expect(partial).toMatchObject({ message: expect.stringMatching(/answered in part: it warned of store gateway-2/) });
    expect(partial instanceof PartialAnswerError && partial.findings).toHaveLength(2);
    await server?.close();
    expect(await observe(warned("PromQL warning: bucket label le is missing"))).toHaveLength(2);
  });

  const rising = matrix(-60, [...flat(58, 0.003), ...flat(60, 0.45)]);
  const withDays =
    (...values: readonly number[]): Reply =>
    ({ params }, response) =>
      json(response, params.get("step") === "86400" ? matrix(60 - 7 * 86_400, values, 86_400) : rising);

  it.each([
    { name: "every day", days: [0.5, 0.42, 0.44, 0.46, 0.47, 0.4, 0.48], direction: "steady" },
    { name: "on one day only", days: [0.003, 0.45, 0.003, 0.002, 0.004, 0.003, 0.003], direction: "rose" },
    { name: "on too few known days", days: [0.5, 0.42, 0.44, 0.46], direction: "rose" },
  ])("that look the same at this hour $name are $direction", async ({ days, direction }) => {
    const [finding] = await observe(withDays(...days));
    expect(finding).toMatchObject({ detail: { direction } });
    expect(finding !== undefined && /as usual at this hour/.test(readForMatching(finding.summary))).toBe(direction === "steady");
  });

  it("are kept when the days before cannot be asked for, and that is said", async () => {
    const error: unknown = await observe(({ params }, response) =>
      params.get("step") === "86400" ? json(response, { error: "query timed out" }, 503) : json(response, rising),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/The days before could not be compared: Prometheus .* 503/),
      findings: [{ detail: { direction: "rose" } }, { detail: { direction: "rose" } }],
    });
  });

  it("that are counters without a rate are read by their growth, over a restart too", async () => {
    const counted = (name: string): unknown => {
      const values = [
        ...repeat(30, (index) => 1_000 + 2 * index),
        ...repeat(30, (index) => 2 * index),
        ...repeat(60, (index) => 60 + 40 * index),
      ];
      const start = ONSET.getTime() / 1000 - 60;
      const points = values.map((value, index) => [start + index, String(value)]);
      return { status: "success", data: { resultType: "matrix", result: [{ metric: { __name__: name }, values: points }] } };
    };
    const [counter] = await observe(always(counted("shop_errors_total")));
    expect(counter?.detail).toMatchObject({ before: 2, now: 40, direction: "rose" });
    const [gauge] = await observe(always(counted("shop_errors_open")));
    expect(gauge?.detail).toMatchObject({ now: expect.closeTo(2_340, -2) });
  });

  it("say what rose, from what to what and when", async () => {
    const [finding] = await observe(always(matrix(-60, [...flat(58, 0.003), ...flat(60, 0.45)])));
    expect(finding).toMatchObject({
      source: "prometheus",
      subject: "checkout",
      at: fromOnset(-2),
      query: "error-ratio",
      detail: {
        kind: "metric",
        signal: "error-ratio",
        unit: "ratio",
        before: 0.003,
        now: 0.45,
        direction: "rose",
        onsetAt: fromOnset(-2),
      },
    });
    expect(finding && readForMatching(finding.summary)).toBe("error-ratio rose from 0.3 % to 45 %, first at 04:39:58 UTC");
    expect(finding?.score).toBeGreaterThan(0.9);
    expect(finding?.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graph\?g0\.expr=errors/);
  });

  it("tells bytes in units that people read", async () => {
    server = await serve(always(matrix(-60, [...flat(58, 1e8), ...flat(60, 4e8)])));
    const memory = { name: "memory", source: "prometheus", query: "memory", unit: "bytes" };
    const service = aService({ signals: new Map([["memory", memory]]) });
    const [finding] = await createPrometheusSource({ url: server.url, stepMs: 1000 }).observe(aRequest({ service }));
    expect(finding && readForMatching(finding.summary)).toBe("memory rose from 95.4 MiB to 381 MiB, first at 04:39:58 UTC");
  });

  it("are asked ten at a time", async () => {
    let [now, most] = [0, 0];
    server = await serve((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        json(response, matrix(-60, flat(120, 0)));
      }, 5);
    });
    const many = repeat(40, (index) => ({ name: `signal-${index}`, source: "prometheus", query: "up", unit: null }));
    const service = aService({ signals: new Map(many.map((signal) => [signal.name, signal])) });
    const findings = await createPrometheusSource({ url: server.url, stepMs: 1000 }).observe(aRequest({ service }));
    expect([findings.length, most]).toEqual([40, 10]);
  });

  it.each([
    { name: "NaN", gap: "NaN" },
    { name: "infinity", gap: "+Inf" },
  ])("take $name for a gap, never for a value", async ({ gap }) => {
    const [finding] = await observe(always(matrix(-60, [...flat(60, 0.2), ...flat(60, gap)])));
    expect(finding?.detail).toMatchObject({ before: 0.2, now: null, direction: "unknown" });
    expect(finding && readForMatching(finding.summary)).toBe("error-ratio has no data since the onset: a gap, not zero");
  });

  it("are nothing where the service reports nothing", async () => {
    expect(await observe(always({ status: "success", data: { resultType: "matrix", result: [] } }))).toEqual([]);
    expect(
      await createPrometheusSource({ url: "http://127.0.0.1:9", stepMs: 1000 }).observe(
        aRequest({ service: aService({ signals: new Map() }) }),
      ),
    ).toEqual([]);
  });

  it("name a query of one's own that nothing answers, and a pack that is silent as a whole", async () => {
    const asked = (name: string, pack?: string) => ({
      name,
      source: "prometheus",
      query: name,
      unit: null,
      ...(pack && { pack }),
    });
    const signals = [
      asked("orders"),
      asked("queue-length"),
      asked("heap", "jvm"),
      asked("gc-time", "jvm"),
      asked("latency-p95", "istio"),
      asked("grpc-error-ratio", "istio"),
    ];
    server = await serve(({ params }, response) =>
      json(response, matrix(-60, ["orders", "latency-p95"].includes(params.get("query") ?? "") ? flat(120, 1) : [])),
    );
    const service = aService({ signals: new Map(signals.map((signal) => [signal.name, signal])) });
    const findings = await createPrometheusSource({ url: server.url, stepMs: 1000 }).observe(aRequest({ service }));
    expect(findings.map(({ query }) => query)).toEqual(["orders", "latency-p95", "signal:NoData"]);
    expect(readForMatching(findings[2]?.summary ?? redact(""))).toBe(
      "signal NoData: no data at all for queue-length, the pack jvm: check the query, or its labels, in the config",
    );
    expect(findings[2]?.score).toBeLessThan(0.1);
  });

  it("of several series show the one that changed most", async () => {
    const quiet = matrix(-60, flat(120, 1)) as { data: { result: unknown[] } };
    const loud = matrix(-60, [...flat(60, 1), ...flat(60, 30)]) as typeof quiet;
    const [finding] = await observe(
      always({ status: "success", data: { resultType: "matrix", result: [...quiet.data.result, ...loud.data.result] } }),
    );
    expect(finding && readForMatching(finding.summary)).toMatch(/rose from 100 % to 3,000 %.*\(most changed of 2 series\)/);
  });

  it("of more series than are looked at say so", async () => {
    const { data } = matrix(-60, flat(120, 1)) as { data: { result: unknown[] } };
    const result = repeat(70, () => data.result[0]);
    const [finding] = await observe(always({ status: "success", data: { resultType: "matrix", result } }));
    expect(finding && readForMatching(finding.summary)).toMatch(/\(most changed of the first 50 of 70 series\)$/);
  });

  it("keep what was found when another query fails", async () => {
    const observing = observe(({ params }, response) =>
      params.get("query") === "shop_pool_waiting"
        ? json(response, { status: "error", error: "no such metric" }, 422)
        : json(response, matrix(-60, flat(120, 0))),
    );
    const error: unknown = await observing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      findings: [{ query: "error-ratio" }],
      message: expect.stringMatching(/^1 of 2 queries failed: Prometheus at .*422 \(no such metric\)/) as unknown,
    });
  });

  it.each([
    { name: "another API", body: { hello: "world" } },
    { name: "a vector where a matrix was asked", body: { status: "success", data: { resultType: "vector", result: [] } } },
    {
      name: "points that are none",
      body: { status: "success", data: { resultType: "matrix", result: [{ metric: {}, values: [["x", 1]] }] } },
    },
  ])("cannot be read from $name", async ({ body }) => {
    await expect(observe(always(body))).rejects.toThrow(/answered in an unknown shape \(.+\): is the url that of the API\?/);
  });
});

describe("the distance of points", () => {
  it.each([
    { minutes: 30, stepMs: 15_000, step: 15_000 },
    { minutes: 120, stepMs: 1_000, step: 1_440 },
    { minutes: 1440, stepMs: 15_000, step: 17_280 },
  ])("for $minutes minutes at $stepMs ms is $step ms", ({ minutes, stepMs, step }) => {
    expect(stepFor({ from: fromOnset(-minutes * 60), to: ONSET }, stepMs)).toBe(step);
  });
});
