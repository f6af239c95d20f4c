/** The service that the scenarios break: what its config says, and what its monitors see. Everything follows from what is live. */
import type { DeploymentRecord, Finding, SignalReader, Source, SourceRequest } from "../../src/ports.js";
import { redact } from "../../src/outside/redact.js";
import { createFakeSource, liveVersion, type DispatchScript, type FakeGitHub } from "../fakes/world.js";

export const GOOD = "v1.4.1";
export const BAD = "v1.4.2"; // its pool is too small
export const ONSET = new Date("2026-03-02T02:59:00Z");
export const NOW = new Date("2026-03-02T03:00:00Z");

export interface Health {
  readonly errorRatio: number | null;
  readonly waiting: number | null; // requests that wait for a database connection
  readonly firing: boolean | null; // what the monitor says of the alert
}
export const SICK: Health = { errorRatio: 0.37, waiting: 38, firing: true };
export const WELL: Health = { errorRatio: 0.001, waiting: 0, firing: false };

/** The bad version fails, every other one works. */
export function followsVersion(github: FakeGitHub): () => Health {
  return () => (liveVersion(github) === BAD ? SICK : WELL);
}

export function signalsOf(health: () => Health): SignalReader {
  return {
    read: (_service, signal) => {
      const { errorRatio, waiting } = health();
      return Promise.resolve(signal === "error-ratio" ? errorRatio : signal === "pool-waiting" ? waiting : null);
    },
    isFiring: () => Promise.resolve(health().firing),
  };
}

export type Script = (request: SourceRequest) => readonly Finding[];
/** By name; an error is a source that is down. */
export type Sources<S = Script | Error> = Readonly<Record<"prometheus" | "loki" | "github", S>>;
export type Asked = Source & { readonly asked: readonly SourceRequest[] };

/** What the three usual sources say about a shop in this state. */
export function sourcesOf(github: FakeGitHub, health: () => Health): Sources<Script> {
  return {
    prometheus: ({ onset }) => [
      metric("error-ratio", "ratio", health().errorRatio, onset),
      metric("pool-waiting", null, health().waiting, onset),
    ],
    loki: ({ onset }) => [poolLog(onset)],
    github: ({ changes }) =>
      github.state.deployments.flatMap((record, index, all) =>
        record.environment === "production" && record.createdAt >= changes.from
          ? [deployment(record, all.slice(0, index).findLast((other) => other.environment === "production")?.ref ?? null)]
          : [],
      ),
  };
}

export function openSources(sources: Sources): readonly Asked[] {
  return Object.entries(sources).map(([name, script]) => createFakeSource(name, script));
}

function finding(source: string, at: Date, text: string, score: number): Omit<Finding, "detail"> {
  return { source, subject: "checkout", at, summary: redact(text), score, query: null, link: null };
}

function metric(signal: string, unit: string | null, now: number | null, onset: Date): Finding {
  const before = unit === "ratio" ? 0.001 : 0;
  const direction = now === null ? "unknown" : now > before + 0.02 ? "rose" : "steady";
  const onsetAt = direction === "rose" ? onset : null;
  return {
    ...finding("prometheus", onset, `${signal} ${direction}`, direction === "rose" ? 0.95 : 0.1),
    detail: { kind: "metric", signal, unit, before, now, direction, onsetAt },
  };
}

function poolLog(onset: Date): Finding {
  const template = redact("ERROR timeout: no free connection in pool");
  return {
    ...finding("loki", onset, "400 times: no free connection in pool", 0.95),
    detail: { kind: "log", signal: "errors", template, count: 400, newSinceOnset: true, firstAt: onset, lastAt: onset },
  };
}

function deployment({ ref, createdAt }: DeploymentRecord, previous: string | null): Finding {
  const previousRef = previous === null ? null : redact(previous);
  return {
    ...finding("github", createdAt, `${ref} went out`, 0.95),
    detail: { kind: "change", of: "deployment", ref: redact(ref), previousRef, files: [] },
  };
}

/** A second thing that plans may move: its workflow records deployments of its own environment. */
export function flagsScript(github: FakeGitHub): DispatchScript {
  return ({ inputs }) => ({
    kind: "run",
    title: `Flags ${inputs["flags"]} ${inputs["gatehouse-key"]}`,
    takesMs: 10_000,
    onSuccess: () => github.deploy(inputs["flags"] ?? "", "production-flags"),
  });
}

/** The alert as its monitor tells it, in our normal form. */
export function anAlert(overrides: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    name: "CheckoutErrorRateHigh",
    fingerprint: "76a3e0ae99a65d7a",
    service: "checkout",
    severity: "critical",
    state: "firing",
    startedAt: ONSET.toISOString(),
    summary: "Checkout error rate is 37%",
    ...overrides,
  };
}

export function dispatchOf(...alerts: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>> {
  return { version: 1, monitor: "json", received_at: NOW.toISOString(), alerts };
}

export interface ConfigParts {
  readonly keys: { readonly mind: string; readonly hands: string }; // public halves
  readonly top?: string; // lines of their own
  readonly gate?: string; // within the braces
  readonly remediation?: string;
  readonly postmortem?: string;
  readonly mode?: string;
  readonly services?: string; // further entries, indented by two
}

export function configText({ keys, ...parts }: ConfigParts): string {
  return `version: 1
keys:
  mind: [{id: m1, public: "${keys.mind}"}]
  hands: [{id: h1, public: "${keys.hands}"}]
${parts.top ?? ""}
services:
  checkout:
    repository: acme/shop
    environment: production-gate
    mode: ${parts.mode ?? "act"}
    core: true
    owners: ["@acme/payments"]
    signals:
      error-ratio: {source: prometheus, query: 'errors / requests', unit: ratio}
      pool-waiting: {source: prometheus, query: 'shop_pool_waiting'}
      errors: {source: loki, query: '{service="checkout"} |= "ERROR"'}
    targets:
      release: {action: github.workflow, workflow: deploy.yml, ref: main, inputs: {version: "{after}"}, deployment-environment: production, production: true, stateful: false}
      flags: {action: github.workflow, workflow: flags.yml, ref: main, inputs: {flags: "{after}"}, deployment-environment: production-flags, production: true, stateful: false}
      ledger: {action: github.workflow, workflow: ledger.yml, ref: main, inputs: {version: "{after}"}, deployment-environment: production-ledger, production: true, stateful: true}
${parts.services ?? ""}
sources:
  prometheus: {url: "http://127.0.0.1:9090"}
  loki: {url: "http://127.0.0.1:3100"}
  github: {deployments: true, commits: true}
gate: {kind: comment${parts.gate === undefined ? "" : `, ${parts.gate}`}}
remediation: {query-step: 15s, soak: 60s${parts.remediation === undefined ? "" : `, ${parts.remediation}`}}
pager: {channels: [{kind: github, mention: ["@acme/on-call"]}]}
${parts.postmortem === undefined ? "" : `postmortem: {${parts.postmortem}}`}
`;
}
