import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.js";
import { parseConfig } from "../../src/config/parse.js";
import { asFile, smallest, withService } from "./samples.js";

const PROMETHEUS = 'sources: {prometheus: {url: "http://prometheus:9090"}}\n';

function read(text: string): Config {
  const parsed = parseConfig(asFile(text));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.config;
}

function refusal(text: string): string {
  const parsed = parseConfig(asFile(text));
  return parsed.ok ? "accepted" : parsed.message;
}

describe("packs of a service", () => {
  it("become signals like any other", () => {
    const { services } = read(withService("packs: {jvm: {job: checkout, instance: '~10\\.0\\..*'}}") + PROMETHEUS);
    expect(services.get("checkout")?.signals.get("pool-waiting")).toEqual({
      name: "pool-waiting",
      source: "prometheus",
      pack: "jvm",
      query: 'sum(hikaricp_connections_pending{job="checkout",instance=~"10\\\\.0\\\\..*"})',
      unit: null,
    });
  });

  it("yield to the service's own signals, then to the pack written before", () => {
    const own = "signals: {error-ratio: {source: loki, query: mine}}";
    const packs = "packs: {redis: {job: cache}, postgresql: {job: db}, istio: {destination_workload: checkout}}";
    const signals = read(withService(own, packs) + PROMETHEUS).services.get("checkout")?.signals;
    expect([...(signals?.keys() ?? [])].slice(0, 2)).toEqual(["error-ratio", "cache-up"]);
    expect(signals?.get("error-ratio")).toMatchObject({ source: "loki", query: "mine" });
    expect(signals?.get("replication-lag")?.query).toContain('redis_connected_slave_lag_seconds{job="cache"}');
    expect(signals?.get("request-rate")?.query).toContain('destination_workload="checkout"');
  });

  it("are none where none are written", () => {
    expect(read(withService()).services.get("checkout")?.signals.size).toBe(0);
  });

  it.each([
    {
      name: "an unknown one",
      text: withService("packs: {istoi: {job: a}}") + PROMETHEUS,
      says: 'services.checkout.packs.istoi is not a known key. Did you mean "istio"?',
    },
    {
      name: "one that resembles nothing",
      text: withService("packs: {falco: {job: a}}") + PROMETHEUS,
      says: "services.checkout.packs.falco is not a known key. Known here: kube-state-metrics, kube-state-metrics-pods, cadvisor, ",
    },
    {
      name: "one without labels",
      text: withService("packs: {istio: {}}") + PROMETHEUS,
      says: "services.checkout.packs.istio is an empty map. Write at least one label that tells the service apart",
    },
    {
      name: "a name that is no label",
      text: withService("packs: {jvm: {app.name: a}}") + PROMETHEUS,
      says: 'services.checkout.packs.jvm["app.name"] is not a name that can be used here. Write the name of a label',
    },
    {
      name: "a pack without its labels",
      text: withService("packs: {jvm: }") + PROMETHEUS,
      says: "services.checkout.packs.jvm is null. Write labels with their values, such as { job: checkout }.",
    },
    {
      name: "a list of packs",
      text: withService("packs: [jvm]") + PROMETHEUS,
      says: "services.checkout.packs is a list of 1. Write packs, each with the labels of the service, such as { jvm: { job: checkout } }.",
    },
    {
      name: "an empty value",
      text: withService("packs: {jvm: {job: ''}}") + PROMETHEUS,
      says: 'services.checkout.packs.jvm.job is "". Write the value of a label, of at most 200 characters, or ~ and a regular expression.',
    },
    {
      name: "any, where Prometheus is not set",
      text: withService("packs: {jvm: {job: a}}"),
      says: "services.checkout.packs needs sources.prometheus, which is not set. Write its url, or remove this.",
    },
    {
      name: "too many",
      text:
        withService(
          `packs: {${["cadvisor", "istio-client", "jvm", "postgresql", "redis", "node-exporter", "nginx", "kube-state-metrics-pods"].map((name) => `${name}: {job: a}`).join(", ")}}`,
        ) + PROMETHEUS,
      says: "services.checkout.packs brings 49 queries, more than 40. Choose fewer packs, and write single queries under signals.",
    },
  ])("refuses $name", ({ text, says }) => {
    expect(refusal(text)).toContain(says);
  });
});

describe("figures of a cluster", () => {
  it("are asked for only where they are named", () => {
    expect(read(`${smallest}sources: {kubernetes: {}}\n`).sources.kubernetes).toMatchObject({ metrics: [] });
    const asked = `${smallest}sources: {kubernetes: {metrics: [istio]}, prometheus: {url: "http://prometheus:9090"}}\n`;
    expect(read(asked).sources.kubernetes).toMatchObject({ metrics: ["istio"] });
  });

  it("need Prometheus", () => {
    expect(refusal(`${smallest}sources: {kubernetes: {metrics: [cadvisor]}, prometheus: null}\n`)).toContain(
      "sources.kubernetes.metrics needs sources.prometheus, which is not set.",
    );
  });
});
