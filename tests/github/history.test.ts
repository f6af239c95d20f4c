import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { RepositoryHistory } from "../../src/ports.js";
import { startHttpGitHub, type HttpGitHub, type Scripted } from "./http-github.js";

let github: HttpGitHub | null = null;
afterEach(async () => {
  await github?.close();
  github = null;
});

const SINCE = new Date("2026-03-01T00:00:00Z");
const Sent = z.object({ variables: z.object({ after: z.string().nullable(), releases: z.boolean(), checks: z.boolean() }) });

/** Days of March. */
function aNode(day: number, commit?: unknown): unknown {
  return {
    databaseId: day,
    commitOid: "c".repeat(40),
    environment: "production",
    state: "INACTIVE",
    createdAt: `2026-03-${String(day).padStart(2, "0")}T03:00:00Z`,
    ref: { name: `v${day}`, prefix: "refs/tags/" },
    creator: { kind: "Bot", login: "github-actions" },
    latestStatus: null,
    statuses: { nodes: [{ state: "SUCCESS" }] },
    ...(commit === undefined ? {} : { commit }),
  };
}
function page(nodes: readonly unknown[], next: string | null = null, releases?: unknown): Scripted {
  const deployments = { nodes, pageInfo: { hasNextPage: next !== null, endCursor: next } };
  return { body: { data: { repository: { deployments, ...(releases === undefined ? {} : { releases }) } } } };
}
async function ask(
  pages: readonly Scripted[],
  since = SINCE,
): Promise<{ history: RepositoryHistory; sent: z.infer<typeof Sent>[] }> {
  github = await startHttpGitHub((_asked, nth) => pages[nth - 1] ?? { status: 404 });
  const history = await github.ports.history.since("acme/shop", { since, releases: true, checks: true });
  return { history, sent: github.asked.map(({ body }) => Sent.parse(body)) };
}
const release = {
  tagName: "v2",
  name: "Faster",
  isDraft: false,
  isPrerelease: true,
  publishedAt: "2026-03-02T03:00:00Z",
  url: "https://github.com/acme/shop/releases/tag/v2",
  tagCommit: { oid: "d".repeat(40) },
  author: { login: "mina" },
};

describe("the history of a repository", () => {
  it("holds releases that were published, in the request that asks for deployments", async () => {
    const draft = { ...release, isDraft: true, publishedAt: null };
    const { history, sent } = await ask([page([aNode(2)], null, { nodes: [draft, release] })]);
    expect(history.releases).toEqual([
      {
        tag: "v2",
        sha: "d".repeat(40),
        name: "Faster",
        publishedAt: new Date("2026-03-02T03:00:00Z"),
        isPrerelease: true,
        by: "mina",
        url: release.url,
      },
    ]);
    expect(sent).toHaveLength(1);
  });

  it("names the checks that failed on what was deployed", async () => {
    const nodes = [
      { kind: "CheckRun", name: "build", conclusion: "TIMED_OUT" },
      { kind: "CheckRun", name: "lint", conclusion: "SUCCESS" },
      { kind: "CheckRun", name: "slow", conclusion: null },
      { kind: "StatusContext", context: "ci/old", state: "FAILURE" },
    ];
    const failed = aNode(2, { statusCheckRollup: { state: "FAILURE", contexts: { nodes } } });
    const passed = aNode(1, { statusCheckRollup: { state: "SUCCESS", contexts: { nodes: [] } } });
    const { history } = await ask([page([failed, passed, aNode(1, { statusCheckRollup: null })])]);
    expect(history.deployments.map(({ failedChecks }) => failedChecks)).toEqual([
      [
        { name: "build", outcome: "timed out" },
        { name: "ci/old", outcome: "failure" },
      ],
      [],
      [],
    ]);
  });

  it.each([
    { name: "one page where it reaches far enough back", oldest: new Date("2026-03-05T00:00:00Z"), pages: 1, isCut: false },
    { name: "four pages at most, and says that there are more", oldest: SINCE, pages: 4, isCut: true },
  ])("asks for $name", async ({ oldest, pages, isCut }) => {
    const { history, sent } = await ask(
      [page([aNode(9), aNode(4)], "p1"), ...[1, 2, 3, 4].map((n) => page([aNode(4)], `p${n + 1}`))],
      oldest,
    );
    expect(sent.map(({ variables }) => variables.after)).toEqual([null, "p1", "p2", "p3"].slice(0, pages));
    expect(sent.map(({ variables }) => variables.releases)).toEqual([true, false, false, false].slice(0, pages));
    expect(history.isCut).toBe(isCut);
  });

  const forbidden = (path: readonly (string | number)[]): unknown => ({
    type: "FORBIDDEN",
    path,
    message: "Resource not accessible by integration",
  });
  const withErrors = (scripted: Scripted, errors: readonly unknown[]): Scripted => ({
    body: { ...(scripted.body as object), errors },
  });

  it("keeps the deployments where the token may not read checks or releases, and says so", async () => {
    const answer = withErrors(page([aNode(2, { statusCheckRollup: null })]), [
      forbidden(["repository", "deployments", "nodes", 0, "commit", "statusCheckRollup"]),
      forbidden(["repository", "releases"]),
    ]);
    const { history } = await ask([answer]);
    expect([history.deployments.length, history.withheld]).toEqual([1, ["checks", "releases"]]);
  });

  it("fails where the deployments themselves are forbidden", async () => {
    const answer = withErrors({ body: { data: { repository: null } } }, [forbidden(["repository", "deployments"])]);
    await expect(ask([answer])).rejects.toThrow(/deployments: read/);
  });
});
