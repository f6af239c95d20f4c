import type { LabJob, LabRun } from "../../model.js";
import type { Commit } from "../git/objects.js";
import { type Site, timestamp } from "../site.js";
import { renderMinimalRepository, repositoryPage, repositoryUrl } from "./repository.js";
import { nodeId, renderUser } from "./user.js";

export function runUrl(site: Site, id: number): string {
  return `${repositoryUrl(site)}/actions/runs/${id}`;
}
export function runPage(site: Site, id: number): string {
  return `${repositoryPage(site)}/actions/runs/${id}`;
}

export function renderRun(site: Site, run: LabRun, head: Commit | null): Record<string, unknown> {
  const url = runUrl(site, run.id);
  const repository = renderMinimalRepository(site);
  const actor = renderUser(site, run.actor);
  return {
    id: run.id,
    name: run.workflowName,
    node_id: nodeId("WFR", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflowPath,
    display_title: run.name,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CS", run.id),
    url,
    html_url: runPage(site, run.id),
    pull_requests: [],
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    actor,
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: timestamp(run.createdAt),
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(site)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repositoryUrl(site)}/actions/workflows/${run.workflowId}`,
    head_commit: head && renderHead(head),
    repository,
    head_repository: repository,
  };
}

function renderHead(commit: Commit): Record<string, unknown> {
  const person = ({ name, email }: Commit["author"]) => ({ name, email });
  const { sha: id, tree, message, committer, author } = commit;
  return { id, tree_id: tree, message, timestamp: committer.date, author: person(author), committer: person(committer) };
}

export function renderJob(site: Site, run: LabRun, job: LabJob): Record<string, unknown> {
  const started = timestamp(job.startedAt ?? run.createdAt);
  const assigned = job.startedAt !== null;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflowName,
    head_branch: run.headBranch,
    run_url: runUrl(site, run.id),
    run_attempt: run.attempt,
    node_id: nodeId("CR", job.id),
    head_sha: run.headSha,
    url: `${repositoryUrl(site)}/actions/jobs/${job.id}`,
    html_url: `${runPage(site, run.id)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion === "startup_failure" ? "failure" : job.conclusion,
    created_at: timestamp(run.createdAt),
    started_at: started,
    completed_at: job.completedAt && timestamp(job.completedAt),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: started,
      completed_at: job.completedAt && timestamp(job.completedAt),
    })),
    check_run_url: `${repositoryUrl(site)}/check-runs/${job.id}`,
    labels: ["ubuntu-latest"],
    runner_id: assigned ? 1 : null,
    runner_name: assigned ? "lab" : null,
    runner_group_id: assigned ? 1 : null,
    runner_group_name: assigned ? "Default" : null,
  };
}

export function renderWorkflow(
  site: Site,
  workflow: { readonly id: number; readonly name: string; readonly path: string },
): Record<string, unknown> {
  const file = workflow.path.split("/").at(-1) ?? workflow.path;
  return {
    id: workflow.id,
    node_id: nodeId("W", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: "active",
    created_at: timestamp(site.state.createdAt),
    updated_at: timestamp(site.state.createdAt),
    url: `${repositoryUrl(site)}/actions/workflows/${workflow.id}`,
    html_url: `${repositoryPage(site)}/blob/${site.defaultBranch}/${workflow.path}`,
    badge_url: `${repositoryPage(site)}/actions/workflows/${file}/badge.svg`,
  };
}
