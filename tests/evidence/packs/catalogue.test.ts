import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ServiceEntry, SignalEntry } from "../../../src/config/schema.js";
import { instantiatePacks, MAX_PACK_QUERIES, PACK_NAMES, PACKS } from "../../../src/evidence/packs/catalogue.js";
import { CLUSTER_QUESTIONS, MAX_CLUSTER_QUESTIONS } from "../../../src/evidence/packs/cluster-metrics.js";
import { writeMatchers } from "../../../src/evidence/packs/matchers.js";
import { instantiatePack, LABELS, MAX_PACK_SIGNALS } from "../../../src/evidence/packs/pack.js";
import { hasPromtool, NEEDS_PROMETHEUS, promtool } from "./binaries.js";

const packs = PACK_NAMES.map((name) => PACKS[name]);
const queries = packs.flatMap((pack) => pack.signals.map((signal) => ({ pack: pack.name, ...signal })));

describe("query packs", () => {
  it.each(packs)("$name is small, and says where its metrics are described", ({ name, signals, docs, example }) => {
    expect(PACK_NAMES).toContain(name);
    expect(signals.length).toBeLessThanOrEqual(MAX_PACK_SIGNALS);
    expect(new Set(signals.map((signal) => signal.name)).size).toBe(signals.length);
    expect(docs).toMatch(/^https:\/\//);
    expect(Object.keys(example).length).toBeGreaterThan(0);
  });

  it("are shown in docs/query-packs.md as a config can hold them", () => {
    const page = readFileSync(new URL("../../../docs/query-packs.md", import.meta.url), "utf8");
    const samples = [...page.matchAll(/^packs: .*$/gm)].map(
      ([line]) => ServiceEntry.pick({ packs: true }).parse(parse(line)).packs,
    );
    expect(samples).toEqual(packs.map(({ name, example }) => ({ [name]: example })));
  });

  it.each(queries)("$pack $name has a query that a config could hold", ({ unit, query, name }) => {
    expect(SignalEntry.safeParse({ source: "prometheus", query, unit }).error?.issues ?? []).toEqual([]);
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  it.each([...queries, ...CLUSTER_QUESTIONS.filter(({ family }) => family !== "node-exporter")])(
    "every selector of $query is bound to the service",
    ({ query }) => {
      const selectors = [...query.matchAll(/\{([^}]*)\}/g)].map(([, inside = ""]) => inside);
      expect(selectors.length).toBeGreaterThan(0);
      expect(selectors.filter((inside) => !inside.startsWith(LABELS))).toEqual([]);
      expect(metricsWithoutSelector(query)).toEqual([]);
    },
  );

  it("call one thing by one name and one unit, but for the heap and times of other makers", () => {
    const units = new Map<string, Set<string | null>>();
    for (const { name, unit } of queries) units.set(name, (units.get(name) ?? new Set()).add(unit));
    const several = [...units].filter(([, found]) => found.size > 1).map(([name]) => name);
    expect(several).toEqual(["latency-p95", "heap"]);
  });

  it("put the labels in literally, also where they look like a replacement", () => {
    const [signal] = instantiatePack(PACKS.nginx, { job: "$& $labels $1" });
    expect(signal?.query).toBe('min(nginx_up{job="$& $labels $1"})');
  });

  it("of two that know the same name, the one written first gives it", () => {
    const both = { jvm: { job: "a" }, istio: { destination_workload: "b" } };
    expect(instantiatePacks(both).get("error-ratio")?.query).toContain('job="a"');
    expect(instantiatePacks({ istio: both.istio, jvm: both.jvm }).get("error-ratio")?.query).toContain(
      'destination_workload="b"',
    );
  });

  it("of everything that runs in one pod are not too many", () => {
    const chosen = ["kube-state-metrics", "kube-state-metrics-pods", "cadvisor", "istio", "istio-client", "jvm"] as const;
    expect(instantiatePacks(Object.fromEntries(chosen.map((name) => [name, { a: "b" }]))).size).toBeLessThanOrEqual(
      MAX_PACK_QUERIES,
    );
  });
});

it("a metric that is bound to nobody would be noticed", () => {
  expect(metricsWithoutSelector('sum by (pod) (rate(up{a="b"}[3m])) / node_load1')).toEqual(["node_load1"]);
});

describe("questions about a cluster", () => {
  it("are few", () => expect(CLUSTER_QUESTIONS.length).toBeLessThanOrEqual(MAX_CLUSTER_QUESTIONS));
});

it.skipIf(!hasPromtool)(`every query is PromQL to Prometheus' own parser (${NEEDS_PROMETHEUS})`, async () => {
  const labels = { namespace: 'a"b\\', pod: "~checkout-.*" };
  const written = [
    ...packs.flatMap((pack) => instantiatePack(pack, labels).map(({ query }) => query)),
    ...CLUSTER_QUESTIONS.map(({ query }) => query.replaceAll(LABELS, () => writeMatchers(labels))),
  ];
  const rules = written.map((expr, index) => ({ record: `a${index}`, expr }));
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-rules-"));
  try {
    const file = join(folder, "rules.json"); // JSON is YAML too
    writeFileSync(file, JSON.stringify({ groups: [{ name: "packs", rules }] }));
    expect(await promtool("check", "rules", file)).toEqual({
      ok: true,
      output: expect.stringContaining(`${rules.length} rules found`) as unknown,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const WORDS = new Set("sum min max avg count rate increase abs histogram_quantile by on group_left or".split(" "));

/** Names of metrics that no braces follow: they would be those of everybody. */
function metricsWithoutSelector(query: string): readonly string[] {
  const bare = query.replaceAll(/\{[^}]*\}/g, "{").replaceAll(/\b(by|on|group_left) \([^)]*\)/g, "");
  return [...bare.matchAll(/\b[a-zA-Z_]\w+\b(?!\{)/g)].map(([name]) => name).filter((name) => !WORDS.has(name));
}
