/** A real Prometheus on 127.0.0.1 with recorded series in its storage, for tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promtool } from "./binaries.js";

export interface PrometheusServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startPrometheus(openMetrics: string): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), "gatehouse-prometheus-"));
  await writeFile(join(folder, "series.om"), openMetrics);
  await writeFile(join(folder, "prometheus.yml"), "scrape_configs: []\n");
  const storage = join(folder, "data");
  const made = await promtool("tsdb", "create-blocks-from", "openmetrics", join(folder, "series.om"), storage);
  if (!made.ok) throw new Error(`The recorded series were refused: ${made.output.slice(0, 2_000)}`);
  const port = await freePort();
  const process = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${storage}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await stop(process);
    await rm(folder, { recursive: true });
  };
  try {
    await waitUntilReady(url, process);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

async function stop(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = once(process, "exit");
  process.kill("SIGTERM");
  await gone;
}

async function waitUntilReady(url: string, process: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (process.exitCode !== null) throw new Error(`Prometheus ended with ${process.exitCode} before it was ready.`);
    const answer = await fetch(`${url}/-/ready`).catch(() => null); // not listening yet
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error("Prometheus was not ready in time.");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
  return address.port;
}
