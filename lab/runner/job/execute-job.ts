import type { LabEnvironment, LabJob, LabStep } from "../../model.js";
import { resolvePositive, resolveText, resolveTexts } from "../expressions/evaluate.js";
import type { RunFacts } from "../facts.js";
import type { JobSpec } from "../workflow/model.js";
import { defaultPermissions } from "../workflow/permissions.js";
import { type Bench, type Frame, jobStatus, stepScope } from "./bench.js";
import type { JobControl } from "./control.js";
import { createFolders, removeFolders } from "./folders.js";
import { JobLog } from "./log.js";
import { Mask } from "./mask.js";
import { runSteps, titleOf } from "./steps.js";

/** GitHub's limit for a job that names none. */
const defaultTimeoutMinutes = 360;

/** A job that is due: gates passed, conditions held. */
export interface JobOrder {
  readonly facts: RunFacts;
  readonly spec: JobSpec;
  readonly job: LabJob;
  readonly control: JobControl;
  readonly environment: LabEnvironment | null;
  readonly contexts: Bench["contexts"];
  readonly gatehousePath: string;
  readonly extraEnv: Readonly<Record<string, string>>;
}

export interface JobResult {
  readonly conclusion: "success" | "failure" | "cancelled";
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs one job on a fresh machine (a folder of its own) with a token of its own, and leaves neither behind. Never throws. */
export async function executeJob(order: JobOrder): Promise<JobResult> {
  const { facts, job, spec } = order;
  const permissions = spec.permissions ?? facts.workflow.permissions ?? defaultPermissions;
  const token = facts.host.issueJobToken(job, permissions);
  const bench = prepareBench(order, token);
  try {
    return await work(order, bench);
  } catch (error) {
    bench.log.error(error instanceof Error ? error.message : String(error));
    return { conclusion: "failure", outputs: {} };
  } finally {
    order.control.sweep();
    facts.host.revokeJobToken(token);
    removeFolders(bench.folders);
  }
}

function prepareBench(order: JobOrder, token: string): Bench {
  const { facts, job, control, environment } = order;
  const { repository } = facts.host;
  const secrets = { ...repository.secrets, ...environment?.secrets, GITHUB_TOKEN: token };
  const mask = new Mask();
  for (const secret of Object.values(secrets)) mask.add(secret);
  return {
    facts,
    jobKey: job.key,
    folders: createFolders(repository.name, facts.payload),
    token,
    log: new JobLog(job, mask),
    control,
    environment,
    contexts: order.contexts,
    secrets,
    variables: { ...repository.variables, ...environment?.variables },
    gatehousePath: order.gatehousePath,
    extraEnv: order.extraEnv,
    env: {},
    path: [],
    posts: [],
    nextFile: 1,
  };
}

async function work(order: JobOrder, bench: Bench): Promise<JobResult> {
  const { spec, job, control } = order;
  const frame: Frame = { results: {}, inputs: bench.facts.inputs, action: null, failed: false };
  const env = settleEnv(order, bench, frame);
  const minutes = resolvePositive(spec.timeoutMinutes, defaultTimeoutMinutes, stepScope(bench, frame, env));
  const timer = setTimeout(() => {
    bench.log.error(`The job has exceeded the maximum execution time of ${minutes}m0s`);
    control.cancel("The operation was canceled.");
  }, minutes * 60_000);
  try {
    const shown = announce(order, bench, frame, env);
    await runSteps(bench, frame, { specs: spec.steps, env, defaults: mergedDefaults(order), shown });
    await runPosts(bench);
    return conclude(order, bench, frame, env);
  } finally {
    clearTimeout(timer);
    for (const step of job.steps) closeStep(step, control.lost);
  }
}

/** The workflow's `env`, then the job's; each may use the one before. */
function settleEnv({ spec, facts }: JobOrder, bench: Bench, frame: Frame): Record<string, string> {
  const outer = resolveTexts(facts.workflow.env, stepScope(bench, frame, {}));
  return { ...outer, ...resolveTexts(spec.env, stepScope(bench, frame, outer)) };
}

function mergedDefaults({ facts, spec }: JobOrder): JobSpec["defaults"] {
  return new Map([...facts.workflow.defaults, ...spec.defaults]);
}

/** Lists the steps, as GitHub does with a first and a last one of its own. @returns those of the workflow file */
function announce({ job, spec }: JobOrder, bench: Bench, frame: Frame, env: Record<string, string>): LabStep[] {
  const titles = ["Set up job", ...spec.steps.map((step) => stepTitle(bench, frame, step, env)), "Complete job"];
  job.steps.push(...titles.map((name, index): LabStep => ({ number: index + 1, name, status: "queued", conclusion: null })));
  const first = job.steps[0];
  if (first) Object.assign(first, { status: "completed", conclusion: "success" });
  return job.steps.slice(1, -1);
}

/** Settled before the first step, so outputs of earlier steps are empty text in a name. */
function stepTitle(bench: Bench, frame: Frame, step: JobSpec["steps"][number], env: Record<string, string>): string {
  return bench.log.mask.apply(titleOf(bench, frame, step, env));
}

async function runPosts(bench: Bench): Promise<void> {
  bench.control.stepSurvivesCancel = () => true;
  for (const post of [...bench.posts].reverse()) {
    if (bench.control.lost) return;
    bench.log.line(post.name);
    await post.run();
  }
}

function conclude({ spec, control }: JobOrder, bench: Bench, frame: Frame, env: Record<string, string>): JobResult {
  if (control.lost) {
    bench.log.error("The runner has received a shutdown signal or lost communication with the server. The job did not finish.");
    return { conclusion: "failure", outputs: {} };
  }
  const outputs: Record<string, string> = {};
  const scope = stepScope(bench, frame, { ...env, ...bench.env });
  for (const [name, tree] of spec.outputs) {
    const value = resolveText(tree, scope);
    if (bench.log.mask.hides(value)) bench.log.warning(`Skip output '${name}' since it may contain secret.`);
    else outputs[name] = value;
  }
  return { conclusion: jobStatus(bench, frame), outputs };
}

function closeStep(step: LabStep, lost: boolean): void {
  if (step.status === "completed") return;
  const conclusion = lost ? "cancelled" : step.name === "Complete job" ? "success" : "skipped";
  Object.assign(step, { status: "completed", conclusion });
}
