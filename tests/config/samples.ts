/** Configurations for the tests of this folder. */
import { generateKeyPairSync } from "node:crypto";
import type { TrustedFile } from "../../src/ports.js";

export function newKeyPair(): { public: string; private: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    public: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    private: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
  };
}

export const mindKey = newKeyPair();
export const handsKey = newKeyPair();

/** Everything that must be there, and nothing else. */
export const smallest = `version: 1
keys: {mind: [], hands: []}
services: {}
`;

/** The example of the documentation: every section, every kind of entry. */
export const whole = `version: 1
keys:
  mind: [{id: m1, public: "${mindKey.public}"}]
  hands: [{id: h1, public: "${handsKey.public}"}]
allow-public: false
trust-writers: false
services:
  checkout:
    repository: acme/shop
    environment: production-gate
    mode: act
    core: true
    owners: ["@acme/payments", "@octocat"]
    depends-on: [payments-db]
    signals:
      error-ratio: {source: prometheus, query: 'sum(rate(shop_requests_total{service="checkout"}[1m]))', unit: ratio}
      errors: {source: loki, query: '{service="checkout"} |= "ERROR"'}
    targets:
      release: {action: github.workflow, workflow: deploy.yml, ref: main, inputs: {service: checkout, version: "{after}"}, production: true, stateful: false}
sources:
  prometheus: {url: "http://prometheus:9090", token-env: PROMETHEUS_TOKEN, timeout: 10s}
  loki: {url: "http://loki:3100"}
  github: {deployments: true, commits: true}
  recordings: {path: recordings/checkout.json}
analyst: {kind: auto, triage-model: claude-haiku-5-5, model: claude-sonnet-5-5, base-url: null, budget: {usd: 0.50, input-tokens: 200000}}
diagnosis: {confidence: {P0: 0.7, P1: 0.7, P2: 0.7, P3: 0.7}, attempts: 3, windows: {logs: 30m, changes: 24h}}
gate: {kind: comment, approvers: {roles: [maintain, admin], users: [], teams: []}, quorum: {low: 1, medium: 1, high: 2}, answer-within: {P0: 15m, P1: 15m, P2: 2h, P3: 2h}, auto: null}
remediation: {max-steps: 5, breaker: {per: 1h, most: 3}, freeze: [{from: 2026-12-24T00:00:00Z, until: 2026-12-27T00:00:00+01:00, why: holidays}], query-step: 15s, soak: 2m, resume-within: 60m}
recovery-targets: {P0: 15m, P1: 60m, P2: 4h, P3: 24h}
pager: {channels: [{kind: github, mention: ["@acme/on-call"]}, {kind: webhook, url-env: PAGER_URL}]}
postmortem: {directory: postmortems, via: auto}
`;

export function asFile(text: string): TrustedFile {
  return { path: ".github/gatehouse.yml", text, sha: "5".repeat(40) };
}

/** The smallest configuration with one service, and these lines in it. */
export function withService(...lines: readonly string[]): string {
  const service = ["repository: acme/shop", "environment: production-gate", 'owners: ["@octocat"]'].filter(
    (line) => !lines.some((other) => other.startsWith(line.slice(0, line.indexOf(":") + 1))),
  );
  return `version: 1\nkeys: {mind: [], hands: []}\nservices:\n  checkout:\n${[...service, ...lines].map((line) => `    ${line}\n`).join("")}`;
}
