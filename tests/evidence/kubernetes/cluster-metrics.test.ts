import { afterEach, describe, expect, it } from "vitest";
import { METRIC_FAMILIES, type MetricFamily } from "../../../src/evidence/packs/cluster-metrics.js";
import type { Metrics } from "../../../src/evidence/sources/kubernetes/beside.js";
import { createClusterMetrics } from "../../../src/evidence/sources/kubernetes/cluster-metrics.js";
import { json, serve, type LocalServer, type Reply } from "../support/server.js";
import { fromOnset, NOW, ONSET, repeat } from "../support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Labels = Readonly<Record<string, string>>;

const START = ONSET.getTime() / 1000 - 1_800;
/** A value each fifteen seconds: `before` until the onset, `since` from then on. */
function series(metric: Labels, before: number, since: number): unknown {
  const values = repeat(125, (index): [number, string] => {
    const at = START + index * 15;
    return [at, String(at * 1000 < ONSET.getTime() ? before : since)];
  });
  return { metric, values };
}
const matrix = (...result: readonly unknown[]): unknown => ({ status: "success", data: { resultType: "matrix", result } });
const vector = (...metrics: readonly Labels[]): unknown => ({
  status: "success",
  data: { resultType: "vector", result: metrics.map((metric) => ({ metric, value: [START, "3"] })) },
});

async function look(reply: Reply, families: readonly MetricFamily[], namespace = "shop"): Promise<Metrics> {
  server = await serve(reply);
  const ask = createClusterMetrics({ url: server.url, token: "t", stepMs: 15_000, timeoutMs: 500, families });
  return ask({
    namespace,
    onset: ONSET,
    window: { from: fromOnset(-1_800), to: NOW },
    appOf: (pod) => `app/${pod.split("-")[0]}`,
    appOfService: (service) => (service === "elsewhere" ? null : `app/${service.replace(/-svc$/, "")}`),
    nodes: ["node-a.internal", "node-b"],
    signal: AbortSignal.timeout(5_000),
  });
}
const nothing: Reply = ({ path }, response) => json(response, path === "/api/v1/query" ? vector() : matrix());
/** Answers the questions whose text has this in it. */
const answering =
  (part: string, answer: unknown): Reply =>
  (request, response, raw) =>
    request.params.get("query")?.includes(part) ? json(response, answer) : nothing(request, response, raw);

describe("figures of a cluster", () => {
  it("are asked in at most eight questions, each bound to the namespace, over the window of logs", async () => {
    await look(nothing, METRIC_FAMILIES);
    const asked = server?.seen ?? [];
    expect(asked.map(({ path }) => path).toSorted()).toEqual(["/api/v1/query", ...repeat(7, () => "/api/v1/query_range")]);
    const queries = asked.map(({ params }) => params.get("query") ?? "");
    expect(queries.filter((query) => !/namespace="shop"/.test(query))).toEqual([
      expect.stringContaining("node_netstat_Tcp_RetransSegs"),
    ]);
    expect(asked.every(({ authorization }) => authorization === "Bearer t")).toBe(true);
    const { params } = asked.find(({ path }) => path === "/api/v1/query_range") ?? {};
    expect([params?.get("start"), params?.get("end"), params?.get("step")]).toEqual([
      `${START}.000`,
      `${NOW.getTime() / 1000}.000`,
      "15",
    ]);
  });

  it("are those of the chosen families alone", async () => {
    await look(nothing, ["cadvisor"]);
    expect(server?.seen.map(({ params }) => /\b(container|istio|node)_/.exec(params.get("query") ?? "")?.[1])).toEqual([
      "container",
      "container",
      "container",
    ]);
  });

  it("count pods to their apps, the busiest at each moment", async () => {
    const answer = matrix(
      series({ pod: "orders-1" }, 0.1, 0.1),
      series({ pod: "orders-2" }, 0.1, 0.9),
      series({ pod: "web-1" }, 0.2, 0.2),
    );
    const { measurements } = await look(answering("container_cpu_usage", answer), ["cadvisor"]);
    expect(measurements).toEqual([
      { object: "app/orders", signal: "cpu", unit: "cores", before: 0.1, now: 0.9, moved: true },
      { object: "app/web", signal: "cpu", unit: "cores", before: 0.2, now: 0.2, moved: false },
    ]);
  });

  it("keep both ends of a call apart", async () => {
    const end = (reporter: string, since: number) => series({ reporter, destination_service_name: "orders-svc" }, 5, since);
    const { measurements } = await look(answering("duration", matrix(end("source", 900), end("destination", 5))), ["istio"]);
    expect(measurements?.map(({ object, now }) => `${object} ${now}`)).toEqual(["app/orders 900", "app/orders 5"]);
  });

  it("blame no machine that is not of the cluster", async () => {
    const answer = matrix(
      series({ nodename: "node-a" }, 0.1, 40),
      series({ nodename: "elsewhere" }, 0.1, 90),
      series({}, 0.1, 90),
    );
    const { measurements } = await look(answering("RetransSegs", answer), ["node-exporter"]);
    expect(measurements).toMatchObject([{ object: "node/node-a.internal", signal: "retransmissions", now: 40 }]);
  });

  it("know who calls whom, but nobody without a name", async () => {
    const answer = vector(
      { source_workload: "web", destination_service_name: "orders-svc" },
      { source_workload: "unknown", destination_service_name: "orders-svc" },
      { source_workload: "orders", destination_service_name: "orders-svc" },
      { source_workload: "web", destination_service_name: "elsewhere" },
    );
    expect((await look(answering("increase(istio", answer), ["istio"])).calls).toEqual([{ from: "web", to: "orders" }]);
  });

  it("are none where Prometheus knows nothing, which is no failure", async () => {
    expect(await look(nothing, METRIC_FAMILIES)).toEqual({ measurements: [], calls: [], unanswered: [] });
  });

  it("lack what was refused, and say so beside the rest", async () => {
    const { measurements, unanswered } = await look(
      (request, response, raw) =>
        request.params.get("query")?.includes("memory")
          ? json(response, { status: "error", error: "too many samples" }, 422)
          : answering("container_cpu_usage", matrix(series({ pod: "orders-1" }, 0.1, 0.9)))(request, response, raw),
      ["cadvisor"],
    );
    expect(measurements).toHaveLength(1);
    expect(unanswered).toEqual([
      expect.stringMatching(/^memory of cadvisor could not be asked: Prometheus at .* 422 \(too many samples\)/),
    ]);
  });

  it("lack what does not come in time", async () => {
    const { unanswered } = await look(
      (request, response, raw) => (request.params.get("query")?.includes("cfs") ? undefined : nothing(request, response, raw)),
      ["cadvisor"],
    );
    expect(unanswered).toEqual([
      expect.stringMatching(/^cpu-throttled of cadvisor could not be asked: .*in time|did not answer/),
    ]);
  });

  it("are cut where there are too many, and that is said", async () => {
    const many = matrix(...repeat(501, (index) => series({ pod: `p${index}-1` }, 1, 1)));
    const { measurements, unanswered } = await look(answering("container_memory", many), ["cadvisor"]);
    expect(measurements).toHaveLength(500);
    expect(unanswered).toEqual(["memory: 500 of 501 series were read"]);
  });

  it("hold a namespace to a value, whatever it is called", async () => {
    await look(nothing, ["cadvisor"], 'shop"} or up{a="');
    expect(server?.seen[0]?.params.get("query")).toContain('{namespace="shop\\"} or up{a=\\"",container!=""');
  });
});
