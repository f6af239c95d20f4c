/** The sources and the analyst that the config asks for. */
import { openClaudeAnalyst } from "../diagnosis/claude/configured.js";
import { createRunbookAnalyst } from "../diagnosis/runbook/analyst.js";
import { readSecret } from "../config/environment.js";
import type { DatadogSettings, ElasticsearchSource, Service } from "../config/config.js";
import { createNeighbourSource, type ReadSeries } from "../evidence/neighbours/source.js";
import { createSignalReader, type Readings } from "../evidence/signal-reader.js";
import { alertmanagerReadings } from "../evidence/sources/alertmanager-readings.js";
import { createAlertmanagerSource } from "../evidence/sources/alertmanager.js";
import { cloudwatchReadings, createCloudwatchReader, createCloudwatchSource } from "../evidence/sources/cloudwatch/source.js";
import type { DatadogOptions } from "../evidence/sources/datadog/endpoint.js";
import { createDatadogReader, createDatadogSource, datadogReadings } from "../evidence/sources/datadog/source.js";
import { createElasticsearchSource } from "../evidence/sources/elasticsearch.js";
import { createGithubSource } from "../evidence/sources/github.js";
import { createClusterMetrics } from "../evidence/sources/kubernetes/cluster-metrics.js";
import { runKubectl } from "../evidence/sources/kubernetes/run.js";
import { createKubernetesSource } from "../evidence/sources/kubernetes/source.js";
import { createLokiSource } from "../evidence/sources/loki.js";
import { createOpenIncidentsSource } from "../evidence/sources/open-incidents.js";
import { createPostmortemsSource } from "../evidence/sources/postmortems.js";
import { prometheusReadings } from "../evidence/sources/prometheus-readings.js";
import { createPrometheusReader, createPrometheusSource } from "../evidence/sources/prometheus.js";
import { createRecordedSources } from "../evidence/sources/recordings.js";
import { createJaegerSource } from "../evidence/sources/traces/jaeger.js";
import { createTempoSource } from "../evidence/sources/traces/tempo.js";
import { readJournal } from "../incident/journal.js";
import type { Analyst, SignalReader, Source } from "../ports.js";
import { ConfigurationError, type App } from "./app.js";
import { reach, reachSafely, type Runner } from "./reach.js";

/** What of a run the sources need. */
export interface SourcesApp extends Omit<Runner, "environment">, Pick<App, "config" | "history" | "snapshot"> {
  readonly environment: Runner["environment"] & Pick<App["environment"], "serverUrl">;
  readonly inputs: Pick<App["inputs"], "incident">;
  readonly github: Pick<App["github"], "clock" | "changes" | "postmortems">;
}

export async function createSources(app: SourcesApp): Promise<readonly Source[]> {
  const { config, github, history } = app;
  const {
    prometheus,
    loki,
    elasticsearch,
    cloudwatch,
    datadog,
    jaeger,
    tempo,
    alertmanager,
    github: repository,
    kubernetes,
    postmortems,
    recordings,
  } = config.sources;
  const sources: Source[] = [];
  const readers = new Map<string, ReadSeries>();
  if (prometheus) {
    const options = { ...reach("prometheus", prometheus, app), stepMs: config.remediation.queryStepMs };
    sources.push(createPrometheusSource(options));
    readers.set("prometheus", createPrometheusReader(options));
  }
  if (loki) sources.push(createLokiSource(reach("loki", loki, app)));
  if (elasticsearch)
    sources.push(createElasticsearchSource({ ...placeOfLines(elasticsearch), ...reach("elasticsearch", elasticsearch, app) }));
  if (cloudwatch) {
    sources.push(createCloudwatchSource(cloudwatch));
    readers.set("cloudwatch", createCloudwatchReader(cloudwatch));
  }
  if (datadog) {
    sources.push(createDatadogSource(datadogOptions(datadog, app)));
    readers.set("datadog", createDatadogReader(datadogOptions(datadog, app)));
  }
  if (readers.size > 0) sources.push(createNeighbourSource({ catalogue: config.services, readers }));
  if (jaeger) sources.push(createJaegerSource(reach("jaeger", jaeger, app)));
  if (tempo) sources.push(createTempoSource(reach("tempo", tempo, app)));
  if (alertmanager) sources.push(createAlertmanagerSource(reach("alertmanager", alertmanager, app)));
  if (repository?.deployments)
    sources.push(createGithubSource({ ...repository, history, changes: repository.commits ? github.changes : null }));
  if (repository?.incidents) sources.push(...openIncidents(app));
  if (postmortems) sources.push(...earlierIncidents(app));
  if (kubernetes) sources.push(createCluster(app, kubernetes));
  if (recordings) sources.push(...(await createRecordedSources(recordings)));
  return sources;
}

/** Nothing to ask where this is the only one. */
function openIncidents({ snapshot, inputs, config }: SourcesApp): readonly Source[] {
  const others = snapshot.openIncidents.filter(({ number }) => number !== inputs.incident);
  if (others.length === 0) return [];
  return [createOpenIncidentsSource({ others, services: config.services })];
}

/** Nothing to ask before the first post-mortem. */
function earlierIncidents({ snapshot, inputs, config, environment, github }: SourcesApp): readonly Source[] {
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

function datadogOptions(settings: DatadogSettings, app: Runner): DatadogOptions {
  const { url, apiKeyEnv, applicationKeyEnv, tls, timeoutMs } = settings;
  return {
    url,
    timeoutMs,
    apiKeyEnv,
    applicationKeyEnv,
    apiKey: readSecret(app.variables, apiKeyEnv),
    applicationKey: readSecret(app.variables, applicationKeyEnv),
    ...reachSafely("datadog", tls, app),
  };
}

function placeOfLines({ index, timeField, messageField }: ElasticsearchSource) {
  return { index, timeField, messageField };
}

export function createCluster(
  app: Runner & Pick<App, "config">,
  { context, timeoutMs, metrics }: NonNullable<App["config"]["sources"]["kubernetes"]>,
): Source {
  const placeOf = ({ kubernetes }: Service) => kubernetes && { ...kubernetes, context: kubernetes.context ?? context };
  const { prometheus } = app.config.sources;
  if (prometheus === null || metrics.length === 0) return createKubernetesSource({ run: runKubectl, placeOf, timeoutMs });
  const options = { ...reach("prometheus", prometheus, app), stepMs: app.config.remediation.queryStepMs, families: metrics };
  return createKubernetesSource({ run: runKubectl, placeOf, timeoutMs, beside: { metrics: createClusterMetrics(options) } });
}

export function createSignals(app: App): SignalReader {
  const { prometheus, cloudwatch, datadog, alertmanager } = app.config.sources;
  const { clock } = app.github;
  const readings: Readings[] = [];
  if (prometheus) readings.push(prometheusReadings(reach("prometheus", prometheus, app)));
  if (cloudwatch) readings.push(cloudwatchReadings(cloudwatch, () => clock.now()));
  if (datadog) readings.push(datadogReadings(datadogOptions(datadog, app), () => clock.now()));
  if (alertmanager) readings.push(alertmanagerReadings(reach("alertmanager", alertmanager, app)));
  return createSignalReader({ readings, clock, onProblem: (text) => app.log.warning(text) });
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
    spent: spentBefore(app),
    onNote,
  });
}

/** The budget is per incident: what earlier wake-ups spent is in the journal. */
function spentBefore({ snapshot, config }: App): { readonly usd: number; readonly inputTokens: number } {
  const { issue, comments, trunk } = snapshot;
  const reading = issue && readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  if (reading?.kind !== "ok") return { usd: 0, inputTokens: 0 };
  return { usd: reading.incident.costUsd, inputTokens: reading.incident.inputTokens };
}
