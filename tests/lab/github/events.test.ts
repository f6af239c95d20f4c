import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import type { LabEvent } from "../../../lab/model.js";
import { as, collectEvents, connect, makeJob, repo, startGitHub } from "./support.js";

interface Examples {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const recorded = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@octokit/webhooks-examples"), "utf8"),
) as Examples[];

let github: GitHub;
let events: LabEvent[];
beforeAll(async () => {
  github = await startGitHub();
  events = collectEvents(github);
  const octokit = as(github, "write");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "One", body: "text", labels: ["bug"] });
  const at = { ...repo, issue_number: issue.number };
  await octokit.issues.update({ ...at, body: "other" });
  const { data: comment } = await octokit.issues.createComment({ ...at, body: "hello" });
  await octokit.issues.updateComment({ ...repo, comment_id: comment.id, body: "bye" });
  await octokit.issues.update({ ...at, state: "closed", labels: [] });
  await octokit.issues.update({ ...at, state: "open" });
  await octokit.issues.lock(at);
  await octokit.repos.createDispatchEvent({ ...repo, event_type: "alert", client_payload: { a: 1 } });
  const { data: deployment } = await octokit.repos.createDeployment({ ...repo, ref: "main" });
  if ("id" in deployment) await octokit.repos.createDeploymentStatus({ ...repo, deployment_id: deployment.id, state: "success" });
  await octokit.repos.createOrUpdateFileContents({ ...repo, path: "a.txt", message: "a", content: "YQ==" });
});
afterAll(() => github.close());

/** Keys of recorded payloads that depend on where a webhook is installed, or were dropped by GitHub since. */
const elsewhere = new Set([
  "organization",
  "installation",
  "check_run",
  "workflow",
  "workflow_run",
  "enterprise",
  "performed_via_github_app",
  "stargazers",
  "master_branch",
  "milestone",
  "draft",
  "timeline_url",
  "active_lock_reason",
]);

function missing(example: unknown, ours: unknown, path = ""): string[] {
  if (typeof example !== "object" || example === null || Array.isArray(example)) return [];
  if (typeof ours !== "object" || ours === null) return [];
  return Object.entries(example)
    .filter(([key]) => !elsewhere.has(key))
    .flatMap(([key, value]) =>
      key in ours ? missing(value, (ours as Record<string, unknown>)[key], `${path}.${key}`) : [`${path}.${key}`],
    );
}

test.each([
  ["issues", "opened"],
  ["issues", "edited"],
  ["issues", "labeled"],
  ["issues", "unlabeled"],
  ["issues", "reopened"],
  ["issues", "locked"],
  ["issue_comment", "created"],
  ["issue_comment", "edited"],
  ["deployment", "created"],
  ["deployment_status", "created"],
])("the payload of %s.%s has what GitHub's recorded one has", (name, action) => {
  const example = recorded.find((entry) => entry.name === name)?.examples.find((candidate) => candidate["action"] === action);
  const ours = events.find((event) => event.name === name && event.action === action);
  expect(example).toBeDefined();
  expect(missing(withoutRepository(example), withoutRepository(ours?.payload))).toEqual([]);
  expect(ours?.payload).toMatchObject({
    action,
    repository: { full_name: "acme/shop", default_branch: "main" },
    sender: { login: "write" },
  });
});

function withoutRepository(payload: Record<string, unknown> | undefined): unknown {
  return { ...payload, repository: null, changes: null };
}

test.each(["push", "repository_dispatch"])("the payload of %s has what GitHub's recorded one has", (name) => {
  const example = recorded.find((entry) => entry.name === name)?.examples[0];
  const ours = events.find((event) => event.name === name)?.payload;
  expect(missing(withoutRepository(example), withoutRepository(ours))).toEqual([]);
});

test("an event knows whether a job caused it", async () => {
  await connect(github, github.issueJobToken(makeJob(), { issues: "write" })).issues.create({ ...repo, title: "By a job" });
  expect(events.at(-1)).toMatchObject({
    name: "issues",
    action: "opened",
    byJobToken: true,
    actor: { login: "github-actions[bot]", type: "Bot" },
  });
  expect(events[0]).toMatchObject({ byJobToken: false, actor: { login: "write" } });
});

test("an unchanged body raises nothing", async () => {
  const before = events.length;
  await as(github, "write").issues.update({ ...repo, issue_number: 1, body: "other", title: "One" });
  expect(events.slice(before)).toEqual([]);
});
