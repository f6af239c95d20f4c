import { afterEach, describe, expect, it } from "vitest";
import type { HttpOptions } from "../../src/evidence/ask.js";
import { createSignalReader } from "../../src/evidence/signal-reader.js";
import { prometheusReadings } from "../../src/evidence/sources/prometheus-readings.js";
import { redact } from "../../src/outside/redact.js";
import type { SignalReader } from "../../src/ports.js";
import { json, serve, type LocalServer, type Reply } from "./support/server.js";
import { anAlert, aService } from "./support/world.js";

let server: LocalServer | null = null;
let problems: string[] = [];
afterEach(async () => {
  await server?.close();
  server = null;
  problems = [];
});

const service = aService();

async function reader(reply: Reply, overrides: Partial<HttpOptions> = {}): Promise<SignalReader> {
  server = await serve(reply);
  return createSignalReader({
    readings: [prometheusReadings({ url: server.url, token: "secret-token-123456", ...overrides })],
    clock: { sleep: () => Promise.resolve() },
    onProblem: (message) => problems.push(message),
  });
}
const vector = (...values: string[]): unknown => ({
  status: "success",
  data: {
    resultType: "vector",
    result: values.map((value, index) => ({ metric: { pod: `p${index}` }, value: [1_795_149_600.123, value] })),
  },
});
const answering =
  (body: unknown, status = 200): Reply =>
  (_request, response) =>
    json(response, body, status);

describe("the latest value of a signal", () => {
  it.each([
    { name: "one series", body: vector("0.25"), value: 0.25 },
    { name: "zero", body: vector("0"), value: 0 },
    { name: "a scalar", body: { status: "success", data: { resultType: "scalar", result: [1_795_149_600, "4"] } }, value: 4 },
    { name: "no series: a gap, not zero", body: vector(), value: null },
    { name: "NaN", body: vector("NaN"), value: null },
    { name: "infinity", body: vector("+Inf"), value: null },
    { name: "several series, of which none is meant", body: vector("0.1", "0.2"), value: null },
    {
      name: "one series while a store behind is silent",
      body: Object.assign({ warnings: ["store gateway-2 is unavailable"] }, vector("0.25")),
      value: null,
    },
    { name: "another shape", body: { status: "success", data: {} }, value: null },
  ])("of $name is $value", async ({ body, value }) => {
    expect(await (await reader(answering(body))).read(service, "error-ratio")).toBe(value);
    expect(server?.seen.map(({ path, params }) => `${path} ${params.get("query") ?? ""}`)).toEqual([
      "/api/v1/query errors / requests",
    ]);
  });

  it.each([
    { name: "a server in trouble", reply: answering({}, 503), asked: 2 },
    { name: "a refused token", reply: answering({}, 401), asked: 1 },
    { name: "a page instead of JSON", reply: ((_q, r) => void r.end("<html>")) as Reply, asked: 1 },
  ])("is a gap for $name, and the reason is told without the token", async ({ reply, asked }) => {
    expect(await (await reader(reply)).read(service, "error-ratio")).toBeNull();
    expect(server?.seen).toHaveLength(asked);
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain("secret-token");
  });

  it("is a gap when no answer comes in time", async () => {
    expect(await (await reader(() => undefined, { timeoutMs: 50 })).read(service, "error-ratio")).toBeNull();
    expect(problems).toEqual([expect.stringMatching(/did not answer within|gave no complete answer/)]);
  });

  it("is a gap without asking anyone for a signal that is not reviewed, or not a metric", async () => {
    const signals = await reader(answering(vector("1")));
    expect([await signals.read(service, "up or vector(0)"), await signals.read(service, "errors")]).toEqual([null, null]);
    expect(server?.seen).toEqual([]);
  });

  it("is a gap without Prometheus", async () => {
    const none = createSignalReader({ readings: [], clock: { sleep: () => Promise.resolve() } });
    expect([await none.read(service, "error-ratio"), await none.isFiring(anAlert())]).toEqual([null, null]);
  });
});

describe("whether an alert fires", () => {
  const labels = { alertname: "CheckoutErrorRateHigh", service: "checkout", instance: "127.0.0.1:9191" };
  const listing = (...alerts: { labels: Record<string, string>; state: string }[]): Reply =>
    answering({ status: "success", data: { alerts } });

  it.each([
    { name: "firing", alerts: [{ labels, state: "firing" }], firing: true },
    { name: "pending: its condition holds", alerts: [{ labels, state: "pending" }], firing: true },
    { name: "not listed", alerts: [], firing: false },
    { name: "another alert", alerts: [{ labels: { ...labels, alertname: "Other" }, state: "firing" }], firing: false },
    {
      name: "the same alert of another instance",
      alerts: [{ labels: { ...labels, instance: "10.0.0.9:1" }, state: "firing" }],
      firing: false,
    },
    {
      name: "a label that only Prometheus knows",
      alerts: [{ labels: { ...labels, shard: "3" }, state: "firing" }],
      firing: true,
    },
  ])("$name", async ({ alerts, firing }) => {
    expect(await (await reader(listing(...alerts))).isFiring(anAlert())).toBe(firing);
    expect(server?.seen.map(({ path, params }) => [path, params.size])).toEqual([["/api/v1/alerts", 0]]);
  });

  it("cannot be told from the list of Prometheus for an alert of another monitor", async () => {
    const elsewhere = anAlert({ monitor: "json" });
    expect(await (await reader(listing())).isFiring(elsewhere)).toBeNull();
  });

  it("can be told even then when it is listed", async () => {
    expect(await (await reader(listing({ labels, state: "firing" }))).isFiring(anAlert({ monitor: "json" }))).toBe(true);
  });

  it("recognises a label that intake had to redact", async () => {
    const owner = "someone@acme.test";
    const alert = anAlert({ labels: { ...anAlert().labels, owner: redact(owner) } });
    expect(await (await reader(listing({ labels: { ...labels, owner }, state: "firing" }))).isFiring(alert)).toBe(true);
  });

  it("cannot be told when Prometheus does not answer", async () => {
    expect(await (await reader(answering({}, 500))).isFiring(anAlert())).toBeNull();
  });
});
