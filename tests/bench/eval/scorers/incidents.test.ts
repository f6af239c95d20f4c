import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scorer as storms } from "../../../../bench/eval/scorers/alert-storms.js";
import { scorer as investigations } from "../../../../bench/eval/scorers/investigations.js";
import { scorer as incidents } from "../../../../bench/eval/scorers/rootcausebench.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatehouse-eval-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
}
const score = (scorer: typeof storms, renameSeed: number | null) => scorer.score({ folder, data: folder, renameSeed });

const START = Date.parse("2025-03-01T12:00:00Z");
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

async function putIncident(name: string, log: string): Promise<void> {
  const minutes = Array.from({ length: 61 }, (_, minute) => minute);
  await put(`${name}/alert.json`, {
    service: "cartservice",
    metric: "error_ratio",
    monitor: "cart errors",
    summary: "cartservice errors above 5 %",
    fired_at: at(60),
  });
  await put(`${name}/commits.json`, [
    {
      sha: "aaaaaaaaaa",
      timestamp: at(30),
      message: "chore: pool",
      files_changed: ["services/cart/pool.yaml"],
      diff: "-pool_size: 50\n+pool_size: 5",
    },
    {
      sha: "bbbbbbbbbb",
      timestamp: at(50),
      message: "docs: cart pool",
      files_changed: ["services/cart/pool.md"],
      diff: "-a\n+b",
    },
  ]);
  await put(`${name}/deploys.json`, [
    { timestamp: at(40), service: "cartservice", commit_sha: "aaaaaaaaaa", version: "1" },
    { timestamp: at(52), service: "cartservice", commit_sha: "bbbbbbbbbb", version: "2" },
  ]);
  await put(`${name}/flags.json`, [
    { timestamp: at(51), flag: "cart_new", service: "cartservice", change: "off->on", actor: "x" },
  ]);
  await put(`${name}/patterns.json`, [
    { signature: log, service: "cartservice", count: 90, delta_vs_baseline: "+90", sentiment: "negative" },
  ]);
  await put(`${name}/traces.json`, []);
  const line = (minute: number, severity: string, msg: string): string =>
    JSON.stringify({ timestamp: at(minute), service: "cartservice", severity_text: severity, msg });
  await put(`${name}/logs.ndjson`, [line(1, "INFO", "served"), line(55, "ERROR", log), line(56, "ERROR", log)].join("\n"));
  const rows = minutes.map((minute) => `${at(minute)},cartservice,error_ratio,${minute < 55 ? 0.01 : 0.6}`);
  await put(`${name}/metrics.csv`, ["timestamp,service,metric,value", ...rows].join("\n"));
}

describe("the RootCauseBench scorer", () => {
  const decided = { first_failing_service: "cartservice", blast_radius: [], decoy_deploy_commits: ["bbbbbbbbbb"] };

  it.each([null, 1])("tells a guilty commit from none, and counts decoys apart (seed %s)", async (seed) => {
    await putIncident("pool", "pool exhausted: timeout waiting for a connection");
    await putIncident("outage", "POST https://api.pay.example.com/charge returned 503");
    await putIncident("missed", "POST https://api.pay.example.com/charge returned 503");
    await put("truth.json", {
      pool: { ...decided, root_cause_commit: "aaaaaaaaaa" },
      outage: { ...decided, root_cause_commit: "none" },
      missed: { ...decided, root_cause_commit: "bbbbbbbbbb" },
    });
    const { figures } = await score(incidents, seed);
    expect(figures).toMatchObject({ cases: 3, right: 2, decoys: 0, none_cases: 1, none_right: 1, first_service_right: 3 });
  });
});

describe("the alert storm scorer", () => {
  it.each([null, 1])("takes any name of the root as right (seed %s)", async (seed) => {
    const entities = ["front", "cart"].map((name) => ({ id: `${name}-service-1`, kind: "Service", namespace: "shop" }));
    const alerts = [{ alert: "HighErrorRate", entity: "front-service-1", description: "Front fails when calling cart" }];
    const one = { id: "one", alerts, entities: [...entities, { id: "cart-pod-1", kind: "Pod", namespace: "shop" }], aliases: [] };
    await put("cases.jsonl", JSON.stringify({ ...one, truth: { root: ["cart-pod-1"] } }));
    expect((await score(storms, seed)).figures).toMatchObject({ top1: 1, top3: 1, running: { cases: 1, top1: 1 } });
  });
});

describe("the investigations scorer", () => {
  const pod = "ledger-api-7d9f5c6b4-abcde";
  const described = [
    `Name:         ${pod}`,
    "Namespace:    accounts",
    "Status:       Running",
    "Containers:",
    "  server:",
    "    Image:          registry.example/shop/server:v2",
    "    State:          Waiting",
    "      Reason:       CrashLoopBackOff",
    "    Last State:     Terminated",
    "      Reason:       OOMKilled",
    "      Exit Code:    137",
    "    Ready:          False",
    "    Restart Count:  7",
    "    Limits:",
    "      memory:  100Mi",
    "",
  ].join("\n");

  it.each([null, 7])("counts statements whose terms are said, under whatever names (seed %s)", async (seed) => {
    const expected = [
      "`ledger-api` is `OOMKilled` at `100Mi`",
      "it needs `ghost-store`",
      "`ledger-api` waits for `CrashLoopBackOff` of `server:v2`",
    ];
    await put("cases.jsonl", JSON.stringify({ id: "one", expected, tools: [{ tool: "kubectl_describe", output: described }] }));
    const { figures, cases } = await score(investigations, seed);
    expect(figures).toEqual({ statements: 2, met: 1, without_terms: 1 });
    expect(cases[0]?.answer.includes("ledger-api")).toBe(seed === null);
  });
});
