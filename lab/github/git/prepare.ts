import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { GitOptions } from "../options.js";
import { type Git, isolated, openGit } from "./git.js";

const run = promisify(execFile);

export interface Prepared {
  readonly git: Git;
  /** Removes what was made here; a `gitDir` of the caller's stays. */
  dispose(): Promise<void>;
}

/** A bare repository with the wanted content on the default branch. */
export async function prepareRepository(options: GitOptions, defaultBranch: string, at: Date): Promise<Prepared> {
  if ("gitDir" in options) {
    const git = openGit(options.gitDir);
    await configure(git);
    return { git, dispose: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "lab-repository-"));
  const git = openGit(join(folder, "repository.git"));
  await run("git", ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, git.dir], {
    env: { ...process.env, ...isolated },
  });
  await configure(git);
  await commitFirst(git, options, folder, at);
  return { git, dispose: () => rm(folder, { recursive: true, force: true }) };
}

async function configure(git: Git): Promise<void> {
  await git.text(["config", "http.receivepack", "true"]);
  await git.text(["config", "uploadpack.allowAnySHA1InWant", "true"]); // GitHub serves any reachable commit by its id
}

async function commitFirst(git: Git, options: Exclude<GitOptions, { gitDir: string }>, folder: string, at: Date): Promise<void> {
  const work = join(folder, "work");
  await mkdir(work);
  if ("folder" in options) await cp(options.folder, work, { recursive: true });
  else await writeFiles(work, options.files);
  const date = at.toISOString();
  const who = {
    GIT_AUTHOR_NAME: "lab",
    GIT_AUTHOR_EMAIL: "lab@localhost",
    GIT_COMMITTER_NAME: "lab",
    GIT_COMMITTER_EMAIL: "lab@localhost",
  };
  const env = {
    GIT_WORK_TREE: work,
    GIT_INDEX_FILE: join(folder, "index"),
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    ...who,
  };
  await git.text(["add", "--all", "--force", work], { env });
  await git.text(["commit", "--quiet", "--allow-empty", "-m", "Initial commit"], { env });
  await rm(work, { recursive: true });
}

async function writeFiles(work: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
}
