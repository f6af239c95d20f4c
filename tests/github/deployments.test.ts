import { afterEach, describe, expect, it } from "vitest";
import { readState } from "../../src/github/deployments.js";
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

describe("deployments", () => {
  it.each([
    { state: "ACTIVE", statuses: ["SUCCESS"], expected: "live" },
    { state: "INACTIVE", statuses: ["INACTIVE", "SUCCESS"], expected: "was-live" },
    { state: "INACTIVE", statuses: ["INACTIVE", "FAILURE"], expected: "other" },
    { state: "FAILURE", statuses: ["FAILURE"], expected: "failed" },
    { state: "ERROR", statuses: ["ERROR"], expected: "failed" },
    { state: "IN_PROGRESS", statuses: ["IN_PROGRESS"], expected: "other" },
    { state: null, statuses: [], expected: "other" },
  ])("reads $state with $statuses as $expected", ({ state, statuses, expected }) => {
    expect(readState(state, statuses)).toBe(expected);
  });

  const node = {
    databaseId: 8,
    commitOid: "c".repeat(40),
    environment: "production",
    state: "ACTIVE",
    createdAt: "2026-03-02T03:00:00Z",
    ref: { name: "v1.4.1", prefix: "refs/tags/" },
    creator: { kind: "Bot", login: "github-actions" },
    latestStatus: { createdAt: "2026-03-02T03:01:00Z", logUrl: "https://x/log", environmentUrl: null },
    statuses: { nodes: [{ state: "SUCCESS" }] },
  };
  it("names what was deployed by its tag", async () => {
    const { ports } = await serve(() => repository({ deployments: { nodes: [node] } }));
    expect(await ports.deployments.recent("acme/other")).toEqual([
      {
        id: 8,
        ref: "v1.4.1",
        sha: "c".repeat(40),
        environment: "production",
        state: "live",
        at: new Date("2026-03-02T03:01:00Z"),
        createdAt: new Date("2026-03-02T03:00:00Z"),
        by: "github-actions[bot]",
        url: "https://x/log",
      },
    ]);
  });

  it.each([null, { name: "main", prefix: "refs/heads/" }])("names it by its commit when it was no tag", async (ref) => {
    const { ports } = await serve(() => repository({ deployments: { nodes: [{ ...node, ref, latestStatus: null }] } }));
    expect(await ports.deployments.recent("acme/shop")).toMatchObject([
      { ref: "c".repeat(40), at: new Date("2026-03-02T03:00:00Z"), url: null },
    ]);
  });

  it("says why another repository's are out of reach", async () => {
    const errors = [{ type: "NOT_FOUND", path: ["repository"], message: "Could not resolve to a Repository." }];
    const { ports } = await serve(() => ({ body: { data: { repository: null }, errors } }));
    await expect(ports.deployments.recent("acme/other")).rejects.toThrow(/cannot read other private repositories/);
  });
});
