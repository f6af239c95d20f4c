import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantiatePacks, PACK_NAMES, PACKS, type PackName } from "../../../src/evidence/packs/catalogue.js";
import type { LabelMatchers } from "../../../src/evidence/packs/matchers.js";
import { METRIC_FAMILIES } from "../../../src/evidence/packs/cluster-metrics.js";
import { createSignalReader } from "../../../src/evidence/signal-reader.js";
import type { Metrics } from "../../../src/evidence/sources/kubernetes/beside.js";
import { checkFailures } from "../../../src/evidence/sources/kubernetes/checks/failures.js";
import { checkSlowness } from "../../../src/evidence/sources/kubernetes/checks/slowness.js";
import { checkUsage } from "../../../src/evidence/sources/kubernetes/checks/usage.js";
import { createClusterMetrics } from "../../../src/evidence/sources/kubernetes/cluster-metrics.js";
import { prometheusReadings } from "../../../src/evidence/sources/prometheus-readings.js";
import { createPrometheusSource } from "../../../src/evidence/sources/prometheus.js";
import { readForMatching } from "../../../src/outside/match.js";
import { aPod, aView, saidBy } from "../kubernetes/cluster.js";
import { aRequest, aService } from "../support/world.js";
import { hasPrometheus, NEEDS_PROMETHEUS } from "./binaries.js";
import { EXPOSED, writeOpenMetrics } from "./exposition.js";
import { startPrometheus, type PrometheusServer } from "./prometheus-server.js";

const STEP_S = 15;
/** On the step, and some time ago: Prometheus keeps two weeks by default. */
const END = Math.floor(Date.now() / 1000 / STEP_S) * STEP_S;
const ONSET = END - 600;
const window = { from: new Date((ONSET - 1_800) * 1000), to: new Date(END * 1000) };
const onset = new Date(ONSET * 1000);

/** Labels of the exposition, where they are not those of the pack's own example. */
const LABELS: Partial<Record<PackName, LabelMatchers>> = {
  "jvm-client-java": { job: "billing" },
  nodejs: { job: "basket" },
  "node-exporter": { job: "node" },
};
/** What falls when things go wrong; what this exposition leaves as it was. */
const FALLS = new Set(["replicas", "server-up", "database-up", "cache-up", "cache-hit-ratio", "disk-free"]);
const STEADY = new Set(["pods-pending"]);

describe.skipIf(!hasPrometheus)(`a real Prometheus (${NEEDS_PROMETHEUS})`, () => {
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await startPrometheus(writeOpenMetrics(EXPOSED, [ONSET - 2_400, ONSET, END], STEP_S));
  });
  afterAll(() => server?.close());

  const serviceWith = (name: PackName) =>
    aService({ signals: instantiatePacks({ [name]: LABELS[name] ?? PACKS[name].example }) });

  it.each(PACK_NAMES)("says of every signal of %s what it did", async (name) => {
    const service = serviceWith(name);
    const source = createPrometheusSource({ url: server.url, stepMs: STEP_S * 1000 });
    const findings = await source.observe(aRequest({ service, onset, logs: window }));
    const told = new Map(
      findings.map(({ detail }) => (detail.kind === "metric" ? [detail.signal, detail.direction] : ["?", "?"])),
    );
    const expected = [...service.signals.keys()].map((signal): [string, string] => [
      signal,
      STEADY.has(signal) ? "steady" : FALLS.has(signal) ? "fell" : "rose",
    ]);
    expect(told).toEqual(new Map(expected));
    expect(findings.filter(({ summary }) => /series/.test(readForMatching(summary)))).toEqual([]);
  });

  it.each(PACK_NAMES)("has one value now for every signal of %s", async (name) => {
    const service = serviceWith(name);
    const problems: string[] = [];
    const reader = createSignalReader({
      readings: [prometheusReadings({ url: server.url })],
      clock: { sleep: () => Promise.resolve() },
      onProblem: (message) => problems.push(message),
    });
    const values = await Promise.all(
      [...service.signals.keys()].map(async (signal) => [signal, await reader.read(service, signal)]),
    );
    expect(values.filter(([, value]) => value === null)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("tells shares as shares", async () => {
    const reader = createSignalReader({
      readings: [prometheusReadings({ url: server.url })],
      clock: { sleep: () => Promise.resolve() },
    });
    const read = async (name: PackName, signal: string) => reader.read(serviceWith(name), signal);
    expect(await read("istio", "error-ratio")).toBeCloseTo(10 / 41, 2);
    expect(await read("postgresql", "connections-used")).toBeCloseTo(0.95, 5);
    expect(await read("jvm", "heap")).toBeCloseTo(0.91, 5);
    expect(await read("cadvisor", "memory-used")).toBeCloseTo(0.8, 5);
    expect(await read("cadvisor", "saturation")).toBeCloseTo(1, 2);
    expect(await read("node-exporter", "disk-free")).toBeCloseTo(0.01, 5);
    expect(await read("node-exporter", "clock-offset")).toBeCloseTo(2.5, 5);
  });

  describe("gives the figures of a cluster", () => {
    let metrics: Metrics;
    beforeAll(async () => {
      const ask = createClusterMetrics({ url: server.url, stepMs: STEP_S * 1000, families: METRIC_FAMILIES });
      metrics = await ask({
        namespace: "shop",
        onset,
        window,
        appOf: (pod) => `app/${pod.replace(/-[a-z0-9]+-[a-z0-9]+$/, "")}`,
        appOfService: (service) => `app/${service}`,
        nodes: ["worker-1.example.internal", "worker-2.example.internal"],
        signal: AbortSignal.timeout(10_000),
      });
    });
    const figure = (object: string, signal: string) =>
      metrics.measurements?.filter((each) => each.object === object && each.signal === signal) ?? [];

    it("without a question unanswered", () => expect(metrics.unanswered).toEqual([]));

    it("of apps: processor, memory, latency, requests and errors", () => {
      const [cpu] = figure("app/checkout", "cpu");
      expect(cpu).toMatchObject({ moved: true });
      expect([cpu?.before, cpu?.now].map((value) => value?.toFixed(2))).toEqual(["0.05", "0.50"]);
      expect(figure("app/payments", "cpu")).toMatchObject([{ moved: false }]);
      expect(figure("app/checkout", "cpu-throttled")[0]?.now).toBeCloseTo(0.6, 2);
      expect(figure("app/checkout", "memory")).toMatchObject([{ before: 1e8, now: 4e8, moved: true }]);
      expect(figure("app/payments", "latency")).toHaveLength(2);
      expect(figure("app/payments", "latency")[0]?.before).toBeCloseTo(5, 1);
      expect(figure("app/payments", "latency")[0]?.now).toBeCloseTo(800, 0);
      expect(figure("app/payments", "errors")).toMatchObject([
        { before: 0, moved: true },
        { before: 0, moved: true },
      ]);
      expect(figure("app/ledger", "errors")).toMatchObject([{ before: 0, moved: true, now: 1 }]);
      expect(figure("app/payments", "requests")).toHaveLength(1);
    });

    it("of nodes, by the names the cluster has for them", () => {
      const [sick] = figure("node/worker-1.example.internal", "retransmissions");
      expect(sick).toMatchObject({ moved: true, unit: "per thousand" });
      expect(sick?.now).toBeCloseTo(90, 0);
      expect(figure("node/worker-2.example.internal", "retransmissions")).toMatchObject([{ moved: false }]);
    });

    it("from which the checks tell where it begins", () => {
      const pods = ["checkout-5c6b47d9f-fghij", "payments-7d9f5c6b4-abcde"].map((name) => aPod(name));
      const view = aView({ pods, workloads: [] }, { measurements: metrics.measurements, calls: metrics.calls });
      const said = [checkFailures, checkUsage, checkSlowness].flatMap((check) => check(view));
      expect(saidBy(said)).toEqual([
        "app:CpuThrottled app/checkout",
        "node:PacketsLost node/worker-1.example.internal",
        "app:Failing app/ledger",
        "app:MemoryGrew app/checkout",
      ]);
    });

    it("of who calls whom", () => {
      expect(metrics.calls.toSorted((a, b) => (a.from < b.from ? -1 : 1))).toEqual([
        { from: "checkout", to: "payments" },
        { from: "payments", to: "ledger" },
        { from: "web", to: "checkout" },
      ]);
    });
  });
});
