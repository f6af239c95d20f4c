import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import { as, collectEvents, connect, makeJob, repo, startGitHub, statusOf } from "./support.js";

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub({ labels: [{ name: "bug", color: "d73a4a" }] });
});
afterAll(async () => {
  await github.close();
});

test("an issue comes back as it was created, labels made on the way", async () => {
  const octokit = as(github, "triage");
  const events = collectEvents(github);
  const { data } = await octokit.issues.create({
    ...repo,
    title: "Checkout fails",
    body: "all red",
    labels: ["bug", "severity:P1"],
  });
  const { data: read } = await octokit.issues.get({ ...repo, issue_number: data.number });
  expect(read.title).toBe("Checkout fails");
  expect(read.labels.map((label) => (typeof label === "string" ? label : label.name))).toEqual(["bug", "severity:P1"]);
  expect(events.map(({ name, action }) => `${name}.${action}`)).toEqual(["issues.opened", "issues.labeled", "issues.labeled"]);
  expect(events[0]?.payload).toMatchObject({
    action: "opened",
    issue: { number: data.number, labels: [{ name: "bug" }, { name: "severity:P1" }] },
    sender: { login: "triage" },
  });
});

test("labels of a reader are dropped in silence", async () => {
  const { data } = await as(github, "read").issues.create({ ...repo, title: "From a reader", labels: ["bug"] });
  expect(data.labels).toEqual([]);
});

test("an edit of the body raises the edit marks, a label does not", async () => {
  const octokit = as(github, "write");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Edits", body: "one" });
  const lastEditedAt = async () => {
    const answer = await octokit.graphql<{
      repository: { issue: { lastEditedAt: string | null; editor: { login: string } | null } };
    }>(`query($n: Int!) { repository(owner: "acme", name: "shop") { issue(number: $n) { lastEditedAt editor { login } } } }`, {
      n: issue.number,
    });
    return answer.repository.issue;
  };
  await octokit.issues.addLabels({ ...repo, issue_number: issue.number, labels: ["bug"] });
  await octokit.issues.update({ ...repo, issue_number: issue.number, body: "one", labels: [] });
  expect(await lastEditedAt()).toEqual({ lastEditedAt: null, editor: null });
  await as(github, "triage").issues.update({ ...repo, issue_number: issue.number, body: "two" });
  expect(await lastEditedAt()).toMatchObject({
    lastEditedAt: expect.stringMatching(/Z$/) as string,
    editor: { login: "triage" },
  });
});

test("closing sets reason, time and person, and reopening takes them back", async () => {
  const octokit = as(github, "triage");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Close me" });
  const { data: closed } = await octokit.issues.update({
    ...repo,
    issue_number: issue.number,
    state: "closed",
    state_reason: "not_planned",
  });
  expect(closed).toMatchObject({ state: "closed", state_reason: "not_planned", closed_by: { login: "triage" } });
  const { data: open } = await octokit.issues.update({ ...repo, issue_number: issue.number, state: "open" });
  expect(open).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
});

test("a body may have 65,536 characters; a longer new one is refused, a longer update keeps the old text", async () => {
  const octokit = as(github, "write");
  const longest = "x".repeat(65_536);
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Long", body: longest });
  expect(await statusOf(octokit.issues.create({ ...repo, title: "Too long", body: `${longest}x` }))).toBe(422);
  const { data: updated } = await octokit.issues.update({ ...repo, issue_number: issue.number, body: `${longest}y` });
  expect(updated.body).toBe(longest);
  expect(await statusOf(octokit.issues.createComment({ ...repo, issue_number: issue.number, body: `${longest}x` }))).toBe(422);
});

test("comments are created, edited by writers, deleted, and raise events", async () => {
  const { data: issue } = await as(github, "read").issues.create({ ...repo, title: "Talk" });
  const events = collectEvents(github);
  const at = { ...repo, issue_number: issue.number };
  const { data: comment } = await as(github, "read").issues.createComment({ ...at, body: "/status" });
  expect(await statusOf(as(github, "triage").issues.updateComment({ ...repo, comment_id: comment.id, body: "no" }))).toBe(403);
  await as(github, "write").issues.updateComment({ ...repo, comment_id: comment.id, body: "/help" });
  expect((await as(github, "read").issues.getComment({ ...repo, comment_id: comment.id })).data.body).toBe("/help");
  await as(github, "write").issues.deleteComment({ ...repo, comment_id: comment.id });
  expect((await as(github, "read").issues.listComments(at)).data).toEqual([]);
  expect(events.map(({ name, action }) => `${name}.${action}`)).toEqual([
    "issue_comment.created",
    "issue_comment.edited",
    "issue_comment.deleted",
  ]);
  expect(events[1]?.payload).toMatchObject({ changes: { body: { from: "/status" } }, comment: { body: "/help" } });
});

test("a locked issue takes no comment of a job, but one of a writer", async () => {
  const { data: issue } = await as(github, "write").issues.create({ ...repo, title: "Locked" });
  await as(github, "write").issues.lock({ ...repo, issue_number: issue.number, lock_reason: "resolved" });
  const job = connect(github, github.issueJobToken(makeJob(), { issues: "write" }));
  const at = { ...repo, issue_number: issue.number, body: "hello" };
  expect(await statusOf(job.issues.createComment(at))).toBe(403);
  expect(await statusOf(as(github, "triage").issues.createComment(at))).toBe(403);
  expect((await as(github, "write").issues.createComment(at)).status).toBe(201);
  await as(github, "write").issues.unlock({ ...repo, issue_number: issue.number });
  expect((await job.issues.createComment(at)).data.user).toMatchObject({ login: "github-actions[bot]", type: "Bot" });
});

test("a reaction of a kind counts once per account", async () => {
  const octokit = as(github, "read");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "React" });
  const { data: comment } = await octokit.issues.createComment({ ...repo, issue_number: issue.number, body: "ship it" });
  const at = { ...repo, comment_id: comment.id, content: "eyes" } as const;
  expect((await octokit.reactions.createForIssueComment(at)).status).toBe(201);
  expect((await octokit.reactions.createForIssueComment(at)).status).toBe(200);
  const { data: reactions } = await octokit.reactions.listForIssueComment({ ...repo, comment_id: comment.id });
  expect(reactions.map(({ content, user }) => [content, user?.login])).toEqual([["eyes", "read"]]);
  await octokit.reactions.createForIssue({ ...repo, issue_number: issue.number, content: "rocket" });
  expect((await octokit.issues.get({ ...repo, issue_number: issue.number })).data.reactions?.rocket).toBe(1);
});

test("labels are listed, set, removed, and missing ones are 404", async () => {
  const octokit = as(github, "triage");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Labels" });
  const at = { ...repo, issue_number: issue.number };
  await octokit.issues.setLabels({ ...at, labels: ["a", "b"] });
  await octokit.issues.removeLabel({ ...at, name: "a" });
  expect((await octokit.issues.listLabelsOnIssue(at)).data.map(({ name }) => name)).toEqual(["b"]);
  expect(await statusOf(octokit.issues.removeLabel({ ...at, name: "a" }))).toBe(404);
  expect(await statusOf(as(github, "read").issues.addLabels({ ...at, labels: ["a"] }))).toBe(403);
  await as(github, "write").issues.createLabel({ ...repo, name: "made", color: "00ff00" });
  expect(await statusOf(as(github, "write").issues.createLabel({ ...repo, name: "Made" }))).toBe(422);
  expect((await octokit.issues.listLabelsForRepo(repo)).data.map(({ name }) => name)).toContain("made");
  const { data: events } = await octokit.issues.listEvents(at);
  expect(events.map(({ event }) => event)).toEqual(["labeled", "labeled", "unlabeled"]);
});

test("only collaborators become assignees", async () => {
  const octokit = as(github, "triage");
  const { data: issue } = await octokit.issues.create({ ...repo, title: "Assign" });
  const { data } = await octokit.issues.addAssignees({
    ...repo,
    issue_number: issue.number,
    assignees: ["maintain", "outsider"],
  });
  expect(data.assignees?.map(({ login }) => login)).toEqual(["maintain"]);
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation.checked).toBeGreaterThan(0);
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
});
