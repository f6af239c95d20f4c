import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { seedRepository } from "../../../lab/world/repository.js";
import type { LabClock } from "../../../lab/model.js";

export function offsetClock(): LabClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance: (seconds) => {
      offsetMs += seconds * 1000;
    },
  };
}

export function fixedClock(at: string): LabClock {
  return { now: () => new Date(at), advance: () => undefined };
}

const folders: string[] = [];
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the test file has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-world-"));
  folders.push(folder);
  return folder;
}

export async function seededRepository(): Promise<string> {
  const dir = join(temporaryFolder(), "shop.git");
  await seedRepository(dir, { now: new Date() });
  return dir;
}

export function archive(repository: string, tag: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(execFileSync("git", ["archive", "--format=tar.gz", tag], { cwd: repository }));
}

/** A release that consists of its server alone. */
export function packedRelease(server: string): Uint8Array<ArrayBuffer> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "service"));
  writeFileSync(join(folder, "service", "server.mjs"), server);
  return new Uint8Array(execFileSync("tar", ["-cz", "-f", "-", "-C", folder, "."]));
}

/** Waits for real processes: looks again every 50 ms, fails with the claim after `withinMs`. */
export async function eventually(claim: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${claim}`);
    await sleep(50);
  }
}

/** Whether a process is still running; one that ended and waits to be reaped is not. */
export function isRunning(pid: number): boolean {
  const state = execFileSync("sh", ["-c", `ps -o stat= -p ${pid} || true`], { encoding: "utf8" }).trim();
  return state !== "" && !state.startsWith("Z");
}

export function childrenOf(pid: number): readonly number[] {
  const listed = execFileSync("ps", ["-e", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === pid && args.join(" ").includes("tether.mjs"))
    .map(([child]) => Number(child));
}
