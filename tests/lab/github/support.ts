import { Octokit } from "@octokit/rest";
import { createGitHub, type GitHub } from "../../../lab/github/github.js";
import type { GitHubOptions } from "../../../lab/github/options.js";
import { DispatchRefused, type Engine, type LabEvent, type LabJob, type LabRun } from "../../../lab/model.js";

const roles = ["admin", "maintain", "write", "triage", "read"] as const;

/** A private repository with one person per role, named after it, and an outsider. */
export function startGitHub(options: Partial<GitHubOptions> = {}): Promise<GitHub> {
  return createGitHub({
    owner: "acme",
    repo: "shop",
    private: true,
    users: [...roles.map((role) => ({ login: role, role })), { login: "outsider", role: null }],
    git: { files: { "README.md": "# Shop\n", "src/pool.txt": "size=50\n" } },
    ...options,
  });
}

export const repo = { owner: "acme", repo: "shop" } as const;

export function connect(github: GitHub, token: string | undefined): Octokit {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return new Octokit({ auth: token, baseUrl: github.urls.api, log: silent });
}
function ignore(): void {}

export function as(github: GitHub, login: string): Octokit {
  return connect(github, github.tokens[login]);
}

export function makeJob(fields: Partial<LabJob> = {}): LabJob {
  return {
    id: 501,
    runId: 401,
    key: "respond",
    name: "respond",
    status: "in_progress",
    conclusion: null,
    startedAt: new Date("2024-05-01T12:00:00Z"),
    completedAt: null,
    environment: null,
    steps: [{ number: 1, name: "Set up job", status: "completed", conclusion: "success" }],
    log: "hello from the job\n",
    ...fields,
  };
}

export function makeRun(headSha: string, fields: Partial<LabRun> = {}): LabRun {
  return {
    id: 401,
    number: 1,
    attempt: 1,
    workflowPath: ".github/workflows/deploy.yml",
    workflowId: 77,
    workflowName: "deploy",
    name: "Deploy shop",
    event: "workflow_dispatch",
    actor: { id: 9_200_001, login: "admin", type: "User" },
    headBranch: "main",
    headSha,
    createdAt: new Date("2024-05-01T12:00:00Z"),
    updatedAt: new Date("2024-05-01T12:00:00Z"),
    status: "in_progress",
    conclusion: null,
    jobs: [makeJob()],
    reviews: [],
    ...fields,
  };
}

export interface FakeEngine extends Engine {
  readonly dispatched: { workflow: string; ref: string; inputs: Record<string, string>; byJobToken: boolean }[];
  readonly killed: number[];
}

/** Knows one workflow, `deploy.yml`; remembers what it was asked. */
export function makeEngine(github: GitHub, headSha: string): FakeEngine {
  const dispatched: FakeEngine["dispatched"] = [];
  const killed: number[] = [];
  return {
    dispatched,
    killed,
    async dispatch(workflow, ref, inputs, _actor, byJobToken) {
      if (workflow !== "deploy.yml" && workflow !== "77") throw new DispatchRefused(404, "Not Found");
      if (ref !== "main") throw new DispatchRefused(422, `No ref found for: ${ref}`);
      dispatched.push({ workflow, ref, inputs, byJobToken });
      const run = makeRun(headSha, { id: 402 + dispatched.length });
      github.runs.push(run);
      return run;
    },
    workflows: async () => [{ id: 77, name: "deploy", path: ".github/workflows/deploy.yml" }],
    cancel: (runId) => (github.runs.some((run) => run.id === runId) ? "accepted" : "not-found"),
    review: (_runId, ids, _state, _comment, user) => user.login === "maintain" && ids.length > 0,
    pending: () => [
      { environment: github.environment("production"), currentUserCanApprove: (user) => user.login === "maintain" },
    ],
    kill: (jobId) => killed.push(jobId),
    tick: async () => [],
    idle: async () => {},
    stop: async () => {},
  };
}

export function collectEvents(github: GitHub): LabEvent[] {
  const events: LabEvent[] = [];
  github.events.on("event", (event) => events.push(event));
  return events;
}

/** The status an octokit request was refused with. */
export async function statusOf(asked: Promise<unknown>): Promise<number> {
  try {
    await asked;
  } catch (error) {
    return (error as { status: number }).status;
  }
  return 0;
}
