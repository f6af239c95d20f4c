import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { worldFolder } from "./files.js";

const Ready = z.object({ port: z.number().int().positive() });

/** A process of the world. It ends when the lab ends, however that ends. */
export interface WorldProcess {
  readonly child: ChildProcess;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the process is gone. */
  stop(graceMs?: number): Promise<void>;
}

interface ProcessOptions {
  readonly script: string; // absolute path
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a Node process with nothing of our environment but PATH. Its output can be read from `child.stdout`. */
export function startProcess({ script, cwd, env }: ProcessOptions): WorldProcess {
  const tether = pathToFileURL(join(worldFolder(), "processes", "tether.mjs")).href;
  const child = spawn(process.execPath, ["--import", tether, script], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  return { child, stop: (graceMs = 500) => stopProcess(child, graceMs) };
}

/**
 * Waits for the message `{port}` by which a process says that it is up.
 * @throws when it ends before, or says nothing within ten seconds
 */
export async function waitForPort({ child }: WorldProcess, name: string): Promise<number> {
  const ended = new AbortController();
  const onEnd = (): void =>
    ended.abort(new Error(`${name} ended (code ${child.exitCode ?? child.signalCode ?? "?"}) before it was up.`));
  const onSlow = setTimeout(() => ended.abort(new Error(`${name} was not up within 10 s.`)), 10_000);
  child.once("exit", onEnd);
  try {
    const [message] = await once(child, "message", { signal: ended.signal });
    return Ready.parse(message).port;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    clearTimeout(onSlow);
    child.off("exit", onEnd);
  }
}

async function stopProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await gone;
  clearTimeout(timer);
}
