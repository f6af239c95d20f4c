import type { LabEnvironment } from "../../model.js";
import { resolveBoolean } from "../expressions/evaluate.js";
import { executeJob, type JobResult } from "../job/execute-job.js";
import type { Claim, Claimant } from "../schedule/concurrency.js";
import type { Floor } from "./floor.js";
import { refusalOf } from "./gate.js";
import { jobScope, needsContext, readClaim, readEnvironment } from "./job-keys.js";
import { type JobNode, type Leg, type RunState, stopLeg } from "./state.js";

/** Where a leg lives: passed along its stations. */
interface Life {
  readonly floor: Floor;
  readonly state: RunState;
  readonly node: JobNode;
  readonly leg: Leg;
}

const cancelled: JobResult = { conclusion: "cancelled", outputs: {} };

/** One job's life: its group first, then its environment's gate, then a machine. Never throws. */
export async function liveLeg(floor: Floor, state: RunState, node: JobNode, leg: Leg): Promise<JobResult> {
  const life: Life = { floor, state, node, leg };
  try {
    const scope = jobScope(state, node, leg);
    leg.forgiven = resolveBoolean(node.spec.continueOnError, scope);
    const claim = readClaim(node.spec.concurrency, scope);
    return claim ? await liveInGroup(life, claim) : await passGate(life);
  } catch (error) {
    leg.job.log += `##[error]${error instanceof Error ? error.message : String(error)}\n`;
    return { conclusion: "failure", outputs: {} };
  }
}

async function liveInGroup(life: Life, claim: Claim): Promise<JobResult> {
  const { floor, state, node, leg } = life;
  if (state.group && state.group.name.toLowerCase() === claim.group.toLowerCase()) {
    stopLeg(
      leg,
      `Canceling since a deadlock was detected for concurrency group: '${claim.group}' between a top level workflow and '${node.spec.key}'`,
    );
    return cancelled;
  }
  const claimant: Claimant = { granted: () => undefined, cancelled: (reason) => stopLeg(leg, reason) };
  leg.release = () => floor.groups.leave(claim.group, claimant);
  await takeGroup(life, claim, claimant);
  return leg.stopped === null ? passGate(life) : cancelled;
}

function takeGroup({ floor, state, leg }: Life, claim: Claim, claimant: Claimant): Promise<void> {
  return floor.activity.pause<void>((settle) => {
    leg.job.status = "pending";
    leg.onStop = () => settle();
    claimant.granted = () => settle();
    floor.groups.enter(claim, claimant);
    floor.changed(state);
  });
}

async function passGate(life: Life): Promise<JobResult> {
  const { state, node, leg } = life;
  const key = readEnvironment(node.spec.environment, jobScope(state, node, leg));
  if (!key) return runOnMachine(life, null);
  const { host } = state.facts;
  const environment = host.environment(key.name);
  leg.job.environment = key.name;
  const refusal = refusalOf(environment, state.facts.place.ref, host.repository.defaultBranch);
  if (refusal !== null) throw new Error(refusal);
  const approved = environment.reviewers.length === 0 || (await awaitReview(life, environment));
  if (leg.stopped !== null) return cancelled;
  if (!approved) throw new Error(`The deployment to ${key.name} was rejected or not answered in time.`);
  if (key.deployment) host.recordJobDeployment(state.facts.run, leg.job, key.name);
  return runOnMachine(life, environment);
}

function awaitReview({ floor, state, leg }: Life, environment: LabEnvironment): Promise<boolean> {
  return floor.activity.pause<boolean>((settle) => {
    const answer = (approved: boolean): void => {
      leg.gate = null;
      settle(approved);
    };
    leg.job.status = "waiting";
    leg.gate = { environment, since: state.facts.host.clock.now(), answer };
    leg.onStop = () => answer(false);
    floor.changed(state);
  });
}

async function runOnMachine({ floor, state, node, leg }: Life, environment: LabEnvironment | null): Promise<JobResult> {
  const { job, control } = leg;
  job.status = "queued";
  leg.onStop = () => undefined;
  floor.changed(state);
  return floor.machines(async () => {
    if (leg.stopped !== null) return cancelled;
    leg.onStop = (reason) => control.cancel(reason);
    job.status = "in_progress";
    job.startedAt = state.facts.host.clock.now();
    floor.changed(state);
    const contexts = { needs: needsContext(state, node), matrix: leg.matrix, strategy: leg.strategy };
    const began = performance.now();
    const result = await executeJob({
      facts: state.facts,
      spec: node.spec,
      job,
      control,
      environment,
      contexts,
      ...floor.machine,
    });
    floor.jobMs.set(job.id, Math.round(performance.now() - began));
    return result;
  });
}
