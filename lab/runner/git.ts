import { execFileSync } from "node:child_process";

/** Where a run's workflow and code come from. */
export interface Place {
  readonly ref: string; // full, as "refs/heads/main"
  readonly sha: string;
}

export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

const folder = ".github/workflows/";

/**
 * Where a branch, tag or full ref points.
 * @returns null when the repository has no such ref
 */
export function findPlace(gitDir: string, ref: string): Place | null {
  const candidates = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const candidate of candidates) {
    const sha = findCommit(gitDir, candidate);
    if (sha) return { ref: candidate, sha };
  }
  return null;
}

/** @returns null when the revision names no commit */
export function findCommit(gitDir: string, revision: string): string | null {
  try {
    return git(gitDir, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]).trim();
  } catch (error) {
    if (isExit(error, 1) || isExit(error, 128)) return null;
    throw error;
  }
}

/** The workflow files of a commit, by path; empty when it has none. */
export function readWorkflowFiles(gitDir: string, sha: string): WorkflowFile[] {
  const names = git(gitDir, ["ls-tree", "--name-only", "-z", sha, folder]).split("\0");
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((path) => ({ path, text: git(gitDir, ["show", `${sha}:${path}`]) }));
}

/** Paths that differ between two commits; all paths of `after` when `before` is not a commit of this repository. */
export function changedFiles(gitDir: string, before: string, after: string): string[] {
  const from = findCommit(gitDir, before);
  const args = from ? ["diff", "--name-only", "-z", from, after] : ["ls-tree", "-r", "--name-only", "-z", after];
  return git(gitDir, args)
    .split("\0")
    .filter((path) => path !== "");
}

function git(gitDir: string, args: readonly string[]): string {
  const env = { PATH: process.env["PATH"] ?? "", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LANG: "C.UTF-8" };
  const trusted = ["-c", "safe.directory=*", `--git-dir=${gitDir}`];
  return execFileSync("git", [...trusted, ...args], {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
  });
}

function isExit(error: unknown, status: number): boolean {
  return error instanceof Error && "status" in error && error.status === status;
}
