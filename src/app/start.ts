/** From the runner's variables to an `App`. Every problem of one kind in one message, before anything is changed. */
import { readFile } from "node:fs/promises";
import type { Config } from "../config/config.js";
import { readEnvironment, readInputs, type Environment, type Variables } from "../config/environment.js";
import { parseInputs, type Inputs } from "../config/inputs.js";
import { parseConfig } from "../config/parse.js";
import { parseRunbook } from "../diagnosis/runbook/parse.js";
import type { Runbook } from "../diagnosis/runbook/runbook.js";
import { createGitHubPorts, type GitHubPortsOptions } from "../github/ports.js";
import { runnerFetch } from "../github/runner-fetch.js";
import type { Deployments, Desk, History, Snapshot, TrustedFile } from "../ports.js";
import { ConfigurationError, type App, type Log } from "./app.js";
import { readShippedRunbooks } from "./shipped-runbooks.js";

export interface Asked {
  readonly inputs: Inputs;
  readonly environment: Environment;
  readonly variables: Variables;
}

/** @throws {ConfigurationError} naming every input or variable that is wrong */
export function readAsked(variables: Variables): Asked {
  const inputs = parseInputs(readInputs(variables));
  if (!inputs.ok) throw new ConfigurationError(inputs.message);
  const environment = readEnvironment(variables);
  if (!environment.ok) throw new ConfigurationError(environment.message);
  return { inputs: inputs.inputs, environment: environment.environment, variables };
}

/** @throws {ConfigurationError} when the config or a runbook of the repository is missing or wrong */
export async function start(asked: Asked, log: Log): Promise<App> {
  const { inputs, environment } = asked;
  const event = await readEvent(environment.eventPath);
  const github = createGitHubPorts(clientOptions(asked));
  const snapshot = await github.desk.look(inputs.incident);
  const config = openConfig(snapshot, inputs.configPath);
  refusePublic(snapshot, config);
  const runbooks = openRunbooks(snapshot.trunk.runbooks, await readShippedRunbooks());
  return {
    ...asked,
    event,
    github: { ...github, desk: seenOnce(github.desk, inputs.incident, snapshot) },
    ...askedOnce(github),
    snapshot,
    config,
    runbooks,
    log,
  };
}

export function clientOptions({ inputs, environment }: Asked): GitHubPortsOptions {
  const { apiUrl, graphqlUrl, repository } = environment;
  return {
    token: inputs.githubToken,
    apiUrl,
    graphqlUrl,
    repository: repository.fullName,
    configPath: inputs.configPath,
    fetch: runnerFetch,
  };
}

export async function readEvent(path: string): Promise<Readonly<Record<string, unknown>>> {
  const event: unknown = JSON.parse(await readFile(path, "utf8"));
  if (typeof event === "object" && event !== null) return event as Record<string, unknown>;
  throw new ConfigurationError(`The event file ${path} does not hold a JSON object.`);
}

export function openConfig({ trunk }: Snapshot, path: string): Config {
  if (!trunk.config) {
    throw new ConfigurationError(
      `${path} does not exist on the branch ${trunk.defaultBranch} of ${trunk.fullName}. Add it; docs/configuration.md shows how.`,
    );
  }
  const parsed = parseConfig(trunk.config);
  if (!parsed.ok) throw new ConfigurationError(parsed.message);
  return parsed.config;
}

/** Bodies, edits, logs and summaries of a public repository are public for ever: nothing is written there by accident. */
function refusePublic({ trunk }: Snapshot, config: Config): void {
  if (trunk.visibility !== "public" || config.allowPublic) return;
  throw new ConfigurationError(
    `${trunk.fullName} is public: incidents in it would be public for ever. Keep incidents in a private repository, or set allow-public: true in ${config.path}.`,
  );
}

/**
 * The library that comes with the action; a runbook of the repository replaces the one with the same id.
 * @throws {ConfigurationError} with every problem of every file
 */
export function openRunbooks(files: readonly TrustedFile[], library: readonly TrustedFile[]): readonly Runbook[] {
  const shipped = parseAll(library);
  const own = parseAll(files.filter(({ path }) => !path.endsWith("/README.md")));
  const replaced = new Set(own.map(({ id }) => id));
  return [...own, ...shipped.filter(({ id }) => !replaced.has(id))];
}

function parseAll(files: readonly TrustedFile[]): readonly Runbook[] {
  const parsed = files.map((file) => parseRunbook(file));
  const problems = parsed.flatMap((result) => (result.ok ? [] : [result.message]));
  if (problems.length > 0) throw new ConfigurationError(problems.join("\n"));
  return parsed.flatMap((result) => (result.ok ? [result.runbook] : []));
}

interface Told {
  readonly since: Date;
  readonly answer: ReturnType<History["since"]>;
}

/** Evidence and plan of one wake-up speak of the same deployments; the hands look again. What failed is asked anew. */
export function askedOnce({ deployments, history }: Pick<App, "deployments" | "history">): Pick<App, "deployments" | "history"> {
  const told = new Map<string, Told>();
  const plain = new Map<string, ReturnType<Deployments["recent"]>>();
  return {
    history: {
      since(repository, question) {
        const known = told.get(repository);
        if (known !== undefined && known.since <= question.since) return known.answer;
        const asked: Told = { since: question.since, answer: history.since(repository, question) };
        told.set(repository, asked);
        asked.answer.catch(() => told.get(repository) === asked && told.delete(repository));
        return asked.answer;
      },
    },
    deployments: {
      async recent(repository) {
        const known = told.get(repository);
        if (known !== undefined) return (await known.answer).deployments;
        const answer = plain.get(repository) ?? deployments.recent(repository);
        plain.set(repository, answer);
        return answer;
      },
    },
  };
}

/** The look of the start serves the job's first one too: the same request need not be made twice. */
function seenOnce(desk: Desk, incident: number | null, first: Snapshot): Desk {
  let kept: Snapshot | null = first;
  return {
    look(asked) {
      const snapshot = asked === incident ? kept : null;
      kept = null;
      return snapshot ? Promise.resolve(snapshot) : desk.look(asked);
    },
  };
}
