import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import { as, connect, makeJob, repo, startGitHub } from "./support.js";

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub({
    environments: [{ name: "production" }],
    rulesets: [{ name: "plans", target: "tag", include: ["refs/tags/plan/**/*"], rules: ["update", "deletion"] }],
  });
});
afterAll(() => github.close());

type Answer = Record<string, unknown>;
const job = () => connect(github, github.issueJobToken(makeJob(), { contents: "read", issues: "write", deployments: "read" }));

const snapshot = `
  query Snapshot($owner: String!, $name: String!, $number: Int!) {
    viewer { login }
    rateLimit { limit remaining resetAt }
    repository(owner: $owner, name: $name) {
      databaseId isPrivate visibility nameWithOwner
      defaultBranchRef { name target { oid } }
      config: object(expression: "HEAD:src/pool.txt") { ... on Blob { oid text isTruncated byteSize isBinary } }
      folder: object(expression: "main:") { ... on Tree { entries { name type oid object { ... on Blob { oid text } } } } }
      head: object(expression: "refs/heads/main") { ... on Commit { oid committedDate messageHeadline } }
      refs(refPrefix: "refs/tags/plan/", first: 10) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { name prefix target { __typename oid ... on Tag { message tagger { date } target { oid } } } }
      }
      rulesets(first: 10) { nodes { name target enforcement conditions { refName { include exclude } } rules(first: 10) { nodes { type } } } }
      issue(number: $number) {
        databaseId number title body state stateReason locked createdAt updatedAt closedAt url lastEditedAt
        author { login __typename } editor { login __typename }
        labels(first: 10) { nodes { name } }
        assignees(first: 10) { nodes { login } }
        userContentEdits(first: 5) { nodes { editedAt editor { login } diff } }
        timelineItems(first: 10, itemTypes: [LABELED_EVENT]) { nodes { __typename ... on LabeledEvent { label { name } actor { login } } } }
        comments(first: 1) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes {
            databaseId body url createdAt updatedAt lastEditedAt
            author { login __typename ... on User { databaseId } } editor { login }
            reactions(first: 5) { nodes { content user { login } } }
            reactionGroups { content reactors { totalCount } }
          }
        }
      }
      issues(first: 5, filterBy: { createdBy: "github-actions[bot]", states: [OPEN] }, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number } }
      deployments(first: 5, orderBy: { field: CREATED_AT, direction: DESC }, environments: ["shop"]) {
        nodes {
          databaseId commitOid createdAt description environment latestEnvironment payload state task ref { name } creator { login }
          latestStatus { state createdAt description logUrl environmentUrl }
          statuses(first: 5) { nodes { state } }
        }
      }
    }
  }`;

test("one query reads the repository, an issue with comments, tags, rules and deployments", async () => {
  const octokit = as(github, "write");
  const { data: issue } = await job().issues.create({ ...repo, title: "Shop is down", body: "first", labels: ["incident"] });
  await octokit.issues.update({ ...repo, issue_number: issue.number, body: "second" });
  const { data: comment } = await octokit.issues.createComment({ ...repo, issue_number: issue.number, body: "/approve" });
  await octokit.issues.createComment({ ...repo, issue_number: issue.number, body: "/status" });
  await job().reactions.createForIssueComment({ ...repo, comment_id: comment.id, content: "eyes" });
  const { data: head } = await octokit.git.getRef({ ...repo, ref: "heads/main" });
  const { data: tag } = await octokit.git.createTag({
    ...repo,
    tag: "plan/1/x",
    message: "401",
    object: head.object.sha,
    type: "commit",
  });
  await octokit.git.createRef({ ...repo, ref: "refs/tags/plan/1/x", sha: tag.sha });
  const { data: deployment } = await octokit.repos.createDeployment({
    ...repo,
    ref: "main",
    environment: "shop",
    payload: { version: "1" },
  });
  if (!("id" in deployment)) throw new Error("no deployment");
  await octokit.repos.createDeploymentStatus({ ...repo, deployment_id: deployment.id, state: "success" });

  const answer = await job().graphql<Answer>(snapshot, { owner: "acme", name: "shop", number: issue.number });
  expect(answer).toMatchObject({
    viewer: { login: "github-actions[bot]" },
    repository: {
      isPrivate: true,
      defaultBranchRef: { name: "main", target: { oid: head.object.sha } },
      config: { text: "size=50\n", byteSize: 8, isBinary: false, isTruncated: false },
      folder: {
        entries: [
          { name: "README.md", type: "blob", object: { text: "# Shop\n" } },
          { name: "src", type: "tree", object: {} },
        ],
      },
      head: { oid: head.object.sha, messageHeadline: "Initial commit" },
      refs: {
        totalCount: 1,
        nodes: [
          {
            name: "plan/1/x",
            prefix: "refs/tags/",
            target: { __typename: "Tag", message: "401", target: { oid: head.object.sha } },
          },
        ],
      },
      rulesets: {
        nodes: [{ target: "TAG", enforcement: "ACTIVE", rules: { nodes: [{ type: "UPDATE" }, { type: "DELETION" }] } }],
      },
      issue: {
        body: "second",
        author: { login: "github-actions", __typename: "Bot" },
        editor: { login: "write", __typename: "User" },
        labels: { nodes: [{ name: "incident" }] },
        userContentEdits: {
          nodes: [
            { diff: "second", editor: { login: "write" } },
            { diff: "first", editor: { login: "github-actions" } },
          ],
        },
        timelineItems: { nodes: [{ __typename: "LabeledEvent", label: { name: "incident" } }] },
        comments: {
          totalCount: 2,
          pageInfo: { hasNextPage: true },
          nodes: [
            {
              databaseId: comment.id,
              body: "/approve",
              lastEditedAt: null,
              author: { login: "write", __typename: "User" },
              reactions: { nodes: [{ content: "EYES", user: null }] },
            },
          ],
        },
      },
      issues: { nodes: [{ number: issue.number }] },
      deployments: {
        nodes: [
          {
            commitOid: head.object.sha,
            state: "ACTIVE",
            payload: '{"version":"1"}',
            ref: { name: "main" },
            latestStatus: { state: "SUCCESS" },
          },
        ],
      },
    },
  });
});

test("cursors continue where the page ended", async () => {
  const { data: issue } = await as(github, "read").issues.create({ ...repo, title: "Pages" });
  for (const body of ["a", "b", "c"])
    await as(github, "read").issues.createComment({ ...repo, issue_number: issue.number, body });
  const query = `query Page($n: Int!, $after: String) { repository(owner: "acme", name: "shop") { issue(number: $n) { comments(first: 2, after: $after) { nodes { body } pageInfo { hasNextPage endCursor } } } } }`;
  type Page = {
    repository: { issue: { comments: { nodes: { body: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } };
  };
  const { comments: first } = (await job().graphql<Page>(query, { n: issue.number })).repository.issue;
  const { comments: second } = (await job().graphql<Page>(query, { n: issue.number, after: first.pageInfo.endCursor })).repository
    .issue;
  expect(first.nodes.map(({ body }) => body)).toEqual(["a", "b"]);
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  expect(second.nodes.map(({ body }) => body)).toEqual(["c"]);
});

const inRepository = (fields: string) => `{ repository(owner: "acme", name: "shop") { ${fields} } }`;
test.each([
  { name: "a repository one may not see", login: "outsider", query: inRepository("name"), type: "NOT_FOUND" },
  { name: "an issue that is not there", login: "read", query: inRepository("issue(number: 999) { title }"), type: "NOT_FOUND" },
  {
    name: "a page without a size",
    login: "read",
    query: inRepository("issues { nodes { number } }"),
    type: "MISSING_PAGINATION_BOUNDARIES",
  },
  {
    name: "a page beyond 100",
    login: "read",
    query: inRepository("issues(first: 101) { nodes { number } }"),
    type: "EXCESSIVE_PAGINATION",
  },
])("$name is refused as $type", async ({ login, query, type }) => {
  await expect(as(github, login).graphql(query)).rejects.toMatchObject({ errors: [{ type }] });
});

test("a job without contents: read gets no file, and is told why", async () => {
  const octokit = connect(github, github.issueJobToken(makeJob(), { issues: "read" }));
  const query = `{ repository(owner: "acme", name: "shop") { object(expression: "HEAD:README.md") { oid } } }`;
  await expect(octokit.graphql(query)).rejects.toMatchObject({
    errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }],
  });
});

const mutation = `mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url messageHeadline } } }`;
type Committed = { createCommitOnBranch: { commit: { oid: string } } };
function commitInput(expectedHeadOid: string, text: string) {
  const additions = [{ path: "postmortems/1.md", contents: Buffer.from(text).toString("base64") }];
  const branch = { repositoryNameWithOwner: "acme/shop", branchName: "main" };
  return { input: { branch, message: { headline: "Post-mortem", body: "of #1" }, expectedHeadOid, fileChanges: { additions } } };
}

test("a commit on a branch lands only on the head it expects", async () => {
  const octokit = connect(github, github.issueJobToken(makeJob(), { contents: "write" }));
  const { data: before } = await octokit.git.getRef({ ...repo, ref: "heads/main" });
  const { createCommitOnBranch } = await octokit.graphql<Committed>(mutation, commitInput(before.object.sha, "# One\n"));
  const { data: after } = await octokit.git.getRef({ ...repo, ref: "heads/main" });
  expect(after.object.sha).toBe(createCommitOnBranch.commit.oid);
  const { data: commit } = await octokit.git.getCommit({ ...repo, commit_sha: after.object.sha });
  expect(commit).toMatchObject({
    message: "Post-mortem\n\nof #1",
    parents: [{ sha: before.object.sha }],
    author: { name: "github-actions[bot]" },
  });
  await expect(octokit.graphql(mutation, commitInput(before.object.sha, "# Two\n"))).rejects.toMatchObject({
    errors: [{ type: "STALE_DATA" }],
  });
  await expect(job().graphql(mutation, commitInput(after.object.sha, "# Three\n"))).rejects.toMatchObject({
    errors: [{ type: "FORBIDDEN" }],
  });
});

test("of many commits at once on one head exactly one lands", async () => {
  const octokit = as(github, "write");
  const { data: head } = await octokit.git.getRef({ ...repo, ref: "heads/main" });
  const asked = ["a", "b", "c", "d"].map((text) => octokit.graphql(mutation, commitInput(head.object.sha, text)));
  const settled = await Promise.allSettled(asked);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("nothing above was at odds with GitHub's own schema", () => {
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
  expect(github.validation.by_operation["graphql:Snapshot"]).toEqual({ checked: 2, violations: 0, without_schema: 0 });
});

test("a field GitHub does not have, and one the stand-in does not have, are errors and logged", async () => {
  const other = await startGitHub();
  const octokit = as(other, "read");
  await expect(octokit.graphql(`query Unknown { repository(owner: "acme", name: "shop") { nosuchfield } }`)).rejects.toThrow(
    /nosuchfield/,
  );
  await expect(octokit.graphql(`query Missing { repository(owner: "acme", name: "shop") { stargazerCount } }`)).rejects.toThrow(
    /Repository\.stargazerCount/,
  );
  expect(other.requests.map(({ operation, valid }) => [operation, valid])).toEqual([
    ["graphql:Unknown", false],
    ["graphql:Missing", false],
  ]);
  expect(other.validation.violations).toBe(2);
  await other.close();
});
