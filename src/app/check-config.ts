/** `gatehouse config check [file]`: what a config that is accepted leaves out or expects of the workflows. Asks nothing of anybody. */
import type { Config, HttpSource, Service } from "../config/config.js";
import { isMetricSource, reporterOf } from "../config/signal-sources.js";
import { suggest } from "../config/suggest.js";
import { ERROR_RATIO } from "../render/baseline.js";

export interface CheckedConfig {
  readonly summary: string;
  /** Nothing wrong in the file's form, but worth knowing before an incident. In the order of the file. */
  readonly notes: readonly string[];
  /** Environment variables that the jobs need, by name, with the keys that ask for them. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

export function checkConfig(config: Config): CheckedConfig {
  const { services } = config;
  const signals = [...services.values()].reduce((sum, service) => sum + service.signals.size, 0);
  return {
    summary: `${config.path} is accepted: ${count(services.size, "service")}, ${count(signals, "reviewed query", "reviewed queries")}.`,
    notes: [...services.values()].flatMap((service) => notesOn(service, config)),
    variables: variablesOf(config),
  };
}

/** Terminal text. Notes fail nothing: a service may well be without metrics. */
export function describeConfigCheck({ summary, notes, variables }: CheckedConfig): string {
  const needed = [...variables].map(([name, keys]) => `  ${name}: ${keys.join(", ")}`);
  return [
    summary,
    ...(notes.length === 0 ? [] : ["", "Worth knowing:", ...notes.map((note) => `  ${note}`)]),
    ...(needed.length === 0
      ? []
      : ["", "Environment variables it names; map each from a secret under env: of the jobs that need it:", ...needed]),
  ].join("\n");
}

function notesOn(service: Service, config: Config): readonly string[] {
  const path = `services.${service.name}`;
  return [
    ...unsetSources(service, config),
    ...unknownNeighbours(service, config),
    ...places(service, config),
    ...unmeasured(service),
  ].map((note) => `${path}${note}`);
}

function unsetSources({ signals }: Service, { sources }: Config): readonly string[] {
  const set = new Set(Object.entries(sources).flatMap(([name, source]) => (source === null ? [] : [name])));
  return [...signals.values()]
    .filter(({ source }) => !set.has(reporterOf(source)))
    .map(
      ({ name, source }) => `.signals.${name} asks ${source}, but sources.${reporterOf(source)} is not set: nobody will answer.`,
    );
}

function unknownNeighbours({ dependsOn, name: own }: Service, { services }: Config): readonly string[] {
  return dependsOn
    .filter((name) => !services.has(name))
    .map((name) => {
      const meant = suggest(
        name,
        [...services.keys()].filter((each) => each !== own),
      );
      const hint = meant === null ? "" : ` Did you mean "${meant}"?`;
      return `.depends-on names ${name}, which is no service of this file: it is not measured.${hint}`;
    });
}

function places({ kubernetes }: Service, { sources }: Config): readonly string[] {
  if (kubernetes !== null && sources.kubernetes === null)
    return [".kubernetes is not looked at: sources.kubernetes is not set. Write sources: { kubernetes: {} }."];
  return [];
}

function unmeasured({ signals }: Service): readonly string[] {
  const ratio = signals.get(ERROR_RATIO);
  if (ratio !== undefined && isMetricSource(ratio.source)) return [];
  return [` has no metric ${ERROR_RATIO}: its severity is the alert's word, and whether it has recovered cannot be measured.`];
}

function variablesOf({ sources, pager }: Config): ReadonlyMap<string, readonly string[]> {
  const { prometheus, loki, elasticsearch, jaeger, tempo, alertmanager, datadog } = sources;
  const http: readonly (readonly [string, HttpSource | null])[] = [
    ["prometheus", prometheus],
    ["loki", loki],
    ["elasticsearch", elasticsearch],
    ["jaeger", jaeger],
    ["tempo", tempo],
    ["alertmanager", alertmanager],
  ];
  const asked: (readonly [string | null, string])[] = [
    ...http.map(([name, source]) => [source?.tokenEnv ?? null, `sources.${name}.token-env`] as const),
    ...[...http, ["datadog", datadog] as const].flatMap(([name, source]) => [
      [source?.tls?.client?.certEnv ?? null, `sources.${name}.tls.cert-env`] as const,
      [source?.tls?.client?.keyEnv ?? null, `sources.${name}.tls.key-env`] as const,
    ]),
    [datadog?.apiKeyEnv ?? null, "sources.datadog.api-key-env"],
    [datadog?.applicationKeyEnv ?? null, "sources.datadog.application-key-env"],
    ...pager.channels.map(
      (each, index) => [each.kind === "webhook" ? each.urlEnv : null, `pager.channels[${index}].url-env`] as const,
    ),
  ];
  const found = new Map<string, string[]>();
  for (const [name, key] of asked) if (name !== null) found.set(name, [...(found.get(name) ?? []), key]);
  return found;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
