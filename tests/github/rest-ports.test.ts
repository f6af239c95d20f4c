import { afterEach, describe, expect, it } from "vitest";
import { ALICE, restComment, restIssue, restRun } from "./answers.js";
import { startHttpGitHub, type HttpGitHub, type Scripted } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});
/** Answers by "METHOD /path", the query not counted; any other route is 404. */
async function serve(routes: Readonly<Record<string, Scripted>>): Promise<HttpGitHub> {
  github = await startHttpGitHub(
    ({ method, path }) => routes[`${method} ${path.split("?")[0]}`] ?? { status: 404, body: { message: "Not Found" } },
  );
  return github;
}
const queryOf = (asked: HttpGitHub["asked"], nth = 0) =>
  Object.fromEntries(new URLSearchParams(asked[nth]?.path.split("?")[1] ?? ""));

describe("issues", () => {
  it("lists what the bot opened, newest first, without pull requests", async () => {
    const { ports, asked } = await serve({
      "GET /repos/acme/shop/issues": { body: [restIssue(), restIssue({ number: 2, pull_request: { url: "…" } })] },
    });
    const issues = await ports.incidents.list({ state: "all", changedSince: new Date("2026-03-01T00:00:00Z") });
    expect(issues.map((issue) => issue.number)).toEqual([3]);
    expect(queryOf(asked)).toEqual({
      creator: "github-actions[bot]",
      state: "all",
      since: "2026-03-01T00:00:00.000Z",
      per_page: "100",
      sort: "created",
      direction: "desc",
    });
  });

  it("writes title, body, labels and state in one request", async () => {
    const { ports, asked } = await serve({ "PATCH /repos/acme/shop/issues/3": { body: restIssue({ state: "closed" }) } });
    const change = { title: "t", body: "b", labels: ["incident"], state: "closed" } as const;
    expect(await ports.issues.update(3, change)).toMatchObject({ state: "closed", labels: ["incident", "severity:P1"] });
    expect(asked[0]?.body).toEqual(change);
  });

  it.each([
    { updated_at: "2026-03-02T03:00:00Z", editedAt: null },
    { updated_at: "2026-03-02T03:09:00Z", editedAt: new Date("2026-03-02T03:09:00Z") },
  ])("never takes a changed issue for an untouched one: $updated_at", async ({ updated_at, editedAt }) => {
    const { ports } = await serve({ "GET /repos/acme/shop/issues/3": { body: restIssue({ updated_at }) } });
    expect((await ports.issues.current(3)).editedAt).toEqual(editedAt);
  });

  it("reads an empty body as empty text", async () => {
    const { ports } = await serve({ "GET /repos/acme/shop/issues/3": { body: restIssue({ body: null }) } });
    expect((await ports.issues.current(3)).body).toBe("");
  });
});

it("edits its own comment", async () => {
  const { ports, asked } = await serve({
    "PATCH /repos/acme/shop/issues/comments/9": { body: restComment({ id: 9, body: "new" }) },
  });
  expect(await ports.comments.edit(9, "new")).toMatchObject({
    id: 9,
    body: "new",
    author: { login: "github-actions[bot]", isBot: true },
  });
  expect(asked[0]?.body).toEqual({ body: "new" });
});

describe("roles", () => {
  it.each([
    { permission: "admin", role_name: "admin", role: "admin" },
    { permission: "write", role_name: "maintain", role: "maintain" },
    { permission: "read", role_name: "triage", role: "triage" },
    { permission: "write", role_name: "release-captain", role: "write" },
    { permission: "none", role_name: "none", role: "none" },
    { permission: "something-new", role_name: "something-new", role: "none" },
  ])("reads $role_name on $permission as $role", async ({ permission, role_name, role }) => {
    const { ports } = await serve({
      "GET /repos/acme/shop/collaborators/alice/permission": { body: { permission, role_name, user: ALICE } },
    });
    expect(await ports.people.roleOf("alice")).toBe(role);
  });

  it("gives nobody a role whom GitHub does not know here", async () => {
    const { ports } = await serve({});
    expect(await ports.people.roleOf("stranger")).toBe("none");
  });

  it("does not take a fault for a missing role", async () => {
    const { ports } = await serve({ "GET /repos/acme/shop/collaborators/alice/permission": { status: 500, body: {} } });
    await expect(ports.people.roleOf("alice")).rejects.toMatchObject({ name: "GitHubDownError" });
  });
});

describe("team membership", () => {
  const membership = "GET /orgs/acme/teams/payments/memberships/alice";
  it.each<{ name: string; routes: Record<string, Scripted>; expected: string }>([
    { name: "an active member", routes: { [membership]: { body: { state: "active", role: "member" } } }, expected: "yes" },
    {
      name: "an invitation not yet accepted",
      routes: { [membership]: { body: { state: "pending", role: "member" } } },
      expected: "no",
    },
    { name: "a visible team without them", routes: { "GET /orgs/acme/teams/payments": { body: { id: 1 } } }, expected: "no" },
    { name: "a team the token cannot see", routes: {}, expected: "cannot-check" },
    {
      name: "a token that may not ask",
      routes: { [membership]: { status: 403, body: { message: "Resource not accessible by integration" } } },
      expected: "cannot-check",
    },
  ])("$name: $expected", async ({ routes, expected }) => {
    const { ports } = await serve(routes);
    expect(await ports.people.isMember("acme/payments", "alice")).toBe(expected);
  });
});

describe("environments", () => {
  const path = "GET /repos/acme/shop/environments/production";
  const environment = (deployment_branch_policy: unknown, protection_rules: unknown = []) => ({
    body: { id: 1, name: "production", protection_rules, deployment_branch_policy },
  });

  it("does not exist where GitHub answers 404", async () => {
    const { ports } = await serve({});
    expect(await ports.environments.environment("production")).toEqual({
      name: "production",
      exists: false,
      branches: null,
      requiredReviewers: 0,
    });
  });

  it("lets any branch deploy without a policy, and counts reviewers", async () => {
    const rules = [
      { id: 1, type: "required_reviewers", reviewers: [{ type: "User" }, { type: "Team" }] },
      { id: 2, type: "wait_timer", wait_timer: 5 },
    ];
    const { ports } = await serve({ [path]: environment(null, rules) });
    expect(await ports.environments.environment("production")).toEqual({
      name: "production",
      exists: true,
      branches: null,
      requiredReviewers: 2,
    });
  });

  it("names the branches and tags of a custom policy", async () => {
    const policies = {
      total_count: 2,
      branch_policies: [
        { id: 1, name: "main", type: "branch" },
        { id: 2, name: "v*", type: "tag" },
      ],
    };
    const { ports } = await serve({
      [path]: environment({ protected_branches: false, custom_branch_policies: true }),
      "GET /repos/acme/shop/environments/production/deployment-branch-policies": { body: policies },
    });
    expect((await ports.environments.environment("production")).branches).toEqual(["main", "tag:v*"]);
  });

  it("names the protected branches where those may deploy", async () => {
    const { ports, asked } = await serve({
      [path]: environment({ protected_branches: true, custom_branch_policies: false }),
      "GET /repos/acme/shop/branches": { body: [{ name: "main" }, { name: "release" }] },
    });
    expect((await ports.environments.environment("production")).branches).toEqual(["main", "release"]);
    expect(queryOf(asked, 1)).toMatchObject({ protected: "true" });
  });
});

describe("runs", () => {
  it("lists the runs of one workflow since a moment, newest first", async () => {
    const workflow_runs = [
      restRun({ id: 11 }),
      restRun({ id: 12, status: "in_progress", conclusion: null }),
      restRun({ id: 9, created_at: "2026-03-02T02:59:59Z" }),
    ];
    const { ports, asked } = await serve({
      "GET /repos/acme/other/actions/workflows/deploy.yml/runs": { body: { total_count: 2, workflow_runs } },
    });
    const runs = await ports.runs.recent("acme/other", "deploy.yml", new Date("2026-03-02T03:00:00.900Z"));
    expect(runs).toMatchObject([
      { id: 12, status: "running", conclusion: null },
      { id: 11, status: "ended", conclusion: "success", title: "Deploy v1.4.1" },
    ]);
    expect(queryOf(asked)).toEqual({ per_page: "100" });
  });

  it("knows no run where GitHub answers 404", async () => {
    const { ports } = await serve({});
    expect(await ports.runs.run("acme/shop", 5)).toBeNull();
  });

  it("dispatches with the inputs as given", async () => {
    const { ports, asked } = await serve({ "POST /repos/acme/shop/actions/workflows/deploy.yml/dispatches": { status: 204 } });
    await ports.dispatcher.dispatch({
      repository: "acme/shop",
      workflow: "deploy.yml",
      ref: "main",
      inputs: { version: "v1", "gatehouse-key": "k" },
    });
    expect(asked[0]?.body).toEqual({ ref: "main", inputs: { version: "v1", "gatehouse-key": "k" } });
  });
});

it("compares two versions", async () => {
  const commit = {
    sha: "c1",
    html_url: "https://x/c1",
    author: null,
    commit: {
      message: "smaller pool",
      author: { name: "Bob", date: "2026-03-01T00:00:00Z" },
      committer: { date: "2026-03-01T01:00:00Z" },
    },
  };
  const body = {
    html_url: "https://x/compare",
    total_commits: 400,
    commits: [commit],
    files: [{ filename: "config/pool.json", patch: "@@" }, { filename: "logo.png" }],
  };
  const { ports } = await serve({ "GET /repos/acme/shop/compare/v1...v2": { body } });
  expect(await ports.changes.compare("acme/shop", "v1", "v2")).toEqual({
    url: "https://x/compare",
    commits: [{ sha: "c1", message: "smaller pool", author: "Bob", at: new Date("2026-03-01T01:00:00Z"), url: "https://x/c1" }],
    files: [
      { path: "config/pool.json", patch: "@@" },
      { path: "logo.png", patch: null },
    ],
    isCut: true,
  });
});

it("reads what one commit changed", async () => {
  const body = { files: [{ filename: "config/pool.json", patch: "@@" }] };
  const { ports } = await serve({ "GET /repos/acme/shop/commits/c1": { body } });
  expect(await ports.changes.filesOf("acme/shop", "c1")).toEqual([{ path: "config/pool.json", patch: "@@" }]);
});
