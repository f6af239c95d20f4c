import { describe, expect, it } from "vitest";
import { reviewOf, weighChanges } from "../../src/evidence/weigh-changes.js";
import { mechanismsOf } from "../../src/signals/change-rank/mechanisms.js";
import { isSettingsFile } from "../../src/evidence/sources/config-changes.js";
import { createGithubSource } from "../../src/evidence/sources/github.js";
import { PartialAnswerError } from "../../src/evidence/unavailable.js";
import { readForMatching } from "../../src/outside/match.js";
import type {
  Changes,
  Comparison,
  DeploymentRecord,
  Finding,
  History,
  ReleaseRecord,
  RepositoryHistory,
} from "../../src/ports.js";
import { aDeployment, aHistory, aRequest, BROUGHT, fromOnset, OLDER } from "./support/world.js";

interface Asked {
  readonly findings: readonly Finding[];
  readonly requests: readonly string[];
}

interface Told {
  readonly withChanges?: boolean;
  readonly commitDiffs?: boolean;
  readonly comparison?: Comparison;
  readonly history?: Partial<RepositoryHistory>;
}

async function observe(records: readonly DeploymentRecord[], told: Told = {}): Promise<Asked> {
  const { withChanges = true, commitDiffs = false, comparison = BROUGHT, history: known } = told;
  const requests: string[] = [];
  const changes: Changes = {
    compare: (repository, base, head) => {
      requests.push(`compare ${repository} ${base.slice(0, 3)}...${head.slice(0, 3)}`);
      return Promise.resolve(comparison);
    },
    filesOf: (repository, commit) => {
      requests.push(`files ${repository} ${commit.slice(0, 3)}`);
      const file = commit.startsWith("b") ? 1 : 0;
      return Promise.resolve(comparison.files.slice(file, file + 1));
    },
  };
  const history: History = {
    since: (repository, question) => {
      requests.push(`deployments ${repository}`);
      return aHistory(records, known).since(repository, question);
    },
  };
  const findings = await createGithubSource({ history, changes: withChanges ? changes : null, commitDiffs }).observe(aRequest());
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

  it("is compared first when nearest before the onset; of the others settings and commits of known lines are told", async () => {
    const middle = aDeployment({ id: 7, ref: "v1.4.9", sha: "c".repeat(40), state: "was-live", deployedAt: fromOnset(-7200) });
    const { requests, findings } = await observe([aDeployment(), middle, OLDER]);
    expect(requests.slice(1)).toEqual(["compare acme/shop ccc...bbb", "compare acme/shop aaa...ccc"]);
    expect(ofDetail(findings)).toEqual(["deployment", "deployment", "config", "commit", "config", "commit"]);
    expect(findings[1]?.score).toBeLessThan(findings[0]?.score ?? 0);
  });

  it("is compared for three of many at most", async () => {
    const many = Array.from({ length: 7 }, (_, n) =>
      aDeployment({ id: n, sha: `${n}`.repeat(40), state: "was-live", deployedAt: fromOnset(-600 * (n + 1)) }),
    );
    const { requests } = await observe(many);
    expect(requests.filter((each) => each.startsWith("compare"))).toHaveLength(3);
  });

  it("is deployments alone when commits are not to be read", async () => {
    const { requests, findings } = await observe([aDeployment(), OLDER], { withChanges: false });
    expect([requests.length, ofDetail(findings)]).toEqual([1, ["deployment"]]);
  });

  it("keeps the deployments when they cannot be compared", async () => {
    const source = createGithubSource({
      history: aHistory([aDeployment(), OLDER]),
      changes: {
        compare: () => Promise.reject(new Error("404: no common ancestor")),
        filesOf: () => Promise.reject(new Error("It is not asked.")),
      },
    });
    const error: unknown = await source.observe(aRequest()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      findings: [{ detail: { of: "deployment" } }],
      message: expect.stringContaining("no common ancestor") as unknown,
    });
  });
});

describe("the lines of what was brought", () => {
  const second = {
    sha: "c".repeat(40),
    message: "Name the owners",
    author: "jo",
    at: fromOnset(-3_000),
    url: "https://github.com/acme/shop/commit/ccccccc",
  };
  const two: Comparison = { ...BROUGHT, commits: [second, ...BROUGHT.commits] };
  const weighed = (findings: readonly Finding[]): string[] =>
    findings.flatMap(({ material }) => {
      const change = material?.change?.weighedAs;
      return change ? [`${change.of} ${change.files.join(" ")}`] : [];
    });

  it("are the commit's where there is only one", async () => {
    const { findings } = await observe([aDeployment(), OLDER]);
    expect(weighed(findings)).toEqual(["commit package.json config/pool.json service/server.mjs"]);
  });

  it("are the deployment's and its settings' where commits are not told apart", async () => {
    const { findings, requests } = await observe([aDeployment(), OLDER], { comparison: two });
    expect(weighed(findings)).toEqual(["deployment package.json service/server.mjs", "config config/pool.json"]);
    expect(findings[1]?.material?.change?.weighedAs?.diff).toContain('+  "size": 4');
    expect(requests).toHaveLength(2);
  });

  it("are each commit's own where the config asks for them", async () => {
    const { findings, requests } = await observe([aDeployment(), OLDER], { comparison: two, commitDiffs: true });
    expect(weighed(findings)).toEqual(["commit package.json", "commit config/pool.json"]);
    expect(requests.slice(2)).toEqual(["files acme/shop ccc", "files acme/shop bbb"]);
  });

  it("are not read one by one where there are too many", async () => {
    const many = { ...BROUGHT, commits: Array.from({ length: 9 }, () => second) };
    expect((await observe([aDeployment(), OLDER], { comparison: many, commitDiffs: true })).requests).toHaveLength(2);
  });

  it("keep their secrets to themselves when something is said of them", async () => {
    const files = [
      { path: "app/login.yaml", patch: '@@ -1 +1 @@\n-password: "old-hunter"\n+password: "hunter2-secret"\n+pool_size: 4' },
    ];
    const { findings } = await observe([aDeployment(), OLDER], { comparison: { ...BROUGHT, files } });
    const { service, alerts, onset } = aRequest();
    const ranking = weighChanges({ service, alerts, onset, findings });
    const review = reviewOf(ranking, new Map(findings.map((finding) => [finding, "E1"])));
    expect(findings.at(-1)?.material?.change?.weighedAs?.diff).toContain("hunter2-secret");
    expect(JSON.stringify([review, ranking.verdict, ranking.ranked.map((each) => [each.for, each.against])])).not.toContain(
      "hunter",
    );
    expect(mechanismsOf(files[0]?.patch ?? "", ["app/login.yaml"]).map(({ what }) => what)).toEqual(["changes password"]);
    expect(JSON.stringify(findings.map(({ summary }) => summary))).not.toContain("hunter");
  });

  it("go out with no service when the deployment failed", async () => {
    const { findings } = await observe([aDeployment({ state: "failed" }), OLDER]);
    expect(findings[0]?.material?.change?.weighedAs?.rollouts).toEqual([]);
  });

  it("are said to be more than GitHub lists", async () => {
    const { findings } = await observe([aDeployment(), OLDER], { comparison: { ...BROUGHT, isCut: true } });
    expect(texts(findings)[0]).toContain("at least 1 commit in 3 files");
  });
});

describe("releases and checks", () => {
  const release = (tag: string, overrides: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
    tag,
    sha: tag === "v2.0.0" ? "e".repeat(40) : "d".repeat(40),
    name: "Faster carts",
    publishedAt: fromOnset(tag === "v2.0.0" ? -300 : -90_000),
    isPrerelease: false,
    by: "octocat",
    url: `https://github.com/acme/shop/releases/tag/${tag}`,
    ...overrides,
  });

  it("compares two releases where nothing was deployed", async () => {
    const { findings, requests } = await observe([], { history: { releases: [release("v2.0.0"), release("v1.9.0")] } });
    expect(requests).toEqual(["deployments acme/shop", "compare acme/shop ddd...eee"]);
    expect(texts(findings)[0]).toBe(
      "v2.0.0 published as a release 5 min before the onset (was v1.9.0), 1 commit in 3 files by octocat: Faster carts",
    );
    expect(findings[0]?.detail).toMatchObject({ of: "release", previousRef: { outside: "v1.9.0" } });
  });

  it.each([
    { name: "of a tag that was deployed", released: release("v1.5.0") },
    { name: "of a commit that was deployed", released: release("one-five", { sha: "b".repeat(40) }) },
    { name: "whose tag is gone", released: release("v2.0.0", { sha: null }) },
  ])("says nothing of a release $name", async ({ released }) => {
    const { findings } = await observe([aDeployment(), OLDER], { history: { releases: [released] } });
    expect(ofDetail(findings)).not.toContain("release");
  });

  const failing = {
    ...aDeployment(),
    failedChecks: [
      { name: "build", outcome: "failure" },
      { name: "lint ghp_" + "a1B2".repeat(9), outcome: "timed out" },
    ],
  };

  it("says that checks of what went out had failed, and hides secrets in their names", async () => {
    const { findings } = await observe([], { history: { deployments: [failing] } });
    expect(texts(findings)).toContainEqual(
      expect.stringMatching(
        /^checks failed on bbbbbbb, which v1\.5\.0 brought 2 min before the onset: build \(failure\), lint \[redacted/,
      ),
    );
  });

  it("says what GitHub withheld, and keeps the rest", async () => {
    const error: unknown = await observe([aDeployment(), OLDER], { history: { withheld: ["checks"] } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ message: expect.stringContaining("sources.github.checks: false") as unknown });
    expect((error as PartialAnswerError).findings).toHaveLength(3);
  });

  it("says how many it does not show", async () => {
    const many = Array.from({ length: 12 }, (_, id) => aDeployment({ id, deployedAt: fromOnset(-60 * id) }));
    const { findings } = await observe(many, { history: { isCut: true } });
    expect(texts(findings)).toContain("at least 12 deployments and releases in this window, 8 of them shown");
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
