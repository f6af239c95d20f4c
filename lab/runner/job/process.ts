import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { JobControl } from "./control.js";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Watch {
  readonly control: JobControl;
  readonly onLine: (line: string) => void;
  readonly timeoutMs: number;
}

export type Ended =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timed-out" };

/** How long output is awaited from processes that outlive their step and still hold its pipes. */
const drainMs = 500;

/** Runs one program in a process group of its own, with exactly this environment. @throws when it cannot be started */
export async function runProcess(command: Command, watch: Watch): Promise<Ended> {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const drained = Promise.all([eachLine(child.stdout, watch.onLine), eachLine(child.stderr, watch.onLine)]);
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.file} started without a process id`);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    watch.control.interrupt(pid);
  }, watch.timeoutMs);
  const exit = once(child, "exit");
  watch.control.started(pid);
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  watch.control.ended(pid);
  await Promise.race([drained, delay(drainMs, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (timedOut) return { kind: "timed-out" };
  return code === null ? { kind: "killed", signal: signal ?? "unknown signal" } : { kind: "exited", code };
}

/** Calls back with each whole line, the last one also without a line break. */
async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  await once(stream, "close");
  if (rest !== "") onLine(rest);
}
