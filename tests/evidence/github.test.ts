import { describe, expect, it } from "vitest";
import { isSettingsFile } from "../../src/evidence/sources/config-changes.js";
import { createGithubSource } from "../../src/evidence/sources/github.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type { Changes, DeploymentRecord, Finding } from "../../src/ports.js";
import { aDeployment, aRequest, BROUGHT, fromOnset, OLDER } from "./support/world.js";

interface Asked {
  readonly findings: readonly Finding[];
  readonly requests: readonly string[];
}

async function observe(records: readonly DeploymentRecord[], withChanges = true): Promise<Asked> {
  const requests: string[] = [];
  const changes: Changes = {
    compare: (repository, base, head) => {
      requests.push(`compare ${repository} ${base.slice(0, 3)}...${head.slice(0, 3)}`);
      return Promise.resolve(BROUGHT);
    },
  };
  const deployments = {
    recent: (repository: string) => {
      requests.push(`deployments ${repository}`);
      return Promise.resolve(records);
    },
  };
  const findings = await createGithubSource({ deployments, changes: withChanges ? changes : null }).observe(aRequest());
  return { findings, requests };
}
const texts = (findings: readonly Finding[]): string[] => findings.map(({ summary }) => readForMatching(summary));
const ofDetail = (findings: readonly Finding[]): string[] =>
  findings.map(({ detail }) => (detail.kind === "change" ? detail.of : detail.kind));

describe("what changed in the service's repository", () => {
  it("is the deployment before the onset and what it brought, in two requests", async () => {
    const { findings, requests } = await observe([aDeployment(), OLDER]);
    expect(requests).toEqual(["deployments acme/shop", "compare acme/shop aaa...bbb"]);
    expect(texts(findings)).toEqual([
      "v1.5.0 deployed to production 2 min before the onset (was v1.4.2), 1 commit in 3 files by octocat",
      'v1.5.0 changed config/pool.json: -"size": 50, +"size": 4,',
      "v1.5.0 brought bbbbbbb: Trim idle database connections (Jonas Weber)",
    ]);
    expect(findings[0]?.detail).toMatchObject({
      of: "deployment",
      ref: { outside: "v1.5.0" },
      previousRef: { outside: "v1.4.2" },
    });
    expect(findings[0]?.link).toBe(BROUGHT.url);
  });

  it.each([
    { name: "the first one: nothing to compare with", records: [aDeployment()], requests: 1, of: ["deployment"] },
    {
      name: "one after the onset: no suspect",
      records: [aDeployment({ deployedAt: fromOnset(300) }), OLDER],
      requests: 1,
      of: [],
    },
    { name: "the same commit again", records: [aDeployment({ sha: OLDER.sha }), OLDER], requests: 1, of: ["deployment"] },
    { name: "one outside the window", records: [OLDER], requests: 1, of: [] },
    { name: "one to the gate of the hands", records: [aDeployment({ environment: "production-gate" })], requests: 1, of: [] },
    { name: "none at all", records: [], requests: 1, of: [] },
  ])("is not compared for $name", async ({ records, requests, of }) => {
    const asked = await observe(records);
    expect(asked.requests).toHaveLength(requests);
    expect(ofDetail(asked.findings)).toEqual(of);
  });

  it("is dated by the start of the rollout, which it can fail from", async () => {
    const { findings } = await observe([aDeployment({ deployedAt: fromOnset(-30), at: fromOnset(90) }), OLDER]);
    expect(findings[0]?.at).toEqual(fromOnset(-30));
  });

  it("counts what came to the same environment before as the version it replaced", async () => {
    const staging = aDeployment({ id: 5, ref: "v1.6.0", environment: "staging", deployedAt: fromOnset(-10) });
    const { findings } = await observe([staging, aDeployment(), { ...OLDER, environment: "staging" }, OLDER]);
    expect(texts(findings).filter((text) => text.includes("deployed"))).toEqual([
      expect.stringMatching(/^v1\.5\.0 deployed to production .*was v1\.4\.2/),
    ]);
  });

  it("does not take a failed deployment for one that replaced something", async () => {
    const { findings } = await observe([aDeployment({ state: "failed" }), OLDER]);
    expect(findings[0]?.detail).toMatchObject({ of: "deployment", previousRef: null });
    expect(texts(findings)).toEqual(["v1.5.0 failed to deploy to production 2 min before the onset by octocat"]);
  });

  it("suspects the deployment nearest before the onset, and keeps the others", async () => {
    const middle = aDeployment({ id: 7, ref: "v1.4.9", sha: "c".repeat(40), state: "was-live", deployedAt: fromOnset(-7200) });
    const { requests, findings } = await observe([aDeployment(), middle, OLDER]);
    expect(requests[1]).toBe("compare acme/shop ccc...bbb");
    expect(ofDetail(findings)).toEqual(["deployment", "deployment", "config", "commit"]);
    expect(findings[1]?.score).toBeLessThan(findings[0]?.score ?? 0);
  });

  it("is deployments alone when commits are not to be read", async () => {
    const { requests, findings } = await observe([aDeployment(), OLDER], false);
    expect([requests.length, ofDetail(findings)]).toEqual([1, ["deployment"]]);
  });

  it("keeps the deployments when they cannot be compared", async () => {
    const source = createGithubSource({
      deployments: { recent: () => Promise.resolve([aDeployment(), OLDER]) },
      changes: { compare: () => Promise.reject(new Error("404: no common ancestor")) },
    });
    const error: unknown = await source.observe(aRequest()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      findings: [{ detail: { of: "deployment" } }],
      message: expect.stringContaining("no common ancestor") as unknown,
    });
  });
});

describe("settings", () => {
  it.each([
    "config/pool.json",
    "deploy/values.yaml",
    "app/settings/db.rb",
    ".env.production",
    "src/application.properties",
    "nginx.conf",
    "etc/app.toml",
  ])("are in %s", (path) => {
    expect(isSettingsFile(path)).toBe(true);
  });
  it.each([
    "package.json",
    "web/package-lock.json",
    "tsconfig.build.json",
    ".github/workflows/ci.yml",
    "src/server.ts",
    "README.md",
    "tests/fixtures/a.json",
    "docs/api.yaml",
  ])("are not in %s", (path) => {
    expect(isSettingsFile(path)).toBe(false);
  });
});
