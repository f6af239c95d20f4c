import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import { as, connect, makeJob, repo, startGitHub, statusOf } from "./support.js";

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

test("the root names its routes, and the limits show what was used", async () => {
  const octokit = as(github, "read");
  expect((await octokit.meta.root()).data.current_user_url).toBe(`${github.urls.api}/user`);
  const { data } = await octokit.rateLimit.get();
  expect(data.resources.core).toMatchObject({ limit: 5000, used: 1, remaining: 4999 });
  const job = connect(github, github.issueJobToken(makeJob(), {}));
  expect((await job.rateLimit.get()).data.resources.core).toMatchObject({ limit: 1000, used: 0 });
});

test("people and the bot of jobs have a profile", async () => {
  const octokit = as(github, "read");
  expect((await octokit.users.getByUsername({ username: "Maintain" })).data).toMatchObject({ login: "maintain", type: "User" });
  expect((await octokit.users.getByUsername({ username: "github-actions[bot]" })).data).toMatchObject({
    id: 41_898_282,
    type: "Bot",
  });
  expect(await statusOf(octokit.users.getByUsername({ username: "nobody" }))).toBe(404);
  expect(await statusOf(connect(github, "ghp_unknown").users.getAuthenticated())).toBe(401);
});

test("comments of the whole repository are listed newest last, and since a moment", async () => {
  const octokit = as(github, "write");
  for (const title of ["one", "two"]) {
    const { data: issue } = await octokit.issues.create({ ...repo, title });
    await octokit.issues.createComment({ ...repo, issue_number: issue.number, body: `on ${title}` });
    await octokit.reactions.createForIssue({ ...repo, issue_number: issue.number, content: "heart" });
    expect((await octokit.reactions.listForIssue({ ...repo, issue_number: issue.number })).data).toHaveLength(1);
  }
  const bodies = async (since?: string) => {
    const { data } = await octokit.issues.listCommentsForRepo({ ...repo, ...(since === undefined ? {} : { since }) });
    return data.map(({ body }) => body);
  };
  expect(await bodies()).toEqual(["on one", "on two"]);
  expect(await bodies("2999-01-01T00:00:00Z")).toEqual([]);
});

test("a deployment status is read by its id", async () => {
  const octokit = as(github, "write");
  const { data: deployment } = await octokit.repos.createDeployment({ ...repo, ref: "main" });
  if (!("id" in deployment)) throw new Error("no deployment");
  const at = { ...repo, deployment_id: deployment.id };
  const { data: status } = await octokit.repos.createDeploymentStatus({ ...at, state: "failure", description: "no" });
  expect((await octokit.repos.getDeploymentStatus({ ...at, status_id: status.id })).data).toMatchObject({
    state: "failure",
    description: "no",
  });
  expect(await statusOf(octokit.repos.getDeploymentStatus({ ...at, status_id: 1 }))).toBe(404);
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
});
