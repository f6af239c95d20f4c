import { shopQueries } from "./queries.js";

interface PublicKey {
  readonly id: string;
  readonly public: string; // base64 SPKI
}

export interface GatehouseConfigOptions {
  readonly mindKey: PublicKey;
  readonly handsKey: PublicKey;
  readonly urls: { readonly prometheus: string; readonly loki: string };
  readonly fast?: boolean;
}

/** `.github/gatehouse.yml` of the demo's repository, written to be read and copied. */
export function gatehouseConfig({ mindKey, handsKey, urls, fast = false }: GatehouseConfigOptions): string {
  const { errorRatio, poolWaiting, latencyP95, errors } = shopQueries(fast);
  return `# How Gatehouse looks after this shop. Every key is described in docs/configuration.md.
version: 1

# Public halves of the keys that sign the journal. The private ones are secrets of the two environments:
# GATEHOUSE_MIND_KEY of gatehouse-mind, GATEHOUSE_HANDS_KEY of production-gate.
keys:
  mind:
    - {id: ${quote(mindKey.id)}, public: ${quote(mindKey.public)}}
  hands:
    - {id: ${quote(handsKey.id)}, public: ${quote(handsKey.public)}}

services:
  checkout:
    repository: acme/shop
    environment: production-gate   # the protected environment that the hands run in
    mode: act                      # observe: diagnose only. propose: people act. act: approved plans are carried out
    core: true                     # without checkout the shop earns nothing: degraded is already P1
    owners: ["@acme/payments"]
    depends-on: [payments-db]

    # The only queries anyone can ask; they are chosen by name.
    signals:
      error-ratio:
        source: prometheus
        query: ${quote(errorRatio.query)}
        unit: ratio
      pool-waiting:
        source: prometheus
        query: ${quote(poolWaiting.query)}
      latency-p95:
        source: prometheus
        query: ${quote(latencyP95.query)}
        unit: seconds
      errors:
        source: loki
        query: ${quote(errors.query)}

    # What may be moved, and how. The workflow deploy.yml holds the credentials; {after} is the release's tag.
    targets:
      release:
        action: github.workflow
        workflow: deploy.yml
        ref: main
        inputs: {service: checkout, version: "{after}"}
        production: true
        stateful: false            # putting an older release back loses no data

sources:
  prometheus: {url: ${quote(urls.prometheus)}, timeout: 10s}
  loki: {url: ${quote(urls.loki)}, timeout: 10s}
  github: {deployments: true, commits: true}

# A comment by a maintainer or administrator opens the gate: /approve <first 8 characters of the plan's digest>
gate:
  kind: comment
  approvers: {roles: [maintain, admin], users: [], teams: []}

# Short, because the shop is small and its incident too. A real service would ask every 15s and watch for 2m.
remediation:
  query-step: 1s
  soak: ${fast ? "1s" : "4s"}

pager:
  channels:
    - {kind: github, mention: ["@acme/on-call"]}
`;
}

/** A YAML scalar in single quotes. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
