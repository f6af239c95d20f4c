import { afterEach, describe, expect, it } from "vitest";
import { trunk } from "./answers.js";
import { startHttpGitHub, type HttpGitHub, type Script, type Scripted } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});
async function serve(script: Script): Promise<HttpGitHub> {
  github = await startHttpGitHub(script);
  return github;
}
const repository = (fields: unknown): Scripted => ({ body: { data: { repository: fields } } });

describe("the archive", () => {
  const HEAD = "a".repeat(40);
  const OURS = "f".repeat(40);
  const request = {
    files: [{ path: "postmortems/2026/3.md", text: "# Größe" }],
    headline: "Post-mortem of #3",
    expectedHead: HEAD,
  };
  const tip = (oid: string, messageHeadline: string, parent: string) => ({
    oid,
    messageHeadline,
    parents: { nodes: [{ oid: parent }] },
  });
  const before = tip(HEAD, "Earlier", "9".repeat(40));
  const after = tip(OURS, request.headline, HEAD);
  const committed: Scripted = { body: { data: { createCommitOnBranch: { commit: { oid: OURS } } } } };
  const isMutation = (body: unknown) => JSON.stringify(body).includes("mutation CreateCommit");
  const heads = (defaultTip: unknown, branchTip: unknown = null) =>
    repository({
      defaultBranchRef: { name: "main", target: defaultTip },
      ref: branchTip === null ? null : { target: branchTip },
    });

  it("commits all files on top of the expected head", async () => {
    const { ports, asked } = await serve(({ body }) => (isMutation(body) ? committed : heads(before)));
    expect(await ports.archive.commit(request)).toEqual({ kind: "committed", sha: OURS });
    expect(asked.at(-1)?.body).toMatchObject({
      variables: {
        input: {
          branch: { repositoryNameWithOwner: "acme/shop", branchName: "main" },
          expectedHeadOid: HEAD,
          message: { headline: "Post-mortem of #3" },
          fileChanges: { additions: [{ path: "postmortems/2026/3.md", contents: Buffer.from("# Größe").toString("base64") }] },
        },
      },
    });
  });

  it("does not ask for the branch again that a look has told", async () => {
    const { ports, asked } = await serve(({ body }) => (isMutation(body) ? committed : repository(trunk())));
    await ports.desk.look(null);
    await ports.archive.commit(request);
    expect(asked).toHaveLength(2);
  });

  it.each([
    {
      name: "stale when the head has moved",
      error: { type: "STALE_DATA", message: 'Expected branch to point to "a" but it did not. Pull and try again.' },
      expected: "stale",
    },
    {
      name: "protected by a branch rule",
      error: { type: "BRANCH_PROTECTION_RULE_VIOLATION", message: "Changes must be made through a pull request." },
      expected: "protected",
    },
    {
      name: "protected by a ruleset",
      error: { type: "UNPROCESSABLE", message: "Repository rule violations found" },
      expected: "protected",
    },
  ])("is $name", async ({ error, expected }) => {
    const { ports } = await serve(({ body }) =>
      isMutation(body) ? { body: { data: { createCommitOnBranch: null }, errors: [error] } } : heads(before),
    );
    expect(await ports.archive.commit(request)).toEqual({ kind: expected });
  });

  it("throws what is neither", async () => {
    const errors = [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }];
    const { ports } = await serve(({ body }) => (isMutation(body) ? { body: { data: null, errors } } : heads(before)));
    await expect(ports.archive.commit(request)).rejects.toMatchObject({ name: "ForbiddenError" });
  });

  it.each([
    { name: "it happened", head: after, expected: { kind: "committed", sha: OURS } },
    { name: "somebody else's did", head: tip("8".repeat(40), "Else", HEAD), expected: { kind: "stale" } },
  ])("looks at the head after a lost answer, without committing twice: $name", async ({ head, expected }) => {
    let mutations = 0;
    const { ports } = await serve(({ body }) => {
      const tipNow = mutations === 0 ? before : head;
      if (!isMutation(body)) return heads(tipNow, tipNow);
      mutations += 1;
      return { hangUp: true };
    });
    expect(await ports.archive.commit(request)).toEqual(expected);
    expect(mutations).toBe(1);
  });

  it("fails when the answer was lost and nothing was committed", async () => {
    const { ports } = await serve(({ body }) => (isMutation(body) ? { status: 502, body: {} } : heads(before, before)));
    await expect(ports.archive.commit(request)).rejects.toMatchObject({ name: "GitHubDownError" });
  });

  const opening = { ...request, branch: "gatehouse/postmortem-3", body: "why" };
  const pull = { number: 8, html_url: "https://x/pull/8", state: "open", merged_at: null };
  function pullScript(branchTip: unknown, pulls: readonly unknown[]): Script {
    return ({ method, path, body }) => {
      if (path === "/graphql") return isMutation(body) ? committed : heads(before, branchTip);
      if (path.endsWith("/git/refs")) return { status: 201, body: {} };
      return method === "GET" ? { body: pulls } : { status: 201, body: pull };
    };
  }
  const writes = (asked: HttpGitHub["asked"]) =>
    asked
      .filter((entry) => entry.method === "POST")
      .map((entry) => (entry.path === "/graphql" ? (isMutation(entry.body) ? "commit" : "look") : entry.path.split("/").at(-1)));

  it.each([
    { name: "from nothing", branch: null, pulls: [], expected: ["look", "refs", "commit", "pulls"] },
    { name: "from a branch that has no commit of ours yet", branch: before, pulls: [], expected: ["look", "commit", "pulls"] },
    { name: "from a branch with our commit", branch: after, pulls: [], expected: ["look", "pulls"] },
    { name: "that is open already", branch: after, pulls: [pull], expected: ["look"] },
  ])("opens a pull request $name", async ({ branch, pulls, expected }) => {
    const { ports, asked } = await serve(pullScript(branch, pulls));
    expect(await ports.archive.openPullRequest(opening)).toEqual({ number: 8, url: "https://x/pull/8" });
    expect(writes(asked)).toEqual(expected);
  });

  it.each([
    { name: "an open one", pulls: [pull], expected: { number: 8, url: "https://x/pull/8" } },
    {
      name: "a merged one",
      pulls: [{ ...pull, state: "closed", merged_at: "2026-03-02T03:00:00Z" }],
      expected: { number: 8, url: "https://x/pull/8" },
    },
    { name: "no closed one", pulls: [{ ...pull, state: "closed" }], expected: null },
  ])("finds $name", async ({ pulls, expected }) => {
    const { ports } = await serve(() => ({ body: pulls }));
    expect(await ports.archive.pullRequest("gatehouse/postmortem-3")).toEqual(expected);
  });

  it.each([
    {
      name: "a file",
      object: { oid: "b", text: "x", isTruncated: false, isBinary: false },
      expected: { path: "a.md", text: "x", sha: "b" },
    },
    { name: "no file where there is none", object: null, expected: null },
    { name: "no file where a folder stands", object: {}, expected: null },
  ])("reads $name", async ({ object, expected }) => {
    const { ports } = await serve(() => repository({ object }));
    expect(await ports.archive.file("a.md")).toEqual(expected);
  });
});
