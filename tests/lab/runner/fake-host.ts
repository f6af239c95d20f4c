import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createClock } from "../../../lab/clock.js";
import type { Actor, Host, LabEnvironment, LabEvent, LabJob, LabRun, TokenPermissions } from "../../../lab/model.js";
import { createEngine } from "../../../lab/runner/engine.js";
import { onTestFinished } from "vitest";
import type { EngineOptions, Runner } from "../../../lab/runner/options.js";

export const octocat: Actor = { id: 1, login: "octocat", type: "User" };
export const hubot: Actor = { id: 2, login: "hubot", type: "User" };
export const bot: Actor = { id: 41898282, login: "github-actions[bot]", type: "Bot" };

export interface IssuedToken {
  readonly token: string;
  readonly job: LabJob;
  readonly permissions: TokenPermissions;
  revoked: boolean;
}

export interface FakeHost extends Host {
  readonly tokens: IssuedToken[];
  readonly deployments: string[];
  environmentNamed(name: string, settings: Partial<LabEnvironment>): LabEnvironment;
  commit(files: Readonly<Record<string, string>>, branch?: string): string;
  /** Tags the head of `main`. */
  tag(name: string): void;
  raise(event: Partial<LabEvent> & Pick<LabEvent, "name">): void;
}

export interface Stage {
  readonly host: FakeHost;
  readonly engine: Runner;
}

/** A host over a real bare repository that git can clone through a file URL, with these files on `main`. */
export function stage(files: Readonly<Record<string, string>>, options: Partial<EngineOptions> = {}): Stage {
  const host = createHost();
  host.commit(files);
  return { host, engine: createEngine(host, { scheduleActor: octocat, ...options }) };
}

/** One workflow under the name `ci.yml`. */
export function stageWorkflow(text: string, options: Partial<EngineOptions> = {}): Stage {
  return stage({ ".github/workflows/ci.yml": text }, options);
}

function createHost(): FakeHost {
  const root = temporaryFolder();
  const gitDir = join(root, "acme", "shop");
  mkdirSync(gitDir, { recursive: true });
  git(root, "init", "--quiet", "--bare", "--initial-branch=main", gitDir);
  const clock = createClock();
  const environments = new Map<string, LabEnvironment>();
  const tokens: IssuedToken[] = [];
  const deployments: string[] = [];
  const events: Host["events"] = new EventEmitter();
  const environmentNamed = (name: string, settings: Partial<LabEnvironment>): LabEnvironment => {
    const fresh = {
      id: environments.size + 1,
      name,
      createdAt: clock.now(),
      branchPolicy: null,
      reviewers: [],
      preventSelfReview: false,
      secrets: {},
      variables: {},
    };
    const environment = { ...fresh, ...settings };
    environments.set(name, environment);
    return environment;
  };
  return {
    clock,
    tokens,
    deployments,
    events,
    environmentNamed,
    runs: [],
    urls: { api: "http://api.invalid", graphql: "http://api.invalid/graphql", server: `file://${root}` },
    repository: { id: 42, owner: "acme", name: "shop", private: true, defaultBranch: "main", gitDir, secrets: {}, variables: {} },
    repositoryPayload: () => ({ id: 42, full_name: "acme/shop", default_branch: "main" }),
    environment: (name) => environments.get(name) ?? environmentNamed(name, {}),
    issueJobToken(job, permissions) {
      const token = `ghs_${job.id}`;
      tokens.push({ token, job, permissions, revoked: false });
      return token;
    },
    revokeJobToken(token) {
      for (const issued of tokens) if (issued.token === token) issued.revoked = true;
    },
    recordJobDeployment: (_run, _job, environment) => void deployments.push(environment),
    commit: (files, branch = "main") => commit(gitDir, files, branch),
    tag: (name) => void git(gitDir, "tag", name, "main"),
    raise: (event) => void events.emit("event", { action: null, payload: {}, actor: octocat, byJobToken: false, ...event }),
  };
}

/** Adds files to a branch, creating it from `main` when it is new. @returns the commit */
function commit(gitDir: string, files: Readonly<Record<string, string>>, branch: string): string {
  const folder = temporaryFolder();
  git(folder, "clone", "--quiet", gitDir, ".");
  git(folder, "checkout", "--quiet", "-B", branch);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, "add", "--all");
  git(
    folder,
    "-c",
    "user.name=octocat",
    "-c",
    "user.email=octocat@example.com",
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "Change",
  );
  git(folder, "push", "--quiet", "origin", branch);
  return git(folder, "rev-parse", "HEAD").trim();
}

/** A folder that goes when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lab-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Dispatches `ci.yml` and waits until nothing moves. */
export async function runDispatched({ engine }: Stage, inputs: Record<string, string> = {}): Promise<LabRun> {
  const run = await engine.dispatch("ci.yml", "main", inputs, octocat, false);
  await engine.idle();
  return run;
}

export function jobOf(run: LabRun, key: string): LabJob {
  const job = run.jobs.find((candidate) => candidate.key === key);
  if (!job) throw new Error(`the run has no job "${key}", only ${run.jobs.map((candidate) => candidate.key).join(", ")}`);
  return job;
}

/** `key: conclusion` of every job, in the order they were decided. */
export function conclusions(run: LabRun): Record<string, string | null> {
  return Object.fromEntries(run.jobs.map((job) => [job.name, job.conclusion]));
}
