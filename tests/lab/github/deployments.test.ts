import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import {
  as,
  collectEvents,
  connect,
  type FakeEngine,
  makeEngine,
  makeJob,
  makeRun,
  repo,
  startGitHub,
  statusOf,
} from "./support.js";

let github: GitHub;
let engine: FakeEngine;
let sha: string;
beforeAll(async () => {
  github = await startGitHub({ environments: [{ name: "production", reviewers: ["maintain"] }] });
  sha = (await as(github, "read").git.getRef({ ...repo, ref: "heads/main" })).data.object.sha;
  engine = makeEngine(github, sha);
  github.attach(engine);
});
afterAll(async () => {
  await github.close();
});

test("a success makes older deployments of the environment inactive", async () => {
  const octokit = as(github, "write");
  const deploy = async (environment: string) => {
    const { data } = await octokit.repos.createDeployment({
      ...repo,
      ref: "main",
      environment,
      required_contexts: [],
      payload: { version: "1" },
    });
    if (!("id" in data)) throw new Error("no deployment");
    await octokit.repos.createDeploymentStatus({ ...repo, deployment_id: data.id, state: "success", description: "live" });
    return data.id;
  };
  const [first, other, second] = [await deploy("shop"), await deploy("elsewhere"), await deploy("shop")];
  const states = async (id: number) =>
    (await octokit.repos.listDeploymentStatuses({ ...repo, deployment_id: id })).data.map(({ state }) => state);
  expect(await states(first)).toEqual(["inactive", "success"]);
  expect(await states(other)).toEqual(["success"]);
  expect(await states(second)).toEqual(["success"]);
  const { data: listed } = await octokit.repos.listDeployments({ ...repo, environment: "shop" });
  expect(listed.map(({ id }) => id)).toEqual([second, first]);
  expect((await octokit.repos.getDeployment({ ...repo, deployment_id: first })).data.payload).toEqual({ version: "1" });
  expect(await statusOf(octokit.repos.createDeployment({ ...repo, ref: "nowhere" }))).toBe(422);
});

test("the deployment of a job follows the job", async () => {
  const job = makeJob({ id: 991 });
  const run = makeRun(sha, { id: 990, jobs: [job] });
  github.recordJobDeployment(run, job, "job-env");
  const octokit = as(github, "read");
  const state = async () => {
    const { data } = await octokit.repos.listDeployments({ ...repo, environment: "job-env" });
    return (await octokit.repos.listDeploymentStatuses({ ...repo, deployment_id: data[0]?.id ?? 0 })).data[0]?.state;
  };
  expect(await state()).toBe("in_progress");
  Object.assign(job, { status: "completed", conclusion: "failure" });
  expect(await state()).toBe("failure");
});

test("a repository dispatch reaches the event with its payload, within GitHub's limits", async () => {
  const octokit = as(github, "write");
  const events = collectEvents(github);
  const answer = await octokit.repos.createDispatchEvent({
    ...repo,
    event_type: "alert",
    client_payload: { version: 1, key: "k" },
  });
  expect(answer.status).toBe(204);
  expect(events).toMatchObject([
    {
      name: "repository_dispatch",
      action: "alert",
      byJobToken: false,
      payload: { action: "alert", branch: "main", client_payload: { key: "k" } },
    },
  ]);
  expect(
    await statusOf(
      octokit.repos.createDispatchEvent({ ...repo, event_type: "alert", client_payload: { text: "x".repeat(65_536) } }),
    ),
  ).toBe(422);
});

test("a workflow is dispatched by file name, with the run's id when asked for", async () => {
  const octokit = connect(github, github.issueJobToken(makeJob(), { actions: "write" }));
  const at = { ...repo, workflow_id: "deploy.yml", ref: "main", inputs: { service: "checkout" } };
  expect((await octokit.actions.createWorkflowDispatch(at)).status).toBe(204);
  const detailed = await octokit.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
    ...at,
    return_run_details: true,
  });
  expect(detailed.status).toBe(200);
  expect(detailed.data).toMatchObject({ workflow_run_id: github.runs.at(-1)?.id });
  expect(engine.dispatched).toEqual([
    { workflow: "deploy.yml", ref: "main", inputs: { service: "checkout" }, byJobToken: true },
    { workflow: "deploy.yml", ref: "main", inputs: { service: "checkout" }, byJobToken: true },
  ]);
  expect(await statusOf(octokit.actions.createWorkflowDispatch({ ...at, workflow_id: "missing.yml" }))).toBe(404);
  expect(await statusOf(octokit.actions.createWorkflowDispatch({ ...at, ref: "gone" }))).toBe(422);
  const reader = connect(github, github.issueJobToken(makeJob(), { actions: "read" }));
  expect(await statusOf(reader.actions.createWorkflowDispatch(at))).toBe(403);
});

test("runs, their jobs and logs are listed and filtered", async () => {
  const octokit = as(github, "read");
  const job = makeJob({ id: 777, status: "completed", conclusion: "success", completedAt: new Date("2024-05-01T12:01:00Z") });
  github.runs.push(makeRun(sha, { id: 776, event: "push", status: "completed", conclusion: "success", jobs: [job] }));
  const { data: pushes } = await octokit.actions.listWorkflowRunsForRepo({ ...repo, event: "push", status: "success" });
  expect(pushes.workflow_runs.map(({ id, display_title }) => [id, display_title])).toEqual([[776, "Deploy shop"]]);
  const { data: none } = await octokit.actions.listWorkflowRuns({
    ...repo,
    workflow_id: "deploy.yml",
    created: ">2024-05-01T12:00:00Z",
  });
  expect(none.total_count).toBe(0);
  expect((await octokit.actions.getWorkflowRun({ ...repo, run_id: 776 })).data.path).toBe(".github/workflows/deploy.yml");
  expect((await octokit.actions.listJobsForWorkflowRun({ ...repo, run_id: 776 })).data.jobs[0]?.steps?.length).toBe(1);
  expect((await octokit.actions.getJobForWorkflowRun({ ...repo, job_id: 777 })).data.conclusion).toBe("success");
  const log = await octokit.actions.downloadJobLogsForWorkflowRun({ ...repo, job_id: 777 });
  expect(log.data).toBe("hello from the job\n");
  expect((await octokit.actions.listRepoWorkflows(repo)).data.workflows.map(({ path }) => path)).toEqual([
    ".github/workflows/deploy.yml",
  ]);
  expect((await octokit.actions.getWorkflow({ ...repo, workflow_id: 77 })).data.name).toBe("deploy");
  expect((await as(github, "write").actions.cancelWorkflowRun({ ...repo, run_id: 776 })).status).toBe(202);
});

test("only a required reviewer releases a gate, never a job", async () => {
  const run = makeRun(sha, { id: 880, status: "waiting" });
  github.runs.push(run);
  const environment_ids = [github.environment("production").id];
  const review = { ...repo, run_id: 880, environment_ids, state: "approved", comment: "go" } as const;
  const { data: pending } = await as(github, "maintain").actions.getPendingDeploymentsForRun({ ...repo, run_id: 880 });
  expect(pending).toMatchObject([{ environment: { name: "production" }, current_user_can_approve: true }]);
  expect(
    await statusOf(
      connect(github, github.issueJobToken(makeJob(), { deployments: "write" })).actions.reviewPendingDeploymentsForRun(review),
    ),
  ).toBe(403);
  expect(await statusOf(as(github, "write").actions.reviewPendingDeploymentsForRun(review))).toBe(422);
  expect((await as(github, "maintain").actions.reviewPendingDeploymentsForRun(review)).status).toBe(200);
  run.reviews.push({
    state: "approved",
    comment: "go",
    user: { id: 1, login: "maintain", type: "User" },
    environments: [{ id: environment_ids[0] ?? 0, name: "production" }],
  });
  const { data: approvals } = await as(github, "read").actions.getReviewsForRun({ ...repo, run_id: 880 });
  expect(approvals).toMatchObject([{ state: "approved", user: { login: "maintain" }, environments: [{ name: "production" }] }]);
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation.checked).toBeGreaterThan(0);
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
});
