/** The sources and the analyst that the config asks for. */
import { createRunbookAnalyst } from "../diagnosis/runbook/analyst.js";
import { readSecret } from "../config/environment.js";
import type { HttpSource } from "../config/config.js";
import { createSignalReader } from "../evidence/signal-reader.js";
import { createGithubSource } from "../evidence/sources/github.js";
import { createLokiSource } from "../evidence/sources/loki.js";
import { createPrometheusSource } from "../evidence/sources/prometheus.js";
import { createRecordedSources } from "../evidence/sources/recordings.js";
import type { Analyst, SignalReader, Source } from "../ports.js";
import { ConfigurationError, type App } from "./app.js";

export async function createSources({ config, github, deployments, variables }: App): Promise<readonly Source[]> {
  const { prometheus, loki, github: repository, recordings } = config.sources;
  const sources: Source[] = [];
  if (prometheus)
    sources.push(createPrometheusSource({ ...endpoint(prometheus, variables), stepMs: config.remediation.queryStepMs }));
  if (loki) sources.push(createLokiSource(endpoint(loki, variables)));
  if (repository?.deployments)
    sources.push(createGithubSource({ deployments, changes: repository.commits ? github.changes : null }));
  if (recordings) sources.push(...(await createRecordedSources(recordings)));
  return sources;
}

export function createSignals({ config, github, variables, log }: App): SignalReader {
  const { prometheus } = config.sources;
  return createSignalReader({
    prometheus: prometheus && endpoint(prometheus, variables),
    clock: github.clock,
    onProblem: (text) => log.warning(text),
  });
}

function endpoint(
  source: HttpSource,
  variables: App["variables"],
): { readonly url: string; readonly token: string | null; readonly tokenEnv: string | null; readonly timeoutMs: number } {
  return {
    url: source.url,
    token: readSecret(variables, source.tokenEnv),
    tokenEnv: source.tokenEnv,
    timeoutMs: source.timeoutMs,
  };
}

/** Without a model key the runbooks reason; this version has no other analyst yet. */
export function createAnalyst({ config, runbooks }: App): Analyst {
  if (config.analyst.kind === "claude")
    throw new ConfigurationError(
      `${config.path}: analyst.kind "claude" is not available in this version. Write auto or runbooks.`,
    );
  return createRunbookAnalyst(runbooks);
}
