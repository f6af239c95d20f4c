import type { LabEnvironment } from "../../model.js";
import { hashFilesFunction } from "../expressions/hash-files.js";
import type { Scope } from "../expressions/evaluate.js";
import { type Status, statusFunctions } from "../expressions/status.js";
import { githubContext, type RunFacts } from "../facts.js";
import type { JobControl } from "./control.js";
import type { Folders } from "./folders.js";
import type { JobLog } from "./log.js";

export type Outcome = "success" | "failure" | "cancelled" | "skipped";

/** A finished step, as the `steps` context shows it. */
export interface StepResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  readonly conclusion: Outcome;
}

/** Everything the steps of one job share. `env` and `path` grow as steps write to `GITHUB_ENV` and `GITHUB_PATH`. */
export interface Bench {
  readonly facts: RunFacts;
  readonly jobKey: string;
  readonly folders: Folders;
  readonly token: string;
  readonly log: JobLog;
  readonly control: JobControl;
  readonly environment: LabEnvironment | null;
  readonly contexts: { readonly needs: unknown; readonly matrix: unknown; readonly strategy: unknown };
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly gatehousePath: string;
  readonly extraEnv: Readonly<Record<string, string>>;
  readonly env: Record<string, string>;
  readonly path: string[];
  readonly posts: PostStep[]; // in the order their actions ran
  nextFile: number;
}

export interface PostStep {
  readonly name: string;
  run(): Promise<void>;
}

/** One list of steps being carried out: the job's own, or those of a composite action. */
export interface Frame {
  readonly results: Record<string, StepResult>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly action: ActionPlace | null; // of a composite action
  failed: boolean;
}

export interface ActionPlace {
  readonly folder: string;
  readonly repository: string;
  readonly ref: string;
}

/** What an expression of a step sees. `env` is the whole environment of the step so far. */
export function stepScope(bench: Bench, frame: Frame, env: Readonly<Record<string, string>>): Scope {
  const job = { key: bench.jobKey, token: bench.token, workspace: bench.folders.workspace, eventPath: bench.folders.eventPath };
  const github = githubContext(bench.facts, job);
  if (frame.action)
    Object.assign(github, {
      action_path: frame.action.folder,
      action_repository: frame.action.repository,
      action_ref: frame.action.ref,
    });
  return {
    contexts: {
      github,
      env,
      inputs: frame.inputs,
      job: { status: jobStatus(bench, frame) },
      matrix: bench.contexts.matrix,
      needs: bench.contexts.needs,
      runner: runnerContext(bench.folders),
      // A composite action sees no secrets, only what it was given.
      secrets: frame.action ? {} : bench.secrets,
      steps: frame.results,
      strategy: bench.contexts.strategy,
      vars: bench.variables,
    },
    functions: [...statusFunctions(stepStatus(bench, frame)), hashFilesFunction(bench.folders.workspace)],
  };
}

export function jobStatus(bench: Bench, frame: Frame): Exclude<Outcome, "skipped"> {
  if (bench.control.cancelReason !== null) return "cancelled";
  return frame.failed ? "failure" : "success";
}

function stepStatus(bench: Bench, frame: Frame): Status {
  return {
    success: () => jobStatus(bench, frame) === "success",
    failure: () => jobStatus(bench, frame) === "failure",
    cancelled: () => jobStatus(bench, frame) === "cancelled",
  };
}

export function runnerContext(folders: Folders): Record<string, string> {
  const arch = process.arch === "arm64" ? "ARM64" : "X64";
  return { os: "Linux", arch, name: "lab", temp: folders.temp, tool_cache: folders.tools, environment: "self-hosted" };
}
