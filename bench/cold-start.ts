/** How long the bundle takes from its start to its first request, beside an empty Node process on the same machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

export interface ColdStart {
  readonly runs: number;
  readonly bundle_ms: number; // median
  readonly empty_node_ms: number; // median
  readonly ratio: number;
}

export async function measureColdStart(bundle: string, runs = 15): Promise<ColdStart> {
  const dir = await mkdtemp(join(tmpdir(), "gatehouse-bench-"));
  try {
    const [bundles, empties]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      bundles.push(await timeToFirstRequest(bundle, dir));
      empties.push(await timeEmptyNode());
    }
    const [bundle_ms, empty_node_ms] = [median(bundles), median(empties)];
    return { runs, bundle_ms, empty_node_ms, ratio: bundle_ms / empty_node_ms };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function timeToFirstRequest(bundle: string, dir: string): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(500).end());
  const arrived = once(server, "request").then(() => performance.now());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = await runnerVariables(dir, (server.address() as AddressInfo).port);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bundle], { env, stdio: "ignore" });
  const ended = once(child, "exit");
  const at = await Promise.race([arrived, ended.then(() => Promise.reject(new Error(`${bundle} ended without a request.`)))]);
  child.kill("SIGKILL");
  await ended;
  server.closeAllConnections();
  server.close();
  return at - startedAt;
}

async function timeEmptyNode(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - startedAt;
}

/** What a runner gives to `command: sweep`: the job that asks GitHub right away. */
async function runnerVariables(dir: string, port: number): Promise<Record<string, string>> {
  const event = join(dir, "event.json");
  await writeFile(event, "{}");
  const url = `http://127.0.0.1:${port}`;
  return {
    PATH: process.env["PATH"] ?? "",
    INPUT_COMMAND: "sweep",
    "INPUT_GITHUB-TOKEN": "none",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ID: "1",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_EVENT_NAME: "schedule",
    GITHUB_EVENT_PATH: event,
    GITHUB_API_URL: url,
    GITHUB_GRAPHQL_URL: `${url}/graphql`,
    GITHUB_SERVER_URL: url,
    GITHUB_REF: "refs/heads/main",
    GITHUB_SHA: "0".repeat(40),
    GITHUB_WORKSPACE: dir,
    GITHUB_ACTOR: "octocat",
    GITHUB_WORKFLOW: "sweep",
    GITHUB_JOB: "sweep",
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
