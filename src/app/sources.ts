/** The sources and the analyst that the config asks for. */
import { openClaudeAnalyst } from "../diagnosis/claude/configured.js";
import { createRunbookAnalyst } from "../diagnosis/runbook/analyst.js";
import { readSecret } from "../config/environment.js";
import type { HttpSource, Service } from "../config/config.js";
import type { HttpOptions } from "../evidence/ask.js";
import { createSignalReader } from "../evidence/signal-reader.js";
import { createAlertmanagerSource } from "../evidence/sources/alertmanager.js";
import { createElasticsearchSource } from "../evidence/sources/elasticsearch.js";
import { createGithubSource } from "../evidence/sources/github.js";
import { runKubectl } from "../evidence/sources/kubernetes/run.js";
import { createKubernetesSource } from "../evidence/sources/kubernetes/source.js";
import { createLokiSource } from "../evidence/sources/loki.js";
import { createOpenIncidentsSource } from "../evidence/sources/open-incidents.js";
import { createPostmortemsSource } from "../evidence/sources/postmortems.js";
import { createPrometheusSource } from "../evidence/sources/prometheus.js";
import { createRecordedSources } from "../evidence/sources/recordings.js";
import { createJaegerSource } from "../evidence/sources/traces/jaeger.js";
import { createTempoSource } from "../evidence/sources/traces/tempo.js";
import { readJournal } from "../incident/journal.js";
import type { Analyst, SignalReader, Source } from "../ports.js";
import { ConfigurationError, type App } from "./app.js";

export async function createSources(app: App): Promise<readonly Source[]> {
  const { config, github, history, variables } = app;
  const {
    prometheus,
    loki,
    elasticsearch,
    jaeger,
    tempo,
    alertmanager,
    github: repository,
    kubernetes,
    postmortems,
    recordings,
  } = config.sources;
  const sources: Source[] = [];
  if (prometheus)
    sources.push(createPrometheusSource({ ...endpoint(prometheus, variables), stepMs: config.remediation.queryStepMs }));
  if (loki) sources.push(createLokiSource(endpoint(loki, variables)));
  if (elasticsearch) sources.push(createElasticsearchSource({ ...elasticsearch, ...endpoint(elasticsearch, variables) }));
  if (jaeger) sources.push(createJaegerSource(endpoint(jaeger, variables)));
  if (tempo) sources.push(createTempoSource(endpoint(tempo, variables)));
  if (alertmanager) sources.push(createAlertmanagerSource(endpoint(alertmanager, variables)));
  if (repository?.deployments)
    sources.push(createGithubSource({ ...repository, history, changes: repository.commits ? github.changes : null }));
  if (repository?.incidents) sources.push(...openIncidents(app));
  if (postmortems) sources.push(...earlierIncidents(app));
  if (kubernetes) sources.push(createCluster(kubernetes));
  if (recordings) sources.push(...(await createRecordedSources(recordings)));
  return sources;
}

/** Nothing to ask where this is the only one. */
function openIncidents({ snapshot, inputs, config }: App): readonly Source[] {
  const others = snapshot.openIncidents.filter(({ number }) => number !== inputs.incident);
  if (others.length === 0) return [];
  return [createOpenIncidentsSource({ others, services: config.services })];
}

/** Nothing to ask before the first post-mortem. */
function earlierIncidents({ snapshot, inputs, config, environment, github }: App): readonly Source[] {
  const { trunk } = snapshot;
  const index = trunk.postmortemIndex;
  if (index === null) return [];
  const pageOf = (path: string): string => `${environment.serverUrl}/${trunk.fullName}/blob/${trunk.defaultBranch}/${path}`;
  const directory = index.path.replace(/\/README\.md$/, "");
  const { postmortems } = github;
  return [
    createPostmortemsSource({ index, directory, incident: inputs.incident, services: config.services, postmortems, pageOf }),
  ];
}

function createCluster({ context, timeoutMs }: NonNullable<App["config"]["sources"]["kubernetes"]>): Source {
  const placeOf = ({ kubernetes }: Service) => kubernetes && { ...kubernetes, context: kubernetes.context ?? context };
  return createKubernetesSource({ run: runKubectl, placeOf, timeoutMs });
}

export function createSignals({ config, github, variables, log }: App): SignalReader {
  const { prometheus, alertmanager } = config.sources;
  return createSignalReader({
    prometheus: prometheus && endpoint(prometheus, variables),
    alertmanager: alertmanager && endpoint(alertmanager, variables),
    clock: github.clock,
    onProblem: (text) => log.warning(text),
  });
}

function endpoint(source: HttpSource, variables: App["variables"]): Required<Omit<HttpOptions, "fetch">> {
  return {
    url: source.url,
    token: readSecret(variables, source.tokenEnv),
    tokenEnv: source.tokenEnv,
    auth: source.auth,
    timeoutMs: source.timeoutMs,
  };
}

/** Claude with a key, unless the config says runbooks; the runbooks are its fall-back and the default. */
export function createAnalyst(app: App, sources: readonly Source[]): Analyst {
  const { config, runbooks, inputs, github, log } = app;
  const fallback = createRunbookAnalyst(runbooks);
  const { kind } = config.analyst;
  const apiKey = inputs.anthropicApiKey;
  if (kind === "claude" && apiKey === null)
    throw new ConfigurationError(`${config.path}: analyst.kind "claude" needs the input anthropic-api-key.`);
  if (kind === "runbooks" || apiKey === null) return fallback;
  const onNote = (text: string) => log.info(text);
  return openClaudeAnalyst({
    apiKey,
    config,
    runbooks,
    sources,
    fallback,
    clock: github.clock,
    spentUsd: spentBefore(app),
    onNote,
  });
}

/** The budget is per incident: what earlier wake-ups spent is in the journal. */
function spentBefore({ snapshot, config }: App): number {
  const { issue, comments, trunk } = snapshot;
  const reading = issue && readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  return reading?.kind === "ok" ? reading.incident.costUsd : 0;
}
