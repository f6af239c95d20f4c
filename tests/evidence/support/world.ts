/** The shop's service and small builders of what its sources say. Times count from the onset. */
import type { Service, SignalQuery } from "../../../src/config/config.js";
import type { Alert } from "../../../src/incident/facts.js";
import { redact } from "../../../src/outside/redact.js";
import type { Comparison, DeploymentRecord, History, RepositoryHistory, SourceRequest } from "../../../src/ports.js";

export const ONSET = new Date("2026-11-20T04:40:00.000Z");
export const NOW = new Date("2026-11-20T04:41:00.000Z");

export function fromOnset(seconds: number): Date {
  return new Date(ONSET.getTime() + seconds * 1000);
}

const signals: readonly SignalQuery[] = [
  { name: "error-ratio", source: "prometheus", query: "errors / requests", unit: "ratio" },
  { name: "pool-waiting", source: "prometheus", query: "shop_pool_waiting", unit: null },
  { name: "errors", source: "loki", query: '{service="checkout"} |= "ERROR"', unit: null },
];

export function aService(overrides: Partial<Service> = {}): Service {
  return {
    name: "checkout",
    repository: "acme/shop",
    environment: "production-gate",
    mode: "act",
    core: true,
    owners: ["@acme/payments"],
    dependsOn: ["payments-db"],
    signals: new Map(signals.map((signal) => [signal.name, signal])),
    kubernetes: null,
    traceService: null,
    targets: new Map([
      ["release", { name: "release", action: "github.workflow", production: true, stateful: false, address: {} }],
    ]),
    ...overrides,
  };
}

export function aRequest(overrides: Partial<SourceRequest> = {}): SourceRequest {
  return {
    service: aService(),
    alerts: [anAlert()],
    onset: ONSET,
    logs: { from: fromOnset(-1800), to: NOW },
    changes: { from: fromOnset(-86_400), to: NOW },
    signal: AbortSignal.timeout(5_000),
    ...overrides,
  };
}

export function anAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    monitor: "alertmanager",
    id: "76a3e0ae99a65d7a",
    fingerprint: "76a3e0ae99a65d7a",
    name: redact("CheckoutErrorRateHigh"),
    service: "checkout",
    severity: "P1",
    state: "firing",
    startedAt: ONSET,
    endedAt: null,
    summary: redact("Checkout error rate is 37%"),
    labels: { alertname: redact("CheckoutErrorRateHigh"), service: redact("checkout"), instance: redact("127.0.0.1:9191") },
    annotations: {},
    links: [],
    value: null,
    threshold: null,
    ...overrides,
  };
}

export function aDeployment(overrides: Partial<DeploymentRecord> & { readonly deployedAt?: Date } = {}): DeploymentRecord {
  const { deployedAt = fromOnset(-120), ...rest } = overrides;
  return {
    id: 1,
    ref: "v1.5.0",
    sha: "b".repeat(40),
    environment: "production",
    state: "live",
    at: new Date(deployedAt.getTime() + 20_000),
    createdAt: deployedAt,
    by: "octocat",
    url: "https://github.com/acme/shop/deployments/1",
    ...rest,
  };
}

export function aHistory(deployments: readonly DeploymentRecord[], overrides: Partial<RepositoryHistory> = {}): History {
  const checked = deployments.map((each) => ({ ...each, failedChecks: [] }));
  return { since: () => Promise.resolve({ deployments: checked, releases: [], isCut: false, withheld: [], ...overrides }) };
}

export const OLDER = aDeployment({
  id: 0,
  ref: "v1.4.2",
  sha: "a".repeat(40),
  state: "was-live",
  deployedAt: fromOnset(-2 * 86_400),
});

export const BROUGHT: Comparison = {
  commits: [
    {
      sha: "b".repeat(40),
      message: "Trim idle database connections\n\nlonger text",
      author: "Jonas Weber",
      at: fromOnset(-3600),
      url: "https://github.com/acme/shop/commit/bbbbbbb",
    },
  ],
  files: [
    { path: "package.json", patch: '@@ -1 +1 @@\n-  "version": "1.4.2"\n+  "version": "1.5.0"' },
    { path: "config/pool.json", patch: '@@ -1,4 +1,4 @@\n {\n-  "size": 50,\n+  "size": 4,\n   "acquireTimeoutMs": 250\n }' },
    { path: "service/server.mjs", patch: null },
  ],
  url: "https://github.com/acme/shop/compare/v1.4.2...v1.5.0",
  isCut: false,
};

/** What Prometheus answers to a range query: one series, a value for each second from `fromSeconds` on. */
export function matrix(fromSeconds: number, values: readonly (number | string)[], stepSeconds = 1): unknown {
  const start = ONSET.getTime() / 1000 + fromSeconds;
  const points = values.map((value, index) => [start + index * stepSeconds, String(value)]);
  return { status: "success", data: { resultType: "matrix", result: [{ metric: { service: "checkout" }, values: points }] } };
}

export function streams(lines: readonly (readonly [Date, string])[]): unknown {
  const values = lines.map(([at, line]) => [`${BigInt(at.getTime()) * 1_000_000n}`, line]);
  return { status: "success", data: { resultType: "streams", result: [{ stream: { service: "checkout" }, values }], stats: {} } };
}

export function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
