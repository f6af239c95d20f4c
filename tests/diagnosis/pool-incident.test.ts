import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capConfidence } from "../../src/diagnosis/confidence.js";
import { createRunbookAnalyst } from "../../src/diagnosis/runbook/analyst.js";
import { gatherEvidence, type GatherRequest } from "../../src/evidence/gather.js";
import { createGithubSource } from "../../src/evidence/sources/github.js";
import { createLokiSource } from "../../src/evidence/sources/loki.js";
import { createPrometheusSource } from "../../src/evidence/sources/prometheus.js";
import { Evidence, MindFact } from "../../src/incident/facts.js";
import { readForMatching } from "../../src/outside/match.js";
import type { DiagnosisInput, Source } from "../../src/ports.js";
import { json, serve, type LocalServer } from "../evidence/support/server.js";
import {
  aDeployment,
  aHistory,
  anAlert,
  aService,
  BROUGHT,
  fromOnset,
  matrix,
  NOW,
  OLDER,
  ONSET,
  repeat,
  streams,
} from "../evidence/support/world.js";

import { shippedRunbooks } from "./support/shipped.js";

const analyst = createRunbookAnalyst(shippedRunbooks());
const clock = { sleep: () => Promise.resolve() };
const request: GatherRequest = {
  service: aService(),
  alerts: [anAlert()],
  onset: ONSET,
  attempt: 1,
  now: NOW,
  windows: { logsMs: 30 * 60_000, changesMs: 24 * 3_600_000 },
};

let monitor: LocalServer;
let down: LocalServer;
beforeAll(async () => {
  monitor = await serve(({ path, params }, response) => {
    if (path === "/loki/api/v1/query_range") {
      const isBefore = BigInt(params.get("end") ?? 0) <= BigInt(fromOnset(-300).getTime()) * 1_000_000n;
      const lines = repeat(
        400,
        (index) =>
          [fromOnset(-5 + index / 10), `ERROR timeout: no free connection in pool (size=4, waiting=${index % 60})`] as const,
      );
      return json(response, streams(isBefore ? [] : lines));
    }
    const values = params.get("query") === "shop_pool_waiting" ? [0, 38] : [0, 0.61];
    json(response, matrix(-12, [...repeat(8, () => values[0] ?? 0), ...repeat(60, () => values[1] ?? 0)]));
  });
  down = await serve((_request, response) => json(response, {}, 503));
});
afterAll(async () => {
  await Promise.all([monitor.close(), down.close()]);
});

const github = createGithubSource({
  history: aHistory([aDeployment({ deployedAt: fromOnset(-25) }), OLDER]),
  changes: { compare: () => Promise.resolve(BROUGHT), filesOf: () => Promise.reject(new Error("It is not asked.")) },
});

function toInput(evidence: Evidence, overrides: Partial<DiagnosisInput> = {}): DiagnosisInput {
  const { observations, coverage, review } = evidence;
  return {
    service: request.service,
    alerts: [anAlert()],
    attempt: 1,
    onset: ONSET,
    observations,
    coverage,
    review,
    hints: [],
    failed: [],
    leftOpen: [],
    ...overrides,
  };
}

describe("a release that shrank the connection pool", () => {
  const sources = (url: string): Source[] => [createPrometheusSource({ url, stepMs: 1000 }), createLokiSource({ url }), github];

  it("is found with confidence of at least 0.8, from a few seconds of healthy data", async () => {
    const evidence = await gatherEvidence(request, sources(monitor.url), clock);
    expect(evidence.coverage.map(({ source, answer }) => `${source} ${answer}`)).toEqual([
      "prometheus ok",
      "loki ok",
      "github ok",
    ]);
    const diagnosis = capConfidence(await analyst.diagnose(toInput(evidence)), evidence);
    expect(diagnosis).toMatchObject({
      kind: "cause",
      hypotheses: [{ runbook: "connection-pool-exhausted" }, { runbook: "bad-deploy" }],
    });
    if (diagnosis.kind !== "cause") return;
    expect(diagnosis.confidence.value).toBeGreaterThanOrEqual(0.8);
    expect(readForMatching(diagnosis.hypotheses[0]?.cause ?? { outside: "" })).toMatchInlineSnapshot(
      `"checkout has more work than database connections: v1.5.0 went out 25 s before the onset and changed config/pool.json (size: 50 → 4); logs say "ERROR timeout: no free connection in pool (size=…, waiting=…)""`,
    );
    expect(Evidence.safeParse(JSON.parse(JSON.stringify(evidence))).success).toBe(true);

    expect(await analyst.propose({ ...toInput(evidence), diagnosis })).toMatchObject({
      choices: [{ action: "github.workflow", target: "release", params: { to: "previous" } }],
      verify: [{ signal: "error-ratio", below: 0.05 }, { signal: "pool-waiting", below: 1 }, { alert: "not-firing" }],
      runbook: { id: "connection-pool-exhausted", sha: "c".repeat(40) },
    });
  });

  it("blames the earlier release whose lines fit, not the later one that only says more", async () => {
    const later = aDeployment({ id: 3, ref: "v1.5.1", sha: "f".repeat(40), deployedAt: fromOnset(-60) });
    const guilty = aDeployment({ state: "was-live", deployedAt: fromOnset(-1_200) });
    const commit = {
      sha: later.sha,
      message: "Pool: log every connection",
      author: "mina",
      at: fromOnset(-300),
      url: "https://github.com/acme/shop/commit/fffffff",
    };
    const files = [
      { path: "service/pool.mjs", patch: '@@ -9 +9,2 @@\n+  console.log("connection taken from pool", pool.size);' },
    ];
    const source = createGithubSource({
      history: aHistory([later, guilty, OLDER]),
      changes: {
        compare: (_repository, base) => Promise.resolve(base === OLDER.sha ? BROUGHT : { ...BROUGHT, commits: [commit], files }),
        filesOf: () => Promise.reject(new Error("It is not asked.")),
      },
    });
    const evidence = await gatherEvidence(request, [...sources(monitor.url).slice(0, 2), source], clock);
    const blamed = evidence.review.ids.flatMap((id) => evidence.observations.filter((seen) => seen.id === id));
    expect(blamed.map(({ summary }) => readForMatching(summary).split(" by ")[0])).toEqual([
      "v1.5.0 brought bbbbbbb: Trim idle database connections (Jonas Weber)",
      "v1.5.0 deployed to production 20 min before the onset (was v1.4.2), 1 commit in 3 files",
      'v1.5.0 changed config/pool.json: -"size": 50, +"size": 4,',
    ]);
    expect(readForMatching(evidence.review.weighed[0]?.says ?? { outside: "" })).toContain("lowers capacity: size 50 → 4");
    const diagnosis = await analyst.diagnose(toInput(evidence));
    if (diagnosis.kind !== "cause") throw new Error(`It says ${diagnosis.kind}.`);
    expect(readForMatching(diagnosis.hypotheses[0]?.cause ?? { outside: "" })).toContain(
      "v1.5.0 went out 20 min before the onset",
    );
    const recorded = MindFact.parse(JSON.parse(JSON.stringify({ fact: "evidence", at: NOW, evidence })));
    if (recorded.fact !== "evidence") throw new Error("It is evidence.");
    expect(await analyst.diagnose(toInput(recorded.evidence))).toEqual(diagnosis);
  });

  it("stays unknown when no source answers", async () => {
    const silent: Source = { name: "github", observe: () => Promise.reject(new Error("GitHub is down")) };
    const evidence = await gatherEvidence(request, [...sources(down.url).slice(0, 2), silent], clock);
    expect(evidence.coverage.map(({ answer }) => answer)).toEqual(["unavailable", "unavailable", "unavailable"]);
    expect(await analyst.diagnose(toInput(evidence))).toMatchObject({
      kind: "unknown",
      why: "no source answered, so there is nothing to reason from",
    });
  });
});
