import { instantiatePacks } from "../evidence/packs/catalogue.js";
import type { TrustedFile } from "../ports.js";
import type { Json, NonEmpty } from "../words.js";
import type {
  CloudwatchSettings,
  Config,
  DatadogSettings,
  ElasticsearchSource,
  HttpSource,
  Service,
  SignalQuery,
  Target,
  TlsSettings,
} from "./config.js";
import { settingsOf, type Catalogue } from "./relations.js";
import type { ConfigFile } from "./schema.js";

type ServiceEntry = ConfigFile["services"][string];

/** What a checked file means: our names, milliseconds, maps. Every rule has been applied before. */
export function draftConfig(source: Pick<TrustedFile, "path" | "sha">, file: ConfigFile, catalogue: Catalogue): Config {
  return {
    path: source.path,
    sha: source.sha,
    keys: file.keys,
    allowPublic: file["allow-public"],
    trustWriters: file["trust-writers"],
    services: mapOf(file.services, (name, service) => draftService(name, service, catalogue)),
    sources: {
      prometheus: draftHttpSource(file.sources.prometheus),
      loki: draftHttpSource(file.sources.loki),
      elasticsearch: draftElasticsearch(file.sources.elasticsearch),
      cloudwatch: draftCloudwatch(file.sources.cloudwatch),
      datadog: draftDatadog(file.sources.datadog),
      jaeger: draftHttpSource(file.sources.jaeger),
      tempo: draftHttpSource(file.sources.tempo),
      alertmanager: draftHttpSource(file.sources.alertmanager),
      github: draftGithub(file.sources.github),
      kubernetes: file.sources.kubernetes && {
        context: file.sources.kubernetes.context,
        timeoutMs: file.sources.kubernetes.timeout,
        metrics: file.sources.kubernetes.metrics,
      },
      postmortems: file.sources.postmortems,
      recordings: file.sources.recordings,
    },
    analyst: draftAnalyst(file.analyst),
    diagnosis: {
      confidence: file.diagnosis.confidence,
      attempts: file.diagnosis.attempts,
      windows: { logsMs: file.diagnosis.windows.logs, changesMs: file.diagnosis.windows.changes },
    },
    gate: {
      kind: file.gate.kind,
      approvers: file.gate.approvers,
      quorum: file.gate.quorum,
      answerWithinMs: file.gate["answer-within"],
    },
    remediation: draftRemediation(file.remediation),
    recoveryTargetsMs: file["recovery-targets"],
    pager: { channels: file.pager.channels.map(draftChannel) },
    postmortem: file.postmortem,
  };
}

function draftGithub(file: ConfigFile["sources"]["github"]): Config["sources"]["github"] {
  if (file === null) return null;
  const { "commit-diffs": commitDiffs, ...same } = file;
  return { ...same, commitDiffs };
}

function draftService(name: string, entry: ServiceEntry, catalogue: Catalogue): Service {
  return {
    name,
    repository: entry.repository,
    environment: entry.environment,
    mode: entry.mode,
    core: entry.core,
    owners: nonEmpty(entry.owners),
    dependsOn: entry["depends-on"],
    signals: draftSignals(entry),
    targets: mapOf(entry.targets, (target, raw) => draftTarget(target, raw, catalogue)),
    kubernetes: entry.kubernetes,
    traceService: entry["trace-service"],
  };
}

function draftSignal(name: string, { "log-groups": logGroups, ...query }: ServiceEntry["signals"][string]): SignalQuery {
  return { name, ...query, ...(logGroups.length > 0 ? { logGroups } : {}) };
}

/** The service's own signals, then those of packs whose names are still free. */
function draftSignals({ signals, packs }: ServiceEntry): ReadonlyMap<string, SignalQuery> {
  const own = mapOf(signals, draftSignal);
  const added = [...instantiatePacks(packs)].filter(([name]) => !own.has(name));
  return new Map([...own, ...added]);
}

function draftTarget(name: string, entry: ServiceEntry["targets"][string], catalogue: Catalogue): Target {
  return {
    name,
    action: entry.action,
    production: entry.production,
    stateful: entry.stateful,
    address: addressOf(name, entry, catalogue),
  };
}

function addressOf(name: string, entry: ServiceEntry["targets"][string], catalogue: Catalogue): Json {
  const parsed = catalogue.get(entry.action)?.parseTarget(settingsOf(entry));
  if (parsed?.ok !== true) throw new Error(`Target ${name} was drafted before its settings were checked.`);
  return parsed.address;
}

type HttpEntry = NonNullable<ConfigFile["sources"]["prometheus"]>;

function draftHttpSource(source: HttpEntry | null): HttpSource | null {
  if (source === null) return null;
  return {
    url: source.url,
    tokenEnv: source["token-env"],
    auth: draftAuth(source),
    tls: draftTls(source.tls),
    timeoutMs: source.timeout,
  };
}

function draftAuth(source: HttpEntry): HttpSource["auth"] {
  const { auth, audience, "auth-header": header, "token-url": url, "client-id": clientId, scope } = source;
  if (auth !== "oidc") return header === null ? { kind: auth } : { kind: "header", name: header };
  if (audience === null) throw new Error("A source with auth: oidc was drafted before its audience was checked.");
  return { kind: "oidc", audience, exchange: url === null ? null : { url, clientId, scope } };
}

function draftTls(tls: HttpEntry["tls"]): TlsSettings | null {
  if (tls === null) return null;
  const { "cert-env": certEnv, "key-env": keyEnv } = tls;
  const client = certEnv === null || keyEnv === null ? null : { certEnv, keyEnv };
  return { caFile: tls["ca-file"], serverName: tls["server-name"], client };
}

function draftCloudwatch(source: ConfigFile["sources"]["cloudwatch"]): CloudwatchSettings | null {
  if (source === null) return null;
  const { region, endpoint, "logs-endpoint": logsEndpoint, timeout } = source;
  return { region, endpoint, logsEndpoint, timeoutMs: timeout };
}

function draftDatadog(source: ConfigFile["sources"]["datadog"]): DatadogSettings | null {
  return (
    source && {
      url: source.url ?? `https://api.${source.site}`,
      apiKeyEnv: source["api-key-env"],
      applicationKeyEnv: source["application-key-env"],
      tls: draftTls(source.tls),
      timeoutMs: source.timeout,
    }
  );
}

function draftElasticsearch(source: ConfigFile["sources"]["elasticsearch"]): ElasticsearchSource | null {
  const http = draftHttpSource(source);
  if (source === null || http === null) return null;
  return { ...http, index: source.index, timeField: source["time-field"], messageField: source["message-field"] };
}

function draftAnalyst(analyst: ConfigFile["analyst"]): Config["analyst"] {
  return {
    kind: analyst.kind,
    triageModel: analyst["triage-model"],
    model: analyst.model,
    baseUrl: analyst["base-url"],
    budget: { usd: analyst.budget.usd, inputTokens: analyst.budget["input-tokens"] },
    prices: Object.fromEntries(
      Object.entries(analyst.prices).map(([model, price]) => [
        model,
        { input: price.input, output: price.output, cacheWrite: price["cache-write"], cacheRead: price["cache-read"] },
      ]),
    ),
  };
}

function draftRemediation(remediation: ConfigFile["remediation"]): Config["remediation"] {
  return {
    maxSteps: remediation["max-steps"],
    breaker: { perMs: remediation.breaker.per, most: remediation.breaker.most },
    freeze: remediation.freeze,
    queryStepMs: remediation["query-step"],
    soakMs: remediation.soak,
    resumeWithinMs: remediation["resume-within"],
  };
}

export function draftChannel(channel: ConfigFile["pager"]["channels"][number]): Config["pager"]["channels"][number] {
  return channel.kind === "github"
    ? { kind: "github", mention: nonEmpty(channel.mention) }
    : { kind: "webhook", urlEnv: channel["url-env"] };
}

function mapOf<T, U>(record: Readonly<Record<string, T>>, draft: (name: string, value: T) => U): ReadonlyMap<string, U> {
  return new Map(Object.entries(record).map(([name, value]) => [name, draft(name, value)]));
}

function nonEmpty(list: readonly string[]): NonEmpty<string> {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error("A list that must not be empty was drafted before it was checked.");
  return [first, ...rest];
}
