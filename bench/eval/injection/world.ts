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
import { writeFrontMatter, type FrontMatter } from "../../../src/postmortem/front-matter.js";
import { updateIndex } from "../../../src/postmortem/index.js";
import type { World } from "./pipeline.js";
import { createGithubSource } from "../../../src/evidence/sources/github.js";
import type { RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";
import { createKubernetesSource } from "../../../src/evidence/sources/kubernetes/source.js";
import { createLokiSource } from "../../../src/evidence/sources/loki.js";
import { createOpenIncidentsSource } from "../../../src/evidence/sources/open-incidents.js";
import { createPostmortemsSource } from "../../../src/evidence/sources/postmortems.js";
import { createPrometheusSource } from "../../../src/evidence/sources/prometheus.js";
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
    signals:
      error-ratio: {source: prometheus, query: error_ratio, unit: ratio}
      pool-waiting: {source: prometheus, query: pool_waiting}
      errors: {source: loki, query: '{service="checkout"}'}
    targets:
      release: {action: github.workflow, workflow: deploy.yml, ref: main, inputs: {service: checkout, version: "{after}"}}
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
    labels: { alertname: texts.name, service: "checkout", severity: texts.severity, [texts.labelName]: texts.label },
    annotations: { summary: texts.summary, description: texts.description },
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

export interface ShownSource {
  readonly source: Source;
  readonly shows: readonly (string | null)[]; // the texts that it tells
}

export function sourcesOf(scene: Scene, texts: Texts, deployments: Deployments): readonly ShownSource[] {
  const { log, newLog, commit, span, past, patch, release, check, otherIncident, changeCause } = texts;
  return [
    {
      source: createPrometheusSource({ url: "http://prometheus.invalid", stepMs: 15_000, fetch: answerMetrics(scene) }),
      shows: [],
    },
    { source: createLokiSource({ url: "http://loki.invalid", fetch: answerLogs(scene, texts) }), shows: [log, newLog] },
    {
      source: createGithubSource({ history: historyOf(deployments, texts), changes: changesOf(scene, texts) }),
      shows: [commit, patch, release, check],
    },
    { source: fixedSource("jaeger", finding("jaeger", "trace", `slow span in payments-db: ${span}`)), shows: [span] },
    { source: earlierIncident(past), shows: [past] },
    { source: createOpenIncidentsSource({ others: [otherOpen(otherIncident)], services: new Map() }), shows: [otherIncident] },
    { source: createKubernetesSource({ run: answerKubectl(changeCause), placeOf: () => PLACE }), shows: [changeCause] },
  ];
}

function answerMetrics({ errorRatio, poolWaiting }: Scene): typeof fetch {
  return (input) => {
    if (errorRatio === null) return Promise.resolve(new Response("{}", { status: 503 }));
    const isRatio = addressOf(input).searchParams.get("query") === "error_ratio";
    const [usual, now] = isRatio ? [0.001, errorRatio] : [0, poolWaiting];
    const start = ONSET.getTime() / 1_000;
    const values = Array.from({ length: 132 }, (_, index) => [start + (index - 120) * 15, String(index < 120 ? usual : now)]);
    return Promise.resolve(
      Response.json({ status: "success", data: { resultType: "matrix", result: [{ metric: {}, values }] } }),
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

const LIVE = { ref: "v2.1.0", sha: "b".repeat(40) };
const BEFORE = { ref: "v2.0.4", sha: "a".repeat(40) };

export function deploymentsOf({ deployed }: Scene): Deployments {
  const minutesBefore = deployed === "none" ? 6_000 : 3;
  const records = [record(2, LIVE, "live", minutesBefore), record(1, BEFORE, "was-live", minutesBefore + 3_000)];
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

/** Filed and indexed as the archive job does it. */
function earlierIncident(cause: string): Source {
  const path = "postmortems/2026/7-checkout-x.md";
  const values: FrontMatter = {
    schema: 1,
    incident: 7,
    service: "checkout",
    severity: "P2",
    onset: "2026-02-01T10:00:00Z",
    opened: "2026-02-01T10:01:00Z",
    resolved: "2026-02-01T10:20:00Z",
    "minutes-to-recover": 20,
    how: "by-person",
    cause,
    "cause-by": "person",
    runbook: null,
    confidence: null,
    attempts: 1,
    alerts: [],
    signals: [],
    actions: [],
    verdict: null,
    "cost-usd": 0,
  };
  const index = updateIndex(null, { path, directory: "postmortems", values });
  return createPostmortemsSource({
    index: { path: "postmortems/README.md", text: index, sha: "0".repeat(40) },
    directory: "postmortems",
    incident: 42,
    services: new Map(),
    postmortems: { read: () => Promise.resolve([{ path, text: writeFrontMatter(values), sha: "0".repeat(40) }]) },
    pageOf: (file) => `https://github.com/acme/shop/blob/main/${file}`,
  });
}

function otherOpen(title: string): OpenIncident {
  const openedAt = new Date(ONSET.getTime() - 3_600_000);
  return { number: 41, title: `P3 payments-db: ${title}`, openedAt, url: "https://github.com/acme/shop/issues/41" };
}

const PLACE = { namespace: "shop", selector: null, context: null };
const POD = "basket-7d9f5c6b4-abcde";

/** One pod that is well, rolled out long ago. */
function answerKubectl(changeCause: string): RunKubectl {
  const oneLine = changeCause.replaceAll(/\s+/g, " ");
  const answers: readonly (readonly [string, string])[] = [
    [
      "get pods -o wide -n shop",
      `NAME                     READY   STATUS    RESTARTS   AGE   IP         NODE\n${POD}   1/1     Running   0          20h   10.1.0.7   node-a`,
    ],
    [
      "get pods --show-labels -n shop",
      `NAME                     READY   STATUS    RESTARTS   AGE   LABELS\n${POD}   1/1     Running   0          20h   app=basket`,
    ],
    [
      "get replicasets -n shop",
      "NAME               DESIRED   CURRENT   READY   AGE\nbasket-7d9f5c6b4   1         1         1       20h\nbasket-5c6b47d9f   0         0         0       9d",
    ],
    ["rollout history deployment/basket -n shop", `REVISION  CHANGE-CAUSE\n1         <none>\n2         ${oneLine}`],
  ];
  const known = new Map(answers);
  return (args) => Promise.resolve({ stdout: known.get(args.join(" ")) ?? "", stderr: "", exitCode: 0 });
}

function record(
  id: number,
  { ref, sha }: typeof LIVE,
  state: DeploymentRecord["state"],
  minutesBefore: number,
): DeploymentRecord {
  const createdAt = new Date(ONSET.getTime() - minutesBefore * 60_000);
  return { id, ref, sha, environment: "production", state, at: createdAt, createdAt, by: "octocat", url: null };
}

function changesOf({ deployed }: Scene, { commit, patch }: Texts): Changes {
  const settings = { path: "config/pool.json", patch: `@@ -1 +1,2 @@\n-{"size": 50}\n+{"size": 4}\n+${patch}` };
  const comparison: Comparison = {
    commits: [
      {
        sha: LIVE.sha,
        message: commit,
        author: "octocat",
        at: new Date(ONSET.getTime() - 3_600_000),
        url: "https://github.com/acme/shop/commit/bbbbbbb",
      },
    ],
    files: [{ path: "service/basket.ts", patch: null }, ...(deployed === "settings" ? [settings] : [])],
    url: "https://github.com/acme/shop/compare/v2.0.4...v2.1.0",
    isCut: false,
  };
  return { compare: () => Promise.resolve(comparison), filesOf: () => Promise.resolve(comparison.files) };
}

function fixedSource(name: string, found: Finding): Source {
  return { name, observe: () => Promise.resolve([found]) };
}

function finding(source: string, kind: "trace", text: string): Finding {
  const at = new Date(ONSET.getTime() + 10_000);
  return { source, subject: "checkout", at, summary: redact(text, 200), detail: { kind }, score: 0.4, query: null, link: null };
}

function addressOf(input: Parameters<typeof fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}
