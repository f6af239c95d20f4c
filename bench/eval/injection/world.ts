/** A small made-up shop: what its monitor, its logs and GitHub say in a scene, in their own wire formats. */
import { parseConfig } from "../../../src/config/parse.js";
import { redact } from "../../../src/outside/redact.js";
import type {
  Changes,
  Comparison,
  DeploymentRecord,
  Deployments,
  Finding,
  History,
  OpenIncident,
  ReleaseRecord,
  Source,
} from "../../../src/ports.js";
import type { World } from "./pipeline.js";
import { createGithubSource } from "../../../src/evidence/sources/github.js";
import { createAlertmanagerSource } from "../../../src/evidence/sources/alertmanager.js";
import { createJaegerSource } from "../../../src/evidence/sources/traces/jaeger.js";
import { createLokiSource } from "../../../src/evidence/sources/loki.js";
import { createOpenIncidentsSource } from "../../../src/evidence/sources/open-incidents.js";
import { createPrometheusSource } from "../../../src/evidence/sources/prometheus.js";
import { answerAlerts, answerTraces, clusterSource, type ShownSource } from "./further-sources.js";
import { ONSET, type Scene, type Texts } from "./scenes.js";

const CONFIG = `version: 1
keys: {mind: [], hands: []}
services:
  checkout:
    repository: acme/shop
    environment: production-gate
    mode: act
    core: true
    owners: ["@acme/payments"]
    depends-on: [payments-db]
    kubernetes: {namespace: shop}
    signals:
      error-ratio: {source: prometheus, query: error_ratio, unit: ratio}
      pool-waiting: {source: prometheus, query: pool_waiting}
      errors: {source: loki, query: '{service="checkout"}'}
    targets:
      release: {action: github.workflow, workflow: deploy.yml, ref: main, inputs: {service: checkout, version: "{after}"}}
  basket:
    repository: acme/basket
    environment: production-gate
    mode: observe
    owners: ["@acme/baskets"]
sources:
  prometheus: {url: "http://prometheus.invalid"}
  loki: {url: "http://loki.invalid"}
`;

/** @throws with the parser's own message when the config's format has changed */
export function openWorld(): World {
  const parsed = parseConfig({ path: "gatehouse.yml", text: CONFIG, sha: "0".repeat(40) });
  if (!parsed.ok) throw new Error(parsed.message);
  const service = parsed.config.services.get("checkout");
  if (service === undefined) throw new Error("The config has no service checkout.");
  return { config: parsed.config, service, found: new Map(), taken: new Map() };
}

/** What Alertmanager would send. */
export function payloadOf(scene: Scene, texts: Texts): unknown {
  const alert = {
    status: scene.firing ? "firing" : "resolved",
    labels: { alertname: texts.name, service: texts.service, severity: texts.severity, [texts.labelName]: texts.label },
    annotations: {
      summary: texts.summary,
      [texts.annotationName]: texts.description,
      ...(texts.runbookNote === null ? {} : { runbook_url: texts.runbookNote }),
    },
    startsAt: ONSET.toISOString(),
    fingerprint: "76a3e0ae99a65d7a",
  };
  return {
    version: 1,
    key: "k1",
    monitor: "alertmanager",
    received_at: ONSET.toISOString(),
    raw: { status: alert.status, alerts: [alert] },
  };
}

export function sourcesOf(scene: Scene, texts: Texts, deployments: Deployments): readonly ShownSource[] {
  const { log, newLog, commit, past, author, deployer, tag, path, instances, otherAlert, otherAnnotation } = texts;
  return [
    {
      source: createPrometheusSource({ url: "http://prometheus.invalid", stepMs: 15_000, fetch: answerMetrics(scene, texts) }),
      shows: instances,
    },
    { source: createLokiSource({ url: "http://loki.invalid", fetch: answerLogs(scene, texts) }), shows: [log, newLog] },
    {
      source: createGithubSource({ history: historyOf(deployments, texts), changes: changesOf(scene, texts) }),
      shows: [commit, author, deployer, tag, path, texts.patch, texts.release, texts.check],
    },
    {
      source: createJaegerSource({ url: "http://jaeger.invalid", fetch: answerTraces(scene, texts) }),
      shows: [texts.span, texts.spanMessage, texts.spanService],
    },
    {
      source: createAlertmanagerSource({ url: "http://alertmanager.invalid", fetch: answerAlerts(texts) }),
      shows: [otherAlert, otherAnnotation],
    },
    ...(scene.cluster ? [clusterSource(texts)] : []),
    {
      source: createOpenIncidentsSource({ others: [otherOpen(texts.otherIncident)], services: new Map() }),
      shows: [texts.otherIncident],
    },
    { source: fixedSource("postmortems", finding("postmortems", "past", `an earlier incident: ${past}`)), shows: [past] },
  ];
}

function answerMetrics({ errorRatio, poolWaiting }: Scene, { instances }: Texts): typeof fetch {
  return (input) => {
    if (errorRatio === null) return Promise.resolve(new Response("{}", { status: 503 }));
    const isRatio = addressOf(input).searchParams.get("query") === "error_ratio";
    const [usual, now] = isRatio ? [0.001, errorRatio] : [0, poolWaiting];
    const start = ONSET.getTime() / 1_000;
    const values = Array.from({ length: 132 }, (_, index) => [start + (index - 120) * 15, String(index < 120 ? usual : now)]);
    return Promise.resolve(
      Response.json({
        status: "success",
        data: { resultType: "matrix", result: instances.map((instance) => ({ metric: { instance }, values })) },
      }),
    );
  };
}

function answerLogs({ log }: Scene, { log: both, newLog }: Texts): typeof fetch {
  return (input) => {
    const end = Number(BigInt(addressOf(input).searchParams.get("end") ?? "0") / 1_000_000n);
    const isBefore = end <= ONSET.getTime();
    const from = isBefore ? ONSET.getTime() - 20 * 60_000 : ONSET.getTime();
    const kinds = [
      `WARN search without a result: ${both}`,
      "INFO request done",
      ...(isBefore || newLog === null ? [] : [`WARN voucher refused: ${newLog}`]),
      ...(isBefore || log === null ? [] : [log]),
    ];
    const values = kinds.flatMap((line) =>
      Array.from({ length: 6 }, (_, index) => [`${BigInt(from + index * 5_000) * 1_000_000n}`, line]),
    );
    return Promise.resolve(
      Response.json({ status: "success", data: { resultType: "streams", result: [{ stream: {}, values }] } }),
    );
  };
}

const LIVE = { sha: "b".repeat(40) };
const BEFORE = { ref: "v2.0.4", sha: "a".repeat(40) };

export function deploymentsOf({ deployed }: Scene, { tag, deployer }: Texts): Deployments {
  const minutesBefore = deployed === "none" ? 6_000 : 3;
  const live = { ...record(2, { ...LIVE, ref: tag }, "live", minutesBefore), by: deployer };
  const records = [live, record(1, BEFORE, "was-live", minutesBefore + 3_000)];
  return { recent: () => Promise.resolve(records) };
}

/** A release long ago: it is told, and too old to be the cause. */
function historyOf(deployments: Deployments, { release, check }: Texts): History {
  const released: ReleaseRecord = {
    tag: "v1.0.0",
    sha: "c".repeat(40),
    name: release,
    publishedAt: new Date(ONSET.getTime() - 20 * 3_600_000),
    isPrerelease: false,
    by: "octocat",
    url: "https://github.com/acme/shop/releases/tag/v1.0.0",
  };
  const failedChecks = [{ name: check, outcome: "failure" }];
  return {
    since: async (repository) => {
      const records = await deployments.recent(repository);
      return {
        deployments: records.map((each) => ({ ...each, failedChecks })),
        releases: [released],
        isCut: false,
        withheld: [],
      };
    },
  };
}

function otherOpen(title: string): OpenIncident {
  const openedAt = new Date(ONSET.getTime() - 3_600_000);
  return { number: 41, title: `P3 payments-db: ${title}`, openedAt, url: "https://github.com/acme/shop/issues/41" };
}

function record(
  id: number,
  { ref, sha }: typeof BEFORE,
  state: DeploymentRecord["state"],
  minutesBefore: number,
): DeploymentRecord {
  const createdAt = new Date(ONSET.getTime() - minutesBefore * 60_000);
  return { id, ref, sha, environment: "production", state, at: createdAt, createdAt, by: "octocat", url: null };
}

function changesOf({ deployed }: Scene, { commit, author, path, patch }: Texts): Changes {
  const settings = { path: "config/pool.json", patch: `@@ -1 +1,2 @@\n-{"size": 50}\n+{"size": 4}\n+${patch}` };
  const comparison: Comparison = {
    commits: [
      {
        sha: LIVE.sha,
        message: commit,
        author,
        at: new Date(ONSET.getTime() - 3_600_000),
        url: "https://github.com/acme/shop/commit/bbbbbbb",
      },
    ],
    files: [{ path, patch: null }, ...(deployed === "settings" ? [settings] : [])],
    url: "https://github.com/acme/shop/compare/v2.0.4...v2.1.0",
    isCut: false,
  };
  return { compare: () => Promise.resolve(comparison), filesOf: () => Promise.resolve(comparison.files) };
}

function fixedSource(name: string, found: Finding): Source {
  return { name, observe: () => Promise.resolve([found]) };
}

function finding(source: string, kind: "past", text: string): Finding {
  const at = new Date(ONSET.getTime() + 10_000);
  return { source, subject: "checkout", at, summary: redact(text, 200), detail: { kind }, score: 0.4, query: null, link: null };
}

function addressOf(input: Parameters<typeof fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}
