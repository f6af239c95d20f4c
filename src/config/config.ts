/** The parsed configuration: what `.github/gatehouse.yml` means. Made by `parseConfig` alone; times are milliseconds. */
import type { MetricFamily } from "../evidence/packs/cluster-metrics.js";
import type { Json, Mode, NonEmpty, Risk, Role, Severity } from "../words.js";

export interface PublicKey {
  readonly id: string;
  readonly public: string; // base64 SPKI DER of an Ed25519 key
}
export interface SignalQuery {
  readonly name: string;
  readonly source: string; // of METRIC_SOURCES or LOG_SOURCES, or "recording"
  readonly query: string;
  readonly unit: string | null; // "ratio", "seconds" …
  readonly logGroups?: readonly string[]; // of cloudwatch-logs alone
  readonly pack?: string; // the query pack it came with; a service's own query has none
}
/** One thing plans may move. `address` is the action's own settings, already checked by the action. */
export interface Target {
  readonly name: string;
  readonly action: string;
  readonly production: boolean;
  readonly stateful: boolean;
  readonly address: Json;
}
export interface Service {
  readonly name: string;
  readonly repository: string; // owner/name
  readonly environment: string; // the gated GitHub environment of its hands
  readonly mode: Mode;
  readonly core: boolean;
  readonly owners: NonEmpty<string>; // "@user" or "@org/team"
  readonly dependsOn: readonly string[];
  readonly signals: ReadonlyMap<string, SignalQuery>;
  readonly targets: ReadonlyMap<string, Target>;
  /** Where it runs in a cluster; null: not looked at. */
  readonly kubernetes: { readonly namespace: string; readonly selector: string | null; readonly context: string | null } | null;
  /** Its `service.name` in traces; null: its own name. */
  readonly traceService: string | null;
}
/** How a source is told who asks: a scheme of the Authorization header, or the value alone in a header of another name. */
export type HttpAuth = { readonly kind: "bearer" | "basic" | "api-key" } | { readonly kind: "header"; readonly name: string };
/** The job's own GitHub token, sent as it is or exchanged for a token of the source first. */
export interface OidcAuth {
  readonly kind: "oidc";
  readonly audience: string;
  readonly exchange: { readonly url: string; readonly clientId: string | null; readonly scope: string | null } | null;
}
export interface TlsSettings {
  readonly caFile: string | null; // in the workspace, or absolute
  readonly serverName: string | null;
  readonly client: { readonly certEnv: string; readonly keyEnv: string } | null;
}
export interface HttpSource {
  readonly url: string;
  readonly tokenEnv: string | null;
  readonly auth: HttpAuth | OidcAuth;
  readonly tls: TlsSettings | null;
  readonly timeoutMs: number;
}
export interface CloudwatchSettings {
  readonly region: string;
  readonly endpoint: string | null; // null: the region's own
  readonly logsEndpoint: string | null;
  readonly timeoutMs: number;
}
export interface DatadogSettings {
  readonly url: string;
  readonly apiKeyEnv: string;
  readonly applicationKeyEnv: string;
  readonly tls: TlsSettings | null;
  readonly timeoutMs: number;
}
export interface ElasticsearchSource extends HttpSource {
  readonly index: string; // names, aliases and patterns, with commas
  readonly timeField: string;
  readonly messageField: string;
}
export interface GithubSource {
  readonly deployments: boolean;
  readonly commits: boolean;
  readonly commitDiffs: boolean;
  readonly releases: boolean;
  readonly checks: boolean;
  readonly incidents: boolean;
}
export interface FreezeWindow {
  readonly from: Date;
  readonly until: Date;
  readonly why: string;
}
export type Channel =
  | { readonly kind: "github"; readonly mention: NonEmpty<string> }
  | { readonly kind: "webhook"; readonly urlEnv: string };
export interface Approvers {
  readonly roles: readonly Role[]; // the least of them and anything above
  readonly users: readonly string[];
  readonly teams: readonly string[]; // "org/team"
}
export interface Config {
  readonly path: string;
  readonly sha: string; // git blob id of the file
  readonly keys: { readonly mind: readonly PublicKey[]; readonly hands: readonly PublicKey[] };
  readonly allowPublic: boolean;
  readonly trustWriters: boolean;
  readonly services: ReadonlyMap<string, Service>;
  readonly sources: {
    readonly prometheus: HttpSource | null;
    readonly loki: HttpSource | null;
    readonly elasticsearch: ElasticsearchSource | null;
    readonly cloudwatch: CloudwatchSettings | null;
    readonly datadog: DatadogSettings | null;
    readonly jaeger: HttpSource | null;
    readonly tempo: HttpSource | null;
    readonly alertmanager: HttpSource | null;
    readonly github: GithubSource | null;
    readonly kubernetes: {
      readonly context: string | null;
      readonly timeoutMs: number;
      readonly metrics: readonly MetricFamily[]; // what Prometheus is asked about the cluster
    } | null;
    readonly postmortems: boolean;
    readonly recordings: { readonly path: string } | null;
  };
  readonly analyst: {
    readonly kind: "auto" | "runbooks" | "claude";
    readonly triageModel: string;
    readonly model: string;
    readonly baseUrl: string | null;
    readonly budget: { readonly usd: number; readonly inputTokens: number };
    /** US dollars for a million tokens, by model id. */
    readonly prices: Readonly<
      Record<string, { readonly input: number; readonly output: number; readonly cacheWrite: number; readonly cacheRead: number }>
    >;
  };
  readonly diagnosis: {
    readonly confidence: Readonly<Record<Severity, number>>;
    readonly attempts: number;
    readonly windows: { readonly logsMs: number; readonly changesMs: number };
  };
  readonly gate: {
    readonly kind: "comment";
    readonly approvers: Approvers;
    readonly quorum: Readonly<Record<Risk, number>>;
    readonly answerWithinMs: Readonly<Record<Severity, number>>;
  };
  readonly remediation: {
    readonly maxSteps: number;
    readonly breaker: { readonly perMs: number; readonly most: number };
    readonly freeze: readonly FreezeWindow[];
    readonly queryStepMs: number;
    readonly soakMs: number;
    readonly resumeWithinMs: number;
  };
  readonly recoveryTargetsMs: Readonly<Record<Severity, number>>;
  readonly pager: { readonly channels: readonly Channel[] };
  readonly postmortem: { readonly directory: string; readonly via: "auto" | "commit" | "pull-request" };
}
