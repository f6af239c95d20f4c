/** Workflow runs, dispatches and deployments. */
import { InvalidRequestError, NotFoundError, DispatchUncertainError } from "../../src/github/errors.js";
import type { DeploymentRecord, Deployments, Dispatcher, DispatchRequest, History, Runs, WorkflowRun } from "../../src/ports.js";
import { stamp, type FakeState, type RunRecord } from "./state.js";

/** What becomes of one dispatch. */
export type Dispatched =
  | {
      readonly kind: "run";
      readonly title: string; // `run-name`
      readonly takesMs: number | null; // null: runs until the test ends it
      readonly conclusion?: string; // default "success"
      readonly listed?: boolean; // default true
      readonly answerLost?: boolean; // the dispatcher throws DispatchUncertainError though the run exists
      readonly onSuccess?: () => void; // what it did to the world
    }
  | { readonly kind: "refused"; readonly error: Error }
  | { readonly kind: "lost" }; // DispatchUncertainError, and nothing ever happens

export type DispatchScript = (request: DispatchRequest, nth: number) => Dispatched; // nth from 1, per workflow

export function startRun(
  state: FakeState,
  request: Omit<DispatchRequest, "ref">,
  run: { readonly title: string; readonly listed?: boolean },
): RunRecord {
  const id = state.nextId();
  const record: RunRecord = {
    id,
    title: run.title,
    status: "running",
    conclusion: null,
    createdAt: stamp(state.clock),
    url: `https://github.com/${request.repository}/actions/runs/${id}`,
    repository: request.repository,
    workflow: request.workflow,
    inputs: request.inputs,
    listed: run.listed ?? true,
  };
  state.runs.push(record);
  return record;
}

export function endRun(state: FakeState, id: number, conclusion: string): void {
  const run = state.runs.find((candidate) => candidate.id === id);
  if (!run) throw new NotFoundError(`No run ${id}.`);
  if (run.status === "ended") return;
  run.status = "ended";
  run.conclusion = conclusion;
}

export interface Deployed {
  readonly version: string;
  readonly environment: string;
  readonly sha?: string;
  readonly url?: string | null;
}

/** A deployment that goes live; the one that was live in this environment turns inactive. */
export function goLive(state: FakeState, deployed: Deployed): void {
  for (const other of state.deployments) {
    if (other.environment !== deployed.environment || other.state !== "live") continue;
    other.state = "was-live";
    other.at = stamp(state.clock);
  }
  recordDeployment(state, { ...deployed, state: "live" });
}

export function recordDeployment(state: FakeState, deployed: Deployed & Pick<DeploymentRecord, "state">): void {
  const at = stamp(state.clock);
  const { version: ref, environment, url = null, state: outcome } = deployed;
  const sha = deployed.sha ?? Buffer.from(ref).toString("hex").padEnd(40, "0").slice(0, 40);
  state.deployments.push({
    id: state.nextId(),
    ref,
    sha,
    environment,
    state: outcome,
    at,
    createdAt: at,
    by: state.bot.login,
    url,
  });
}

export function createFakeRuns(state: FakeState): Runs {
  const view = ({ id, title, status, conclusion, createdAt, url }: RunRecord): WorkflowRun => ({
    id,
    title,
    status,
    conclusion,
    createdAt,
    url,
  });
  return {
    recent: async (repository, workflow, createdSince) => {
      const second = Math.floor(createdSince.getTime() / 1000) * 1000;
      const found = state.runs.filter(
        (run) => run.repository === repository && run.workflow === workflow && run.listed && run.createdAt.getTime() >= second,
      );
      return found.reverse().slice(0, 100).map(view);
    },
    run: async (repository, id) => {
      const run = state.runs.find((candidate) => candidate.repository === repository && candidate.id === id);
      return run ? view(run) : null;
    },
    unfinishedJobs: async (repository, id) => {
      const run = state.runs.find((candidate) => candidate.repository === repository && candidate.id === id);
      return run?.status === "running" ? ["remediate"] : [];
    },
  };
}

export function createFakeDispatcher(state: FakeState, scripts: ReadonlyMap<string, DispatchScript>): Dispatcher {
  const counts = new Map<string, number>();
  return {
    dispatch: async (request) => {
      const script = scripts.get(request.workflow);
      if (!script) throw new NotFoundError(`No workflow ${request.workflow} in ${request.repository}.`);
      const nth = (counts.get(request.workflow) ?? 0) + 1;
      counts.set(request.workflow, nth);
      const outcome = script(request, nth);
      if (outcome.kind === "refused") throw outcome.error;
      if (outcome.kind === "lost") throw new DispatchUncertainError(request.workflow, "connection lost.");
      begin(state, request, outcome);
      if (outcome.answerLost) throw new DispatchUncertainError(request.workflow, "connection lost.");
    },
  };
}

function begin(state: FakeState, request: DispatchRequest, outcome: Extract<Dispatched, { kind: "run" }>): void {
  const run = startRun(state, request, outcome);
  if (outcome.takesMs === null) return;
  const conclusion = outcome.conclusion ?? "success";
  state.clock.at(new Date(state.clock.now().getTime() + outcome.takesMs), () => {
    if (run.status === "ended") return;
    if (conclusion === "success") outcome.onSuccess?.();
    endRun(state, run.id, conclusion);
  });
}

export function createFakeDeployments(state: FakeState): Deployments {
  return {
    recent: async () =>
      state.deployments
        .map((record) => ({ ...record }))
        .reverse()
        .slice(0, 30),
  };
}

/** Nothing is released or checked here. */
export function createFakeHistory(state: FakeState): History {
  const all = createFakeDeployments(state);
  return {
    since: async (repository) => {
      const deployments = (await all.recent(repository)).map((record) => ({ ...record, failedChecks: [] }));
      return { deployments, releases: [], isCut: false, withheld: [] };
    },
  };
}

/**
 * A script for a deploy workflow with the inputs `version` and `gatehouse-key`: its run is titled with the key, takes
 * `takesMs`, and the version goes live in `environment`.
 */
export function deployScript(
  state: FakeState,
  options: { readonly environment: string; readonly takesMs: number },
): DispatchScript {
  return ({ inputs }) => {
    const { version, "gatehouse-key": key } = inputs;
    if (version === undefined)
      return {
        kind: "refused",
        error: new InvalidRequestError("Required input version is missing (422)", 422, "Required input 'version' not provided"),
      };
    const onSuccess = () => goLive(state, { version, environment: options.environment });
    return { kind: "run", title: `Deploy ${version} ${key ?? ""}`.trim(), takesMs: options.takesMs, onSuccess };
  };
}
