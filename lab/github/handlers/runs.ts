import type { LabJob, LabRun } from "../../model.js";
import { type Call, type Handlers, need, ok } from "../api/operation.js";
import { pageOf } from "../api/pages.js";
import { readCommit, resolveCommit } from "../git/objects.js";
import { renderJob, renderRun } from "../render/run.js";
import { type Answer, HttpError, notFound, type Site } from "../site.js";
import { selectRuns } from "../runs/select.js";
import { workflowOf } from "./workflows.js";

const read = need("actions", "read", "read");

export const runHandlers: Handlers = {
  "actions/list-workflow-runs-for-repo": { needs: read, handle: (call) => listRuns(call, call.site.state.runs) },
  "actions/list-workflow-runs": { needs: read, handle: listWorkflowRuns },
  "actions/get-workflow-run": { needs: read, handle: async (call) => ok(await withHead(call.site, runOf(call))) },
  "actions/list-jobs-for-workflow-run": { needs: read, handle: listJobs },
  "actions/get-job-for-workflow-run": { needs: read, handle: getJob },
  "actions/download-job-logs-for-workflow-run": { needs: read, handle: downloadLogs },
  "actions/cancel-workflow-run": { needs: need("actions", "write", "write"), handle: cancelRun },
};

/** @throws {HttpError} 404 */
export function runOf(call: Call): LabRun {
  const run = call.site.state.runs.find((candidate) => candidate.id === Number(call.params["run_id"]));
  if (!run) throw notFound();
  return run;
}

async function withHead(site: Site, run: LabRun): Promise<Record<string, unknown>> {
  const head = await resolveCommit(site.git, run.headSha);
  return renderRun(site, run, head === null ? null : await readCommit(site.git, head));
}

async function listRuns(call: Call, runs: readonly LabRun[]): Promise<Answer> {
  const kept = selectRuns(runs, call.query);
  const { items, headers } = pageOf(call, kept);
  const rendered = await Promise.all(items.map((run) => withHead(call.site, run)));
  return ok({ total_count: kept.length, workflow_runs: rendered }, headers);
}

async function listWorkflowRuns(call: Call): Promise<Answer> {
  const workflow = await workflowOf(call);
  return listRuns(
    call,
    call.site.state.runs.filter((run) => run.workflowId === workflow.id),
  );
}

function listJobs(call: Call): Answer {
  const run = runOf(call);
  const { items, headers } = pageOf(call, run.jobs);
  return ok({ total_count: run.jobs.length, jobs: items.map((job) => renderJob(call.site, run, job)) }, headers);
}

function jobOf(call: Call): { run: LabRun; job: LabJob } {
  const id = Number(call.params["job_id"]);
  for (const run of call.site.state.runs) {
    const job = run.jobs.find((candidate) => candidate.id === id);
    if (job) return { run, job };
  }
  throw notFound();
}

function getJob(call: Call): Answer {
  const { run, job } = jobOf(call);
  return ok(renderJob(call.site, run, job));
}

/** Logs lie elsewhere: the answer is a redirect that needs no token. */
function downloadLogs(call: Call): Answer {
  const { job } = jobOf(call);
  if (job.status !== "completed") throw notFound();
  return { status: 302, headers: { location: `${call.site.urls.server}/_logs/${job.id}.txt` } };
}

function cancelRun(call: Call): Answer {
  const run = runOf(call);
  const outcome = call.site.engine().cancel(run.id);
  if (outcome === "not-found") throw notFound();
  if (outcome === "already-completed") throw new HttpError(409, "Cannot cancel a workflow run that is completed.");
  return { status: 202, body: {} };
}
