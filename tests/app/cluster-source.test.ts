import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createCluster } from "../../src/app/sources.js";
import { parseConfig } from "../../src/config/parse.js";
import { readStatement } from "../../src/evidence/statement.js";
import { asFile, withService } from "../config/samples.js";
import { json, serve, type LocalServer } from "../evidence/support/server.js";
import { aRequest, ONSET, repeat } from "../evidence/support/world.js";
import { aRunner } from "./support.js";

/** A cluster with one pod that is well; it refuses every other question. */
const KUBECTL = `#!/bin/sh
case "$*" in
  "get pods -o wide -n shop")
    printf 'NAME                     READY   STATUS    RESTARTS   AGE   IP         NODE\\norders-7d9f5c6b4-abcde   1/1     Running   0          9m    10.1.0.7   node-a\\n' ;;
  *) echo "Error from server (Forbidden)" >&2; exit 1 ;;
esac
`;
const folder = mkdtempSync(join(tmpdir(), "gatehouse-kubectl-"));
let server: LocalServer;

beforeAll(async () => {
  writeFileSync(join(folder, "kubectl"), KUBECTL);
  chmodSync(join(folder, "kubectl"), 0o755);
  const start = ONSET.getTime() / 1000 - 1_800;
  const values = repeat(124, (index): [number, string] => [start + index * 15, index < 120 ? "0.1" : "3"]);
  server = await serve((request, response) => {
    const isCpu = request.params.get("query")?.includes("container_cpu_usage_seconds_total") === true;
    const result = isCpu ? [{ metric: { pod: "orders-7d9f5c6b4-abcde" }, values }] : [];
    json(response, { status: "success", data: { resultType: "matrix", result } });
  });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function look(metrics: string): Promise<readonly string[]> {
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  const text = `${withService("kubernetes: {namespace: shop}")}sources: {prometheus: {url: "${server.url}", token-env: TOKEN}, kubernetes: {metrics: ${metrics}}}\n`;
  const parsed = parseConfig(asFile(text));
  if (!parsed.ok) throw new Error(parsed.message);
  const { config } = parsed;
  const [service, kubernetes] = [config.services.get("checkout"), config.sources.kubernetes];
  if (service === undefined || kubernetes === null) throw new Error("The config has no service or no cluster.");
  const source = createCluster({ ...aRunner({ TOKEN: "t0ken" }), config }, kubernetes);
  const findings = await source.observe(aRequest({ service }));
  return findings.flatMap((finding) => {
    const said = readStatement(finding);
    return said === null ? [] : [`${said.of}:${said.reason} ${said.object}`];
  });
}

describe("the cluster source of a config", () => {
  it("asks the configured Prometheus for the families that are named", async () => {
    expect(await look("[cadvisor]")).toContain("app:CpuBusy app/orders");
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(repeat(3, () => "Bearer t0ken"));
  });

  it("asks kubectl alone when none is named", async () => {
    const before = server.seen.length;
    expect(await look("[]")).not.toContain("app:CpuBusy app/orders");
    expect(server.seen.length).toBe(before);
  });
});
