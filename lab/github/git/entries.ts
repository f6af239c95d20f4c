import { HttpError } from "../site.js";
import { writeBlob } from "./commit.js";
import type { Git } from "./git.js";
import { resolveObject } from "./objects.js";
import { cleanPath } from "./paths.js";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface WantedEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

/**
 * The tree `POST …/git/trees` describes: the base (if any) with entries set, or removed where `sha` is null.
 * @throws {HttpError} 422 for a base that does not exist or a path that leaves the tree
 */
export async function writeEntries(git: Git, base: unknown, entries: unknown): Promise<string> {
  const baseTree = typeof base === "string" ? await resolveObject(git, `${base}^{tree}`) : null;
  if (typeof base === "string" && baseTree === null) throw new HttpError(404, "Not Found");
  const env = { GIT_INDEX_FILE: join(tmpdir(), `lab-index-${randomUUID()}`) };
  try {
    await git.text(baseTree === null ? ["read-tree", "--empty"] : ["read-tree", baseTree], { env });
    for (const entry of entries as WantedEntry[]) await addEntry(git, env, entry);
    return await git.text(["write-tree"], { env });
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
}

async function addEntry(git: Git, env: Record<string, string>, entry: WantedEntry): Promise<void> {
  const path = cleanPath(entry.path ?? "");
  if (path === null || path === "") throw new HttpError(422, "tree.path contains a malformed path component");
  if (entry.mode === "040000" && typeof entry.sha === "string") {
    await git.text(["read-tree", `--prefix=${path}/`, entry.sha], { env });
    return;
  }
  const sha = typeof entry.content === "string" ? await writeBlob(git, Buffer.from(entry.content)) : entry.sha;
  const line =
    sha === null || sha === undefined ? `0 ${"0".repeat(40)}\t${path}\0` : `${entry.mode ?? "100644"} ${sha}\t${path}\0`;
  await git.text(["update-index", "-z", "--index-info"], { env, input: line });
}
