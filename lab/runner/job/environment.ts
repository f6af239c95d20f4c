import { delimiter, dirname } from "node:path";
import { shortRef } from "../facts.js";
import { type ActionPlace, type Bench, runnerContext } from "./bench.js";
import type { FileCommands } from "./file-commands.js";

/**
 * The whole environment of a step's process: GitHub's variables, then the step's own `env`. Of the lab's own environment
 * only `PATH` gets in, so that nothing of the machine leaks into a job.
 */
export function childEnvironment(
  bench: Bench,
  stepEnv: Readonly<Record<string, string>>,
  own: StepVariables,
): Record<string, string> {
  return {
    LANG: "C.UTF-8",
    HOME: bench.folders.home,
    CI: "true",
    ...bench.extraEnv,
    ...stepEnv,
    ...githubVariables(bench),
    ...runnerVariables(bench),
    ...fileVariables(own.files),
    ...actionVariables(own.action),
    GITHUB_ACTION: own.stepId,
    PATH: searchPath(bench),
  };
}

export interface StepVariables {
  readonly stepId: string;
  readonly files: FileCommands;
  readonly action: ActionPlace | null;
}

function githubVariables({ facts, folders, jobKey }: Bench): Record<string, string> {
  const { host, run, workflow, place } = facts;
  const repository = `${host.repository.owner}/${host.repository.name}`;
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: run.actor.login,
    GITHUB_ACTOR_ID: String(run.actor.id),
    GITHUB_TRIGGERING_ACTOR: run.actor.login,
    GITHUB_API_URL: host.urls.api,
    GITHUB_GRAPHQL_URL: host.urls.graphql,
    GITHUB_SERVER_URL: host.urls.server,
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: folders.eventPath,
    GITHUB_JOB: jobKey,
    GITHUB_REF: place.ref,
    GITHUB_REF_NAME: shortRef(place.ref),
    GITHUB_REF_TYPE: place.ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_SHA: place.sha,
    GITHUB_HEAD_REF: "",
    GITHUB_BASE_REF: "",
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: String(host.repository.id),
    GITHUB_REPOSITORY_OWNER: host.repository.owner,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_WORKFLOW: workflow.name,
    GITHUB_WORKFLOW_REF: `${repository}/${workflow.path}@${place.ref}`,
    GITHUB_WORKFLOW_SHA: place.sha,
    GITHUB_WORKSPACE: folders.workspace,
  };
}

function runnerVariables({ folders }: Bench): Record<string, string> {
  const context = Object.entries(runnerContext(folders));
  return Object.fromEntries(context.map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value]));
}

function fileVariables(files: FileCommands): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, path]) => [`GITHUB_${name}`, path]));
}

function actionVariables(action: ActionPlace | null): Record<string, string> {
  if (!action) return {};
  return { GITHUB_ACTION_PATH: action.folder, GITHUB_ACTION_REPOSITORY: action.repository, GITHUB_ACTION_REF: action.ref };
}

function searchPath({ path }: Bench): string {
  return [...[...path].reverse(), dirname(process.execPath), process.env["PATH"] ?? "/usr/bin:/bin"].join(delimiter);
}
