import { afterEach, describe, expect, it } from "vitest";
import { createSignalReader } from "../../src/evidence/signal-reader.js";
import { alertmanagerReadings } from "../../src/evidence/sources/alertmanager-readings.js";
import { prometheusReadings } from "../../src/evidence/sources/prometheus-readings.js";
import { createAlertmanagerSource } from "../../src/evidence/sources/alertmanager.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Finding } from "../../src/ports.js";
import { json, serve, type LocalServer, type Reply } from "./support/server.js";
import { anAlert, aRequest, fromOnset, repeat } from "./support/world.js";

let server: LocalServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Shape {
  readonly labels: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly state?: string;
  readonly summary?: string;
}
/** As Alertmanager 0.27 writes it. */
function anEntry({ labels, seconds = -60, state = "active", summary }: Shape): unknown {
  return {
    annotations: summary === undefined ? {} : { summary },
    endsAt: fromOnset(240).toISOString(),
    fingerprint: "76a3e0ae99a65d7a",
    receivers: [{ name: "gatehouse" }],
    startsAt: fromOnset(seconds).toISOString(),
    status: { inhibitedBy: [], silencedBy: state === "suppressed" ? ["1"] : [], state },
    updatedAt: fromOnset(0).toISOString(),
    generatorURL: "http://prometheus:9090/graph",
    labels,
  };
}
const tell =
  (...entries: readonly Shape[]): Reply =>
  (_request, response) =>
    json(response, entries.map(anEntry));

async function observe(reply: Reply): Promise<readonly Finding[]> {
  server = await serve(reply);
  return createAlertmanagerSource({ url: server.url }).observe(aRequest());
}
const texts = (findings: readonly Finding[]): string[] => findings.map(({ summary }) => readForMatching(summary));

describe("other alerts", () => {
  it("of a dozen kinds are told one by one, and that there are more", async () => {
    const kinds = (count: number): Reply =>
      tell(...repeat(count, (index) => ({ labels: { alertname: `Kind${index}`, service: "checkout" }, seconds: -60 * index })));
    const said = texts(await observe(kinds(15)));
    expect(said).toContain("15 kinds of alerts fire for it and what it needs; the nearest 12 are told");
    expect(said.filter((text) => /Kind\d/.test(text))).toHaveLength(12);
    await server?.close();
    expect(texts(await observe(kinds(12))).join("\n")).not.toContain("kinds of alerts");
  });

  it("are told for the service and for what it needs, the neighbour first", async () => {
    const findings = await observe(
      tell(
        { labels: { alertname: "LatencyHigh", service: "checkout", severity: "warning" } },
        { labels: { alertname: "ConnectionsFull", app: "payments-db", severity: "critical" }, summary: "98 of 100\nused" },
        { labels: { alertname: "DiskFull", service: "search" } },
      ),
    );
    expect(server?.seen.map(({ path }) => path)).toEqual(["/api/v2/alerts"]);
    expect(findings).toMatchObject([
      { source: "alertmanager", subject: "payments-db", at: fromOnset(-60), detail: { kind: "alert" } },
      { subject: "checkout" },
    ]);
    expect(texts(findings)).toEqual([
      "ConnectionsFull fires for payments-db (critical), since 60 s before the onset: 98 of 100 used",
      "LatencyHigh fires for checkout (warning), since 60 s before the onset",
    ]);
  });

  it("of one name are counted together", async () => {
    const pods = repeat(3, (index) => ({
      labels: { alertname: "PodDown", service: "checkout", pod: `p${index}` },
      seconds: index,
    }));
    expect(texts(await observe(tell(...pods)))).toEqual(["PodDown fires for checkout (3 alerts), since at the onset"]);
  });

  it("that are silenced are said to be, and count less", async () => {
    const labels = { alertname: "ConnectionsFull", service: "payments-db" };
    const [silenced] = await observe(tell({ labels, state: "suppressed" }));
    await server?.close();
    const [heard] = await observe(tell({ labels }));
    expect(texts(silenced ? [silenced] : [])[0]).toMatch(/\(silenced or inhibited\)/);
    expect(silenced?.score).toBeLessThan(heard?.score ?? 0);
  });

  it("that fire for days count less than those that began with the incident", async () => {
    const [first, second] = await observe(
      tell(
        { labels: { alertname: "Old", service: "payments-db" }, seconds: -3 * 86_400 },
        { labels: { alertname: "Fresh", service: "payments-db" } },
      ),
    );
    expect(texts(first ? [first] : [])[0]).toMatch(/^Fresh /);
    expect(second?.score).toBeLessThan(0.2);
  });

  it("that fire by design are left out", async () => {
    expect(await observe(tell({ labels: { alertname: "Watchdog", service: "checkout", severity: "none" } }))).toEqual([]);
  });

  it.each<{ name: string; reply: Reply; says: RegExp }>([
    {
      name: "the removed version of the API",
      reply: (_request, response) => json(response, { status: "error", error: "gone" }, 410),
      says: /Alertmanager at 127\.0\.0\.1:\d+ answered 410 \(gone\)/,
    },
    {
      name: "another shape",
      reply: (_request, response) => json(response, { data: [] }),
      says: /unknown shape \(its top level\)/,
    },
    {
      name: "a date that is none",
      reply: (_request, response) => json(response, [{ ...(anEntry({ labels: {} }) as object), startsAt: "yesterday" }]),
      says: /unknown shape \(0\.startsAt\)/,
    },
  ])("cannot be read from $name", async ({ reply, says }) => {
    await expect(observe(reply)).rejects.toThrow(says);
  });
});

describe("whether an alert fires, asked of Alertmanager", () => {
  const own = { alertname: "CheckoutErrorRateHigh", service: "checkout", instance: "127.0.0.1:9191" };
  const absent: Reply = tell({ labels: { alertname: "Other" } });
  const down: Reply = (_request, response) => json(response, {}, 503);

  async function isFiring(reply: Reply, metrics: Reply | null, monitor = "alertmanager"): Promise<boolean | null> {
    const prometheus = metrics === null ? null : await serve(metrics);
    server = await serve(reply);
    const reader = createSignalReader({
      readings: [...(prometheus ? [prometheusReadings({ url: prometheus.url })] : []), alertmanagerReadings({ url: server.url })],
      clock: { sleep: () => Promise.resolve() },
    });
    const answer = await reader.isFiring(anAlert({ monitor }));
    await prometheus?.close();
    return answer;
  }
  const inPrometheus =
    (...states: readonly string[]): Reply =>
    (_request, response) =>
      json(response, { status: "success", data: { alerts: states.map((state) => ({ labels: own, state })) } });

  it.each([
    { name: "in its list", reply: tell({ labels: { ...own, cluster: "eu" } }), metrics: null, fires: true },
    { name: "silenced", reply: tell({ labels: own, state: "suppressed" }), metrics: null, fires: true },
    { name: "not in its list", reply: absent, metrics: null, fires: false },
    { name: "not in its list, but Prometheus fires it", reply: absent, metrics: inPrometheus("firing"), fires: true },
    { name: "in its list, but not in Prometheus'", reply: tell({ labels: own }), metrics: inPrometheus(), fires: true },
    { name: "unknown while it is down, and Prometheus does not fire it", reply: down, metrics: inPrometheus(), fires: false },
    { name: "unknown while both are down", reply: down, metrics: down, fires: null },
  ])("is $fires for one that is $name", async ({ reply, metrics, fires }) => {
    expect(await isFiring(reply, metrics)).toBe(fires);
  });

  it("is unknown for an alert of another monitor that it does not list", async () => {
    expect(await isFiring(absent, null, "datadog")).toBeNull();
  });
});

describe("a storm of alerts", () => {
  const storm = (...entries: readonly Shape[]): Promise<readonly Finding[]> => observe(tell(...entries));
  const inShop = (alertname: string, on: Readonly<Record<string, string>>, summary: string, seconds = -60): Shape => ({
    labels: { alertname, namespace: "shop", ...on },
    summary,
    seconds,
  });
  const passing = [
    inShop("CheckoutErrors", { service: "checkout" }, "checkout: errors when calling payments-db"),
    inShop("CartErrors", { service: "cart" }, "cart: errors when calling payments-db"),
    inShop("PodCrashLooping", { pod: "payments-db-7d9f8c6b5d-x2x7k" }, "payments-db restarts"),
  ];
  const begins = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ query }) => query === "storm:ComesFrom");

  it("is told by the thing that it seems to come from", async () => {
    const [found, ...others] = begins(await storm(...passing));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ subject: "app/payments-db", detail: { kind: "state" }, source: "alertmanager" });
    expect(found && readForMatching(found.summary)).toMatch(
      /^storm ComesFrom: 3 alerts on 3 things .*named by the alerts of 2 others/,
    );
    expect(found?.score).toBeLessThan(0.5); // no trouble by itself: it must not stand against "no incident"
  });

  it.each([
    { name: "two alerts", entries: passing.slice(1) },
    { name: "alerts long before the onset", entries: passing.map((each) => ({ ...each, seconds: -7200 })) },
    {
      name: "alerts of another namespace",
      entries: [passing[0], ...passing.slice(1).map(elsewhere)].flatMap((each) => each ?? []),
    },
    {
      name: "alerts on a single thing",
      entries: repeat(4, (index) => inShop(`Alert${index}`, { service: "checkout" }, "broken")),
    },
  ])("is not seen in $name", async ({ entries }) => {
    expect(begins(await storm(...entries))).toEqual([]);
  });

  function elsewhere(entry: Shape): Shape {
    return { ...entry, labels: { ...entry.labels, namespace: "search" } };
  }
});
