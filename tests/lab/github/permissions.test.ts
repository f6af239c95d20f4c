import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../../lab/github/github.js";
import type { TokenPermissions } from "../../../lab/model.js";
import { as, connect, makeJob, repo, startGitHub, statusOf } from "./support.js";

let github: GitHub;
let issue: number;
beforeAll(async () => {
  github = await startGitHub({
    environments: [{ name: "production", branchPolicy: { patterns: ["main"] }, reviewers: ["maintain"] }],
  });
  issue = (await as(github, "admin").issues.create({ ...repo, title: "Someone's", body: "text" })).data.number;
});
afterAll(async () => {
  await github.close();
});

test.each([
  ["read", 403],
  ["triage", 0],
  ["write", 0],
])("a person with %s who edits another's issue is answered %i", async (login, status) => {
  expect(await statusOf(as(github, login).issues.update({ ...repo, issue_number: issue, body: `by ${login}` }))).toBe(status);
});

test.each([
  ["triage", 403],
  ["write", 0],
])("a person with %s who dispatches is answered %i", async (login, status) => {
  expect(await statusOf(as(github, login).repos.createDispatchEvent({ ...repo, event_type: "alert" }))).toBe(status);
});

test("a private repository does not exist for an outsider, nor without a token", async () => {
  expect(await statusOf(as(github, "outsider").repos.get(repo))).toBe(404);
  expect(await statusOf(as(github, "outsider").issues.create({ ...repo, title: "hi" }))).toBe(404);
  expect(await statusOf(connect(github, undefined).issues.get({ ...repo, issue_number: issue }))).toBe(404);
});

test("a public repository is read by everyone", async () => {
  const open = await startGitHub({ private: false });
  expect((await connect(open, undefined).repos.get(repo)).data.visibility).toBe("public");
  expect((await as(open, "outsider").issues.create({ ...repo, title: "hi" })).status).toBe(201);
  expect(open.validation.problems).toEqual([]);
  await open.close();
});

const dispatch = (octokit: ReturnType<typeof connect>) => octokit.repos.createDispatchEvent({ ...repo, event_type: "alert" });
const comment = (octokit: ReturnType<typeof connect>) =>
  octokit.issues.createComment({ ...repo, issue_number: issue, body: "x" });
const readFile = (octokit: ReturnType<typeof connect>) => octokit.repos.getContent({ ...repo, path: "README.md" });
const readRole = (octokit: ReturnType<typeof connect>) =>
  octokit.repos.getCollaboratorPermissionLevel({ ...repo, username: "triage" });
const cases: {
  name: string;
  permissions: TokenPermissions;
  ask: (octokit: ReturnType<typeof connect>) => Promise<unknown>;
  status: number;
}[] = [
  { name: "issues: write comments", permissions: { issues: "write" }, ask: comment, status: 0 },
  { name: "issues: read does not comment", permissions: { issues: "read" }, ask: comment, status: 403 },
  { name: "issues: write dispatches nothing", permissions: { issues: "write" }, ask: dispatch, status: 403 },
  { name: "contents: read dispatches nothing", permissions: { contents: "read" }, ask: dispatch, status: 403 },
  { name: "contents: write dispatches", permissions: { contents: "write" }, ask: dispatch, status: 0 },
  { name: "no permission at all reads no file", permissions: {}, ask: readFile, status: 403 },
  { name: "no permission at all still reads metadata such as roles", permissions: {}, ask: readRole, status: 0 },
  {
    name: "a job has no user",
    permissions: { contents: "write" },
    ask: (octokit) => octokit.users.getAuthenticated(),
    status: 403,
  },
];
test.each(cases)("job token: $name", async ({ permissions, ask, status }) => {
  expect(await statusOf(ask(connect(github, github.issueJobToken(makeJob(), permissions))))).toBe(status);
});

test("a revoked token is bad credentials", async () => {
  const token = github.issueJobToken(makeJob(), { issues: "read" });
  const octokit = connect(github, token);
  expect((await octokit.issues.get({ ...repo, issue_number: issue })).status).toBe(200);
  github.revokeJobToken(token);
  expect(await statusOf(octokit.issues.get({ ...repo, issue_number: issue }))).toBe(401);
});

test("roles are told by name, and by GitHub's older four words", async () => {
  const octokit = as(github, "admin");
  const level = async (username: string) => {
    const { data } = await octokit.repos.getCollaboratorPermissionLevel({ ...repo, username });
    return [data.permission, data.role_name];
  };
  expect(await level("maintain")).toEqual(["write", "maintain"]);
  expect(await level("triage")).toEqual(["read", "triage"]);
  expect(await level("outsider")).toEqual(["none", "none"]);
  expect(await statusOf(octokit.repos.getCollaboratorPermissionLevel({ ...repo, username: "nobody" }))).toBe(404);
  const { data: collaborators } = await octokit.repos.listCollaborators(repo);
  expect(collaborators.map(({ login }) => login)).toEqual(["admin", "maintain", "write", "triage", "read"]);
});

test("environments show their reviewers and branch patterns", async () => {
  const octokit = as(github, "read");
  const { data } = await octokit.repos.getEnvironment({ ...repo, environment_name: "production" });
  expect(data.protection_rules?.map(({ type }) => type)).toEqual(["required_reviewers", "branch_policy"]);
  expect(data.deployment_branch_policy).toEqual({ protected_branches: false, custom_branch_policies: true });
  const { data: policies } = await octokit.repos.listDeploymentBranchPolicies({ ...repo, environment_name: "production" });
  expect(policies.branch_policies.map(({ name }) => name)).toEqual(["main"]);
  github.environment("made-by-a-job");
  const { data: all } = await octokit.repos.getAllEnvironments(repo);
  expect(all.environments?.map(({ name, protection_rules }) => [name, protection_rules?.length])).toEqual([
    ["production", 2],
    ["made-by-a-job", 0],
  ]);
  expect(await statusOf(octokit.repos.listDeploymentBranchPolicies({ ...repo, environment_name: "made-by-a-job" }))).toBe(404);
});

test("nothing above was at odds with GitHub's own description", () => {
  expect(github.validation.checked).toBeGreaterThan(0);
  expect(github.validation).toMatchObject({ violations: 0, without_schema: 0, problems: [] });
});
