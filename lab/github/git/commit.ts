import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Git } from "./git.js";
import type { Person } from "./objects.js";

export interface FileChange {
  readonly path: string;
  readonly content: Buffer | null; // null deletes
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
}

export async function writeBlob(git: Git, content: Buffer): Promise<string> {
  return git.text(["hash-object", "-w", "--stdin"], { input: content });
}

/** The tree of `base` (null: empty) with the changes applied, through an index of its own. */
export async function writeTree(git: Git, base: string | null, changes: readonly FileChange[]): Promise<string> {
  const lines: string[] = [];
  for (const { path, content } of changes) {
    const sha = content === null ? "0".repeat(40) : await writeBlob(git, content);
    lines.push(`${content === null ? "0" : await modeOf(git, base, path)} ${sha}\t${path}\0`);
  }
  const index = join(tmpdir(), `lab-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git.text(base === null ? ["read-tree", "--empty"] : ["read-tree", base], { env });
    await git.text(["update-index", "-z", "--index-info"], { env, input: lines.join("") });
    return await git.text(["write-tree"], { env });
  } finally {
    await rm(index, { force: true });
  }
}

/** A changed file keeps its mode: an executable stays one. */
async function modeOf(git: Git, base: string | null, path: string): Promise<string> {
  const entry = base === null ? "" : await git.text(["ls-tree", "-z", base, "--", path]);
  return entry.startsWith("100755") ? "100755" : "100644";
}

export async function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const { author, committer } = commit;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  };
  return git.text(["commit-tree", commit.tree, ...commit.parents.flatMap((sha) => ["-p", sha])], { env, input: commit.message });
}
