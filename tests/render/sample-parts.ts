/** What the sample incidents are made of: config, alert, evidence, diagnosis and plan. */
import type { Config, Service } from "../../src/config/config.js";
import type { Alert, Coverage, Diagnosis, Evidence, Observation } from "../../src/incident/facts.js";
import type { Plan, PlanStep } from "../../src/plan/plan.js";

export const REPOSITORY_URL = "https://github.com/acme/incidents";
export const PLAN_URL = `${REPOSITORY_URL}/issues/42#issuecomment-2002`;

/** A moment of the sample's morning: "03:12:10". */
export function at(clock: string, date = "2026-06-03"): Date {
  return new Date(`${date}T${clock}.000Z`);
}

export function outside(text: string): { outside: string } {
  return { outside: text };
}

export const service: Service = {
  name: "checkout",
  repository: "acme/shop",
  environment: "production-gate",
  mode: "act",
  core: true,
  owners: ["@acme/payments", "@octocat"],
  dependsOn: ["payments-db"],
  signals: new Map(
    [
      { name: "error-ratio", source: "prometheus", query: "…", unit: "ratio" },
      { name: "pool-waiting", source: "prometheus", query: "…", unit: null },
      { name: "errors", source: "loki", query: "…", unit: null },
    ].map((query) => [query.name, query]),
  ),
  kubernetes: null,
  traceService: null,
  targets: new Map([
    [
      "release",
      { name: "release", action: "github.workflow", production: true, stateful: false, address: { workflow: "deploy.yml" } },
    ],
  ]),
};

export const MINUTE = 60_000;
export const config: Config = {
  path: ".github/gatehouse.yml",
  sha: "5f2c9d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d",
  keys: { mind: [], hands: [] },
  allowPublic: false,
  trustWriters: false,
  services: new Map([[service.name, service]]),
  sources: {
    prometheus: null,
    loki: null,
    elasticsearch: null,
    cloudwatch: null,
    datadog: null,
    jaeger: null,
    tempo: null,
    alertmanager: null,
    github: null,
    kubernetes: null,
    postmortems: false,
    recordings: null,
  },
  analyst: {
    kind: "runbooks",
    triageModel: "",
    model: "",
    baseUrl: null,
    budget: { usd: 0.5, inputTokens: 200_000 },
    prices: {},
  },
  diagnosis: {
    confidence: { P0: 0.7, P1: 0.7, P2: 0.7, P3: 0.7 },
    attempts: 3,
    windows: { logsMs: 30 * MINUTE, changesMs: 1440 * MINUTE },
  },
  gate: {
    kind: "comment",
    approvers: { roles: ["maintain", "admin"], users: [], teams: [] },
    quorum: { low: 1, medium: 1, high: 2 },
    answerWithinMs: { P0: 15 * MINUTE, P1: 15 * MINUTE, P2: 120 * MINUTE, P3: 120 * MINUTE },
  },
  remediation: {
    maxSteps: 5,
    breaker: { perMs: 60 * MINUTE, most: 3 },
    freeze: [],
    queryStepMs: 15_000,
    soakMs: 2 * MINUTE,
    resumeWithinMs: 60 * MINUTE,
  },
  recoveryTargetsMs: { P0: 15 * MINUTE, P1: 60 * MINUTE, P2: 240 * MINUTE, P3: 1440 * MINUTE },
  pager: { channels: [{ kind: "github", mention: ["@acme/on-call"] }] },
  postmortem: { directory: "postmortems", via: "auto" },
};

export const alert: Alert = {
  monitor: "alertmanager",
  id: "0a1b2c3d4e5f6071",
  fingerprint: "0a1b2c3d4e5f6071",
  name: outside("CheckoutErrorRateHigh"),
  service: "checkout",
  severity: "P1",
  state: "firing",
  startedAt: at("03:12:10"),
  endedAt: null,
  summary: outside("Checkout error rate is 37%"),
  labels: { alertname: outside("CheckoutErrorRateHigh"), severity: outside("critical") },
  annotations: {},
  links: ["http://prometheus.example:9090/graph?g0.expr=shop_error_rate&g0.tab=1"],
  value: 0.37,
  threshold: 0.05,
};

type Seen = Omit<Observation, "subject" | "score"> & { score?: number };
function observe({ score = 0.8, ...seen }: Seen): Observation {
  return { subject: "checkout", score, ...seen };
}

export const observations: Observation[] = [
  observe({
    id: "E1",
    source: "prometheus",
    at: at("03:12:10"),
    summary: outside("error-ratio rose from 0.3 % to 37 %"),
    detail: {
      kind: "metric",
      signal: "error-ratio",
      unit: "ratio",
      before: 0.003,
      now: 0.37,
      direction: "rose",
      onsetAt: at("03:12:10"),
    },
    query: "error-ratio",
    link: "http://prometheus.example:9090/graph?g0.expr=shop_error_rate&g0.tab=1",
  }),
  observe({
    id: "E2",
    source: "loki",
    at: at("03:12:12"),
    summary: outside(
      "new since the onset, 2,871× from 03:12:06 UTC: timeout: no free connection in pool (size=4) @everyone <img src=x>",
    ),
    detail: {
      kind: "log",
      signal: "errors",
      template: outside("timeout: no free connection in pool (size=<*>)"),
      count: 2871,
      newSinceOnset: true,
      firstAt: at("03:12:12"),
      lastAt: at("03:15:18"),
    },
    query: "errors",
    link: "https://grafana.example/explore?left=(a)",
  }),
  observe({
    id: "E3",
    source: "github",
    at: at("03:10:02"),
    summary: outside("v142 deployed, 2 min before the onset"),
    detail: {
      kind: "change",
      of: "deployment",
      ref: outside("v142"),
      previousRef: outside("v141"),
      files: [outside("config/pool.yaml")],
    },
    query: null,
    link: "https://github.com/acme/shop/compare/v141...v142",
  }),
  observe({
    id: "E4",
    source: "prometheus",
    at: at("03:13:00"),
    summary: outside("pool-waiting rose from 0 to 38"),
    detail: {
      kind: "metric",
      signal: "pool-waiting",
      unit: null,
      before: 0,
      now: 38,
      direction: "rose",
      onsetAt: at("03:13:00"),
    },
    query: "pool-waiting",
    link: null,
  }),
];

export const coverage: Coverage[] = [
  { source: "prometheus", answer: "ok" },
  { source: "github", answer: "ok" },
  { source: "loki", answer: "ok" },
  { source: "recordings", answer: "not-configured" },
  { source: "tempo", answer: "unavailable", why: outside("no answer within 10 s") },
];

export const evidence: Evidence = {
  attempt: 1,
  onset: at("03:12:10"),
  logsMinutes: 30,
  changesMinutes: 1440,
  observations,
  dropped: 0,
  coverage,
  review: {
    verdict: "change",
    ids: ["E3"],
    why: outside("lowers size 50 → 4"),
    weighed: [{ id: "E3", says: outside("for: lowers size 50 → 4; went out with checkout, which shows the trouble") }],
  },
};

export const diagnosis: Extract<Diagnosis, { kind: "cause" }> = {
  kind: "cause",
  hypotheses: [
    {
      runbook: "connection-pool-exhausted",
      cause: outside("checkout has more work than database connections: v142, live since 03:10, came with a smaller pool"),
      for: ["E2", "E3", "E4"],
      against: [],
      likelihood: 0.86,
      tellApart: null,
    },
    {
      runbook: "bad-deploy",
      cause: outside("v142 is faulty in another way"),
      for: ["E3"],
      against: ["E4"],
      likelihood: 0.09,
      tellApart: outside("whether errors other than pool timeouts are new"),
    },
  ],
  confidence: { claimed: 0.91, caps: [{ reason: "tempo did not answer", to: 0.86 }], value: 0.86 },
  openQuestions: [outside("Did traffic change at 03:10?")],
};

export const rollback: PlanStep = {
  number: 1,
  action: "github.workflow",
  actionVersion: 1,
  service: "checkout",
  target: "release",
  address: {
    workflow: "deploy.yml",
    ref: "main",
    inputs: { service: "checkout", version: "{after}" },
    deploymentEnvironment: null,
  },
  resolved: { repository: "acme/shop", workflow: "deploy.yml", ref: "main", inputs: { service: "checkout", version: "v141" } },
  before: "v142",
  after: "v141",
  undo: "to-before",
  onUnchanged: "keep",
  risk: "low",
  when: "always",
  limitMs: 10 * MINUTE,
  says: "deploy v141 of checkout again (live now: v142) with deploy.yml",
  undoSays: "deploy v142 again",
};

export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    repositoryId: 1001,
    incident: 42,
    attempt: 1,
    sequence: 1,
    service: "checkout",
    environment: "production-gate",
    cause: "checkout has more work than database connections: v142, live since 03:10, came with a smaller pool",
    runbook: { id: "connection-pool-exhausted", sha: "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334" },
    steps: [rollback],
    risk: "low",
    reversible: true,
    touchesProduction: true,
    carriedOutBy: "hands",
    quorum: 1,
    verify: {
      criteria: [
        { kind: "signal", service: "checkout", signal: "error-ratio", holds: "below", bound: 0.05, unit: "ratio" },
        { kind: "signal", service: "checkout", signal: "pool-waiting", holds: "below", bound: 1, unit: null },
        { kind: "alert-not-firing" },
      ],
      soakMs: 2 * MINUTE,
      stepMs: 15_000,
    },
    configSha: config.sha,
    createdAt: at("03:16:20"),
    expiresAt: at("03:31:20"),
    ...changes,
  };
}

export const manualTask: Partial<Plan> = {
  carriedOutBy: "people",
  risk: "medium",
  reversible: false,
  steps: [
    {
      ...rollback,
      action: "manual",
      target: "people",
      address: {},
      resolved: {},
      before: null,
      after: "raise the pool or find who holds connections",
      undo: "none",
      risk: "medium",
      says: "raise the pool or find who holds connections",
      undoSays: null,
      limitMs: MINUTE,
    },
  ],
};
