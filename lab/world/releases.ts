import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Files } from "./history.js";

/** Unpacks a gzipped tar, as `git archive` makes it, into a new folder. @throws with tar's own words */
export async function unpackRelease(archive: Uint8Array, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tar = spawn("tar", ["-xz", "-f", "-", "-C", folder], { stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  tar.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
  tar.stdin.on("error", (error) => (complaint += `${error.message}\n`)).end(archive);
  await once(tar, "close");
  if (tar.exitCode !== 0) throw new Error(`The release is not a gzipped tar: ${complaint.trim()}`);
}

/** Writes a release's files into a new folder, without an archive. */
export async function writeRelease(files: Files, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
