import type { LabJob } from "../../model.js";
import { ExpressionFailed, isTruthy, resolve, resolveText } from "../expressions/evaluate.js";
import { JobControl } from "../job/control.js";
import type { JobResult } from "../job/execute-job.js";
import type { Floor } from "./floor.js";
import { jobScope, readClaim, readJobName, runScope } from "./job-keys.js";
import { liveLeg } from "./leg.js";
import { expandMatrix } from "./matrix.js";
import { concludeRun, resultOf } from "./outcome.js";
import { type JobNode, type JobOutcome, type Leg, type RunState, stopLeg } from "./state.js";

/** Gives the run its name and its group, and starts the jobs that need nothing. Synchronous: the API sees them at once. */
export function startRun(floor: Floor, state: RunState): void {
  const { run, workflow } = state.facts;
  try {
    const scope = runScope(state.facts);
    if (workflow.runName !== null) run.name = resolveText(workflow.runName, scope) || workflow.name;
    const claim = readClaim(workflow.concurrency, scope);
    if (!claim) return advance(floor, state);
    const claimant = {
      granted: () => {
        if (state.group) state.group.granted = true;
        floor.activity.enter();
        advance(floor, state);
        floor.activity.leave();
      },
      cancelled: (reason: string) => cancelRun(floor, state, reason),
    };
    state.group = { name: claim.group, claimant, granted: false };
    run.status = "pending";
    floor.groups.enter(claim, claimant);
  } catch (error) {
    failStartup(floor, state, error instanceof Error ? error.message : String(error));
  }
}

/** Ends a run that could not start, with a job that only holds the reason as its log. */
export function failStartup(floor: Floor, state: RunState, reason: string): void {
  const { run, host } = state.facts;
  const job = createJob(floor, state, "startup", run.workflowPath);
  const now = host.clock.now();
  Object.assign(job, { status: "completed", conclusion: "startup_failure", completedAt: now, log: `##[error]${reason}\n` });
  Object.assign(run, { status: "completed", conclusion: "startup_failure", updatedAt: now });
}

/** Starts or skips every job whose needs are done, and ends the run after the last. */
export function advance(floor: Floor, state: RunState): void {
  for (let node = nextDue(state); node; node = nextDue(state)) decideJob(floor, state, node);
  const nodes = [...state.nodes.values()];
  if (nodes.every((node) => node.phase === "done")) finishRun(floor, state);
  else floor.changed(state);
}

function nextDue(state: RunState): JobNode | undefined {
  const isDone = (key: string): boolean => state.nodes.get(key)?.phase === "done";
  return [...state.nodes.values()].find((node) => node.phase === "blocked" && node.spec.needs.every(isDone));
}

function decideJob(floor: Floor, state: RunState, node: JobNode): void {
  try {
    const scope = jobScope(state, node);
    if (!isTruthy(node.spec.if, scope)) return settleUnstarted(floor, state, node, "skipped", null);
    const legs = createLegs(floor, state, node);
    node.phase = "started";
    for (const leg of legs) void followLeg(floor, state, node, leg);
  } catch (error) {
    settleUnstarted(floor, state, node, "failure", error instanceof Error ? error.message : String(error));
  }
}

function settleUnstarted(floor: Floor, state: RunState, node: JobNode, result: JobOutcome, reason: string | null): void {
  const job = createJob(floor, state, node.spec.key, nameUnstarted(state, node));
  Object.assign(job, { status: "completed", conclusion: result, completedAt: state.facts.host.clock.now() });
  if (reason !== null) job.log = `##[error]${reason}\n`;
  Object.assign(node, { phase: "done", result });
}

/** A name that fails to evaluate must not keep a job from being skipped or failed. */
function nameUnstarted(state: RunState, node: JobNode): string {
  try {
    return readJobName(node, jobScope(state, node), {});
  } catch (error) {
    if (error instanceof ExpressionFailed) return node.spec.key;
    throw error;
  }
}

function createLegs(floor: Floor, state: RunState, node: JobNode): Leg[] {
  const scope = jobScope(state, node);
  const strategy = resolve(node.spec.strategy, scope) as Record<string, unknown>;
  const hasMatrix = node.spec.strategy.has("matrix");
  const combinations = hasMatrix ? expandMatrix(strategy["matrix"] as Record<string, unknown>) : [{}];
  if (combinations.length === 0) throw new Error(`The matrix of job "${node.spec.key}" holds no combination.`);
  const shared = {
    "fail-fast": strategy["fail-fast"] !== false,
    "job-total": combinations.length,
    "max-parallel": combinations.length,
  };
  node.legs = combinations.map((matrix, index) => {
    const place = { matrix, strategy: { ...shared, "job-index": index } };
    const job = createJob(floor, state, node.spec.key, readJobName(node, jobScope(state, node, place), matrix));
    return {
      ...place,
      job,
      control: new JobControl(),
      forgiven: false,
      stopped: null,
      onStop: () => undefined,
      release: () => undefined,
      gate: null,
    };
  });
  return node.legs;
}

async function followLeg(floor: Floor, state: RunState, node: JobNode, leg: Leg): Promise<void> {
  floor.activity.enter();
  const result = await liveLeg(floor, state, node, leg);
  finishLeg(state, node, leg, result);
  leg.release();
  if (node.legs.every(({ job }) => job.status === "completed")) {
    node.result = resultOf(node.legs.map(({ job, forgiven }) => ({ conclusion: job.conclusion, forgiven })));
    node.phase = "done";
    advance(floor, state);
  } else {
    floor.changed(state);
  }
  floor.activity.leave();
}

function finishLeg(state: RunState, node: JobNode, leg: Leg, result: JobResult): void {
  const { job } = leg;
  Object.assign(job, { status: "completed", conclusion: result.conclusion, completedAt: state.facts.host.clock.now() });
  Object.assign(node.outputs, result.outputs);
  if (result.conclusion !== "failure" || leg.forgiven || leg.strategy["fail-fast"] !== true) return;
  for (const other of node.legs) stopLeg(other, "Canceling since another job of this matrix failed");
}

function createJob(floor: Floor, state: RunState, key: string, name: string): LabJob {
  const job: LabJob = {
    id: floor.nextJobId(),
    runId: state.facts.run.id,
    key,
    name,
    status: "queued",
    conclusion: null,
    startedAt: null,
    completedAt: null,
    environment: null,
    steps: [],
    log: "",
  };
  state.facts.run.jobs.push(job);
  return job;
}

/** Cancels what has begun, except jobs whose condition holds also in a cancelled run; what has not is decided when due. */
export function cancelRun(floor: Floor, state: RunState, reason: string): void {
  if (state.cancelReason !== null || state.facts.run.status === "completed") return;
  state.cancelReason = reason;
  if (state.group && !state.group.granted) return abandon(floor, state, reason);
  for (const node of state.nodes.values()) {
    if (node.phase !== "started") continue;
    const survives = isTruthy(node.spec.if, jobScope(state, node));
    for (const leg of node.legs) {
      if (leg.gate || !survives) stopLeg(leg, reason);
    }
  }
  advance(floor, state);
}

function abandon(floor: Floor, state: RunState, reason: string): void {
  for (const node of state.nodes.values()) settleUnstarted(floor, state, node, "cancelled", reason);
  finishRun(floor, state);
}

function finishRun(floor: Floor, state: RunState): void {
  const { run, host } = state.facts;
  if (run.status === "completed") return;
  const conclusion = concludeRun([...state.nodes.values()], state.cancelReason !== null);
  Object.assign(run, { status: "completed", conclusion, updatedAt: host.clock.now() });
  if (state.group) floor.groups.leave(state.group.name, state.group.claimant);
}
