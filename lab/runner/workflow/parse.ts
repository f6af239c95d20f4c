import { convertConcurrency } from "@actions/workflow-parser/model/converter/concurrency";
import { convertOn } from "@actions/workflow-parser/model/converter/events";
import { convertJobs } from "@actions/workflow-parser/model/converter/jobs";
import type { Job, WorkflowJob } from "@actions/workflow-parser/model/workflow-template";
import { BrokenWorkflow, type JobSpec, type Workflow } from "./model.js";
import { readPermissions } from "./permissions.js";
import { failOnErrors, readTemplateFile } from "./read-template.js";
import { readSteps } from "./steps.js";
import { isTreeMap, mapAt, toTree, type TreeMap, valueAt } from "./tree.js";
import { readTriggers } from "./triggers.js";

const unknownJobKeys = ["container", "services", "snapshot", "uses", "cancel-timeout-minutes"];

/**
 * Reads a workflow file with GitHub's own parser.
 * @throws {BrokenWorkflow} with every problem, also for keys that are valid on GitHub but unknown to this runner
 */
export function parseWorkflow(path: string, text: string): Workflow {
  const { context, root } = readTemplateFile("workflow", path, text);
  const on = root.find("on");
  const jobs = root.find("jobs");
  const concurrency = root.find("concurrency");
  if (!on || !jobs) throw new BrokenWorkflow(path, ['"on" and "jobs" are required']);
  try {
    const events = convertOn(context, on);
    const converted = convertJobs(context, jobs);
    if (concurrency) convertConcurrency(context, concurrency);
    failOnErrors(context, path);
    return readWorkflow(path, toRequiredMap(toTree(root)), events, converted);
  } catch (error) {
    if (error instanceof BrokenWorkflow) throw error;
    throw new BrokenWorkflow(path, [error instanceof Error ? error.message : String(error)]);
  }
}

function readWorkflow(path: string, raw: TreeMap, events: ReturnType<typeof convertOn>, jobs: readonly WorkflowJob[]): Workflow {
  const name = raw.get("name");
  return {
    path,
    name: typeof name === "string" && name !== "" ? name : path,
    runName: valueAt(raw, "run-name"),
    triggers: readTriggers(events, valueAt(raw, "on")),
    permissions: readPermissions(raw.get("permissions")),
    env: mapAt(raw, "env"),
    defaults: mapAt(mapAt(raw, "defaults"), "run"),
    concurrency: valueAt(raw, "concurrency"),
    jobs: jobs.map((job) => readJob(job, mapAt(mapAt(raw, "jobs"), job.id.value))),
  };
}

function readJob(job: WorkflowJob, raw: TreeMap): JobSpec {
  const key = job.id.value;
  const unknown = unknownJobKeys.filter((name) => raw.has(name));
  if (unknown.length > 0 || !isPlainJob(job))
    throw new Error(`job "${key}": the lab's runner does not know "${unknown.join('", "')}"`);
  return {
    key,
    name: valueAt(raw, "name"),
    needs: (job.needs ?? []).map((need) => need.value),
    if: job.if.expression,
    permissions: readPermissions(raw.get("permissions")),
    runsOn: valueAt(raw, "runs-on"),
    env: mapAt(raw, "env"),
    defaults: mapAt(mapAt(raw, "defaults"), "run"),
    environment: valueAt(raw, "environment"),
    concurrency: valueAt(raw, "concurrency"),
    outputs: mapAt(raw, "outputs"),
    strategy: mapAt(raw, "strategy"),
    timeoutMinutes: valueAt(raw, "timeout-minutes"),
    continueOnError: valueAt(raw, "continue-on-error"),
    steps: readSteps(valueAt(raw, "steps"), job.steps),
  };
}

function isPlainJob(job: WorkflowJob): job is Job {
  return job.type === "job";
}

function toRequiredMap(tree: ReturnType<typeof toTree>): TreeMap {
  if (!isTreeMap(tree)) throw new Error("the file is not a mapping");
  return tree;
}
