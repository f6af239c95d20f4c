/**
 * The seam between the two halves of the lab: GitHub's stand-in (`lab/github/`) keeps the state and answers the API,
 * the runner (`lab/runner/`) starts workflows and executes jobs. Neither imports the other; `lab/lab.ts` joins them.
 */
import type { EventEmitter } from "node:events";

export type RepoRole = "admin" | "maintain" | "write" | "triage" | "read";
export type Access = "read" | "write";
/** Scopes of `GITHUB_TOKEN`, as `permissions:` names them. */
export type Scope =
  | "actions"
  | "attestations"
  | "checks"
  | "contents"
  | "deployments"
  | "discussions"
  | "id-token"
  | "issues"
  | "packages"
  | "pages"
  | "pull-requests"
  | "security-events"
  | "statuses";
export type TokenPermissions = Partial<Record<Scope, Access>>;

export interface Actor {
  readonly id: number;
  readonly login: string; // "github-actions[bot]" for job tokens
  readonly type: "User" | "Bot";
}

/** One offset serves the API's `Date` header, every timestamp in the state, the world and the sources. */
export interface LabClock {
  now(): Date;
  /** Moves the whole lab forward; never back. */
  advance(seconds: number): void;
}

/** A webhook event as the stand-in raises it, already with GitHub's payload shape (REST objects, snake_case). */
export interface LabEvent {
  readonly name:
    | "repository_dispatch"
    | "workflow_dispatch"
    | "issues"
    | "issue_comment"
    | "push"
    | "deployment"
    | "deployment_status"
    | "schedule";
  readonly action: string | null; // "opened", "created", the `event_type` of a repository_dispatch …
  readonly payload: Record<string, unknown>;
  readonly actor: Actor;
  /** Caused with a job token: starts no workflow, except repository_dispatch and workflow_dispatch. */
  readonly byJobToken: boolean;
}

export type RunStatus = "queued" | "in_progress" | "completed" | "waiting" | "pending";
export type Conclusion = "success" | "failure" | "cancelled" | "skipped" | "timed_out" | "startup_failure";

export interface LabStep {
  readonly number: number;
  readonly name: string;
  status: RunStatus;
  conclusion: Conclusion | null;
}
export interface LabJob {
  readonly id: number;
  readonly runId: number;
  readonly key: string; // the job's id in the workflow file
  name: string; // after expressions
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: Date | null;
  completedAt: Date | null;
  environment: string | null;
  readonly steps: LabStep[];
  log: string;
}
export interface LabReview {
  readonly state: "approved" | "rejected";
  readonly comment: string;
  readonly user: Actor;
  readonly environments: readonly { readonly id: number; readonly name: string }[];
}
export interface LabRun {
  readonly id: number;
  readonly number: number; // run_number, per workflow
  readonly attempt: number;
  readonly workflowPath: string; // ".github/workflows/incident.yml"
  readonly workflowId: number;
  readonly workflowName: string;
  name: string; // `run-name` after expressions, else the workflow's name
  readonly event: LabEvent["name"];
  readonly actor: Actor;
  readonly headBranch: string;
  readonly headSha: string;
  readonly createdAt: Date;
  updatedAt: Date;
  status: RunStatus;
  conclusion: Conclusion | null;
  readonly jobs: LabJob[];
  readonly reviews: LabReview[];
}

export interface LabEnvironment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  /** null: any branch. `protected`: branches with protection. Else name patterns. */
  branchPolicy: null | "protected" | { readonly patterns: readonly string[] };
  reviewers: readonly Actor[]; // empty: no required review
  preventSelfReview: boolean;
  secrets: Record<string, string>;
  variables: Record<string, string>;
}

/** What the runner asks of the stand-in. Implemented by `lab/github/`. */
export interface Host {
  readonly clock: LabClock;
  readonly urls: { readonly api: string; readonly graphql: string; readonly server: string };
  readonly repository: {
    readonly id: number;
    readonly owner: string;
    readonly name: string;
    readonly private: boolean;
    readonly defaultBranch: string;
    readonly gitDir: string; // the bare repository
    readonly secrets: Record<string, string>;
    readonly variables: Record<string, string>;
  };
  /** Emits `"event"` with a `LabEvent` for everything that may start a workflow, after the state has changed. */
  readonly events: EventEmitter<{ event: [LabEvent] }>;
  /** The repository object as webhook payloads carry it. */
  repositoryPayload(): Record<string, unknown>;
  /** The environment of that name; created without protection when it does not exist, as GitHub does. */
  environment(name: string): LabEnvironment;
  /** A token that acts as github-actions[bot] with exactly these permissions (and metadata: read) until revoked. */
  issueJobToken(job: LabJob, permissions: TokenPermissions): string;
  revokeJobToken(token: string): void;
  /** Registers a deployment for a job that names an environment without `deployment: false`. */
  recordJobDeployment(run: LabRun, job: LabJob, environment: string): void;
  /** All runs, newest last; the runner appends and mutates, the API renders. */
  readonly runs: LabRun[];
}

/** What the stand-in's API asks of the runner. Implemented by `lab/runner/`. */
export interface Engine {
  /**
   * Starts a `workflow_dispatch` run. `workflow` is a file name or id.
   * @throws {DispatchRefused} when the workflow or ref does not exist, has no such trigger, or the inputs do not fit.
   */
  dispatch(workflow: string, ref: string, inputs: Record<string, string>, actor: Actor, byJobToken: boolean): Promise<LabRun>;
  workflows(): Promise<readonly { id: number; name: string; path: string }[]>;
  cancel(runId: number): "accepted" | "already-completed" | "not-found";
  review(runId: number, environmentIds: readonly number[], state: "approved" | "rejected", comment: string, user: Actor): boolean;
  /** Pending reviews of a run: the environments whose gate a job waits at. */
  pending(runId: number): readonly { environment: LabEnvironment; currentUserCanApprove(user: Actor): boolean }[];
  /** SIGKILLs the process that runs this job, as a lost runner would look. */
  kill(jobId: number): void;
  /** Starts scheduled runs whose time has passed by now; called after the clock was advanced. */
  tick(): Promise<readonly number[]>;
  /** Resolves when no job is running, queued or able to start (jobs at a gate count as idle). */
  idle(): Promise<void>;
  /** Cancels everything and kills child processes. */
  stop(): Promise<void>;
}

export class DispatchRefused extends Error {
  override readonly name = "DispatchRefused";
  constructor(
    readonly status: 404 | 422,
    message: string,
  ) {
    super(message);
  }
}

/** One request that reached the API, as `GET /requests` shows it. */
export interface LoggedRequest {
  readonly n: number; // from 1, over the lab's life
  readonly at: string; // ISO 8601
  readonly run_id: number | null;
  readonly job: string | null; // key of the job whose token asked
  readonly operation: string; // OpenAPI operationId, "graphql:<operation name>", "git:<service>" or "unknown"
  readonly method: string;
  readonly path: string;
  status: number;
  valid: boolean;
  problems: string[];
}

/** A fault to inject at the API; see `POST /faults` of the control server. */
export interface Fault {
  readonly match: { readonly operation?: string; readonly job?: string; readonly nth?: number };
  times: number;
  readonly do: {
    readonly status?: number;
    readonly headers?: Record<string, string>;
    readonly body?: unknown;
    readonly hang_ms?: number;
    readonly kill?: "before" | "after";
  };
}
