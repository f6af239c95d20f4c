import { afterEach, describe, expect, it } from "vitest";
import type { Service, SignalQuery } from "../../../src/config/config.js";
import { MOST_NEIGHBOURS, neighbourhoodOf } from "../../../src/evidence/neighbours/neighbourhood.js";
import { createNeighbourSource } from "../../../src/evidence/neighbours/source.js";
import { createPrometheusReader } from "../../../src/evidence/sources/prometheus.js";
import { PartialAnswerError } from "../../../src/evidence/unavailable.js";
import { readForMatching } from "../../../src/outside/match.js";
import { redact } from "../../../src/outside/redact.js";
import type { Finding } from "../../../src/ports.js";
import { json, serve, type LocalServer } from "../support/server.js";
import { aRequest, aService, matrix, repeat } from "../support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

function catalogueOf(...services: readonly Service[]): ReadonlyMap<string, Service> {
  return new Map(services.map((service) => [service.name, service]));
}

const signal = (service: string, name: string): [string, SignalQuery] => [
  name,
  { name, source: "prometheus", query: `${service} ${name}`, unit: name === "error-ratio" ? "ratio" : null },
];
const withSignals = (name: string, dependsOn: readonly string[], ...names: readonly string[]): Service =>
  aService({ name, dependsOn, signals: new Map(names.map((each) => signal(name, each))) });

const gateway = withSignals("gateway", ["checkout", "catalogue"], "error-ratio", "latency-p95");
const checkout = withSignals("checkout", ["payments"], "error-ratio", "latency-p95");
const catalogue = withSignals("catalogue", [], "error-ratio", "latency-p95");
const payments = withSignals("payments", [], "error-ratio", "latency-p95", "cpu", "queue-length");
const shop = catalogueOf(gateway, checkout, catalogue, payments);

type Level = readonly [before: number, since: number];
/** Half an hour before the onset and a minute after it, a point every ten seconds, with a little noise. */
const series = ([before, since]: Level): unknown =>
  matrix(-1800, [...repeat(181, (at) => before * (1 + 0.01 * (at % 3))), ...repeat(6, () => since)], 10);

async function observe(levels: Readonly<Record<string, Level | "down">>, service = gateway): Promise<readonly Finding[]> {
  server = await serve(({ params }, response) => {
    const level = levels[params.get("query") ?? ""];
    if (level === "down") json(response, { error: "query timed out" }, 503);
    else json(response, level === undefined ? matrix(0, []) : series(level));
  });
  const read = createPrometheusReader({ url: server.url, stepMs: 10_000 });
  return createNeighbourSource({ catalogue: shop, readers: new Map([["prometheus", read]]) }).observe(aRequest({ service }));
}
const said = (findings: readonly Finding[]): readonly (readonly [string, string | null])[] =>
  findings.map(({ subject, query }) => [subject, query]);

const CALM: Readonly<Record<string, Level>> = {
  "gateway error-ratio": [0.01, 0.01],
  "gateway latency-p95": [0.2, 0.2],
  "checkout error-ratio": [0.01, 0.01],
  "checkout latency-p95": [0.1, 0.1],
  "catalogue error-ratio": [0.01, 0.01],
  "catalogue latency-p95": [0.1, 0.1],
  "payments error-ratio": [0.01, 0.01],
  "payments latency-p95": [0.05, 0.05],
  "payments cpu": [0.3, 0.3],
};

describe("the neighbourhood of a service", () => {
  it("is what it depends on, nearest first, with the calls between", () => {
    const { services, calls } = neighbourhoodOf(gateway, shop);
    expect(services.map(({ name }) => name)).toEqual(["gateway", "checkout", "catalogue", "payments"]);
    expect(calls).toContainEqual({ caller: "checkout", callee: "payments" });
  });

  it("goes in circles without end or doubles", () => {
    const [one, other] = [withSignals("one", ["other", "one"]), withSignals("other", ["one"])];
    const { services, calls } = neighbourhoodOf(one, catalogueOf(one, other));
    expect(services.map(({ name }) => name)).toEqual(["one", "other"]);
    expect(calls).toEqual([
      { caller: "one", callee: "other" },
      { caller: "other", callee: "one" },
    ]);
  });

  it("is bounded, and leaves out names that the catalogue does not hold", () => {
    const many = repeat(20, (index) => withSignals(`s${index}`, []));
    const hub = withSignals("hub", ["a-vendor", ...many.map(({ name }) => name)]);
    expect(neighbourhoodOf(hub, catalogueOf(hub, ...many)).services).toHaveLength(MOST_NEIGHBOURS + 1);
  });
});

describe("what neighbours show", () => {
  it("blames no dependency that slowed down while the service itself slowed down as much", async () => {
    const both = { "gateway latency-p95": [0.2, 1.2], "checkout latency-p95": [0.1, 0.6] } as const;
    expect(said(await observe({ ...CALM, ...both }))).toEqual([["service/checkout", "dependency:Changed"]]);
    await server?.close();
    expect(said(await observe({ ...CALM, ...both, "gateway latency-p95": [0.2, 0.7] }))).toEqual([
      ["service/checkout", "dependency:Slow"],
    ]);
  });

  it("names the dependency where failures begin, not those that pass them on", async () => {
    const findings = await observe({
      ...CALM,
      "gateway error-ratio": [0.01, 0.3],
      "checkout error-ratio": [0.01, 0.4],
      "payments error-ratio": [0.01, 0.45],
    });
    expect(said(findings)[0]).toEqual(["service/payments", "dependency:Failing"]);
    expect(readForMatching(findings[0]?.summary ?? redact(""))).toBe(
      "dependency Failing: error-ratio rose from 1 % to 45 %; more than what it calls accounts for",
    );
    expect(said(findings)).not.toContainEqual(["service/catalogue", expect.anything()]);
  });

  it("names the dependency where the time goes", async () => {
    const findings = await observe({
      ...CALM,
      "gateway latency-p95": [0.2, 3],
      "checkout latency-p95": [0.1, 2.9],
      "payments latency-p95": [0.05, 2.8],
    });
    expect(said(findings)[0]).toEqual(["service/payments", "dependency:Slow"]);
  });

  it("compares like with like: a mean that only one service has is left out, milliseconds and seconds are the same time", async () => {
    const timed = (name: string, service: string, unit: string): [string, SignalQuery] => [
      name,
      { name, source: "prometheus", query: `${service} ${name}`, unit },
    ];
    const through = aService({
      name: "through",
      dependsOn: ["origin"],
      signals: new Map([timed("latency", "through", "seconds"), timed("latency-p95", "through", "seconds")]),
    });
    const origin = aService({
      name: "origin",
      dependsOn: [],
      signals: new Map([timed("latency-p95", "origin", "milliseconds")]),
    });
    const front = aService({
      name: "front",
      dependsOn: ["through"],
      signals: new Map([timed("latency-p95", "front", "seconds")]),
    });
    const levels: Readonly<Record<string, Level>> = {
      "front latency-p95": [0.2, 2.2],
      "through latency": [0.05, 1.5],
      "through latency-p95": [0.1, 2.1],
      "origin latency-p95": [50, 2_050],
    };
    server = await serve(({ params }, response) => json(response, series(levels[params.get("query") ?? ""] ?? [0, 0])));
    const read = createPrometheusReader({ url: server.url, stepMs: 10_000 });
    const options = { catalogue: catalogueOf(front, through, origin), readers: new Map([["prometheus", read]]) };
    const findings = await createNeighbourSource(options).observe(aRequest({ service: front }));
    expect(said(findings)[0]).toEqual(["service/origin", "dependency:Slow"]);
    expect(readForMatching(findings[0]?.summary ?? redact(""))).toMatch(/latency-p95 rose from 50\.5 ms to 2\.05 s/);
    expect(server.seen.map(({ params }) => params.get("query"))).not.toContain("through latency");
  });

  it("says nothing of a neighbour that moved by no more than it always does", async () => {
    const findings = await observe({
      ...CALM,
      "gateway error-ratio": [0.01, 0.3],
      "payments latency-p95": [0.05, 0.0535],
    });
    expect(said(findings)).toEqual([["service/gateway", "dependency:Well"]]);
  });

  it("blames no dependency for what the service does itself", async () => {
    expect(said(await observe({ ...CALM, "gateway error-ratio": [0.01, 0.4] }))).toEqual([
      ["service/gateway", "dependency:Well"],
    ]);
  });

  it("says of a calm neighbourhood that nothing stands out", async () => {
    expect(said(await observe(CALM))).toEqual([["service/gateway", "dependency:Well"]]);
  });

  it("says nothing where no neighbour is measured", async () => {
    expect(await observe({ "gateway error-ratio": [0.01, 0.4] })).toEqual([]);
  });

  it("keeps what was found when some of the queries fail, and says so", async () => {
    const failure: unknown = await observe({
      ...CALM,
      "gateway error-ratio": [0.01, 0.3],
      "checkout error-ratio": [0.01, 0.4],
      "payments error-ratio": [0.01, 0.45],
      "catalogue latency-p95": "down",
    }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(PartialAnswerError);
    expect(failure).toMatchObject({ findings: [{ subject: "service/payments" }], mayHeal: true });
  });

  it("calls nobody well while some did not answer", async () => {
    const failure: unknown = await observe({ ...CALM, "payments error-ratio": "down" }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(PartialAnswerError);
    expect(failure).toMatchObject({ findings: [] });
  });

  it("asks only reviewed queries of the metrics source that tell where trouble begins", async () => {
    await observe(CALM);
    const asked = server?.seen.map(({ params }) => params.get("query")) ?? [];
    expect(asked).toHaveLength(9);
    expect(asked).not.toContain("payments queue-length");
  });

  it("concerns only services with a measured neighbour", () => {
    const source = createNeighbourSource({ catalogue: shop, readers: new Map([["prometheus", () => Promise.resolve([])]]) });
    expect([gateway, checkout, payments].map((service) => source.concerns?.(service))).toEqual([true, true, false]);
  });
});
