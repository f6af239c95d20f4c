/** The jobs of the workflows, each with its own ports, as the entry of the action wires them; only monitors and pager are fakes. */
import { catalogue } from "../../src/actions/catalogue.js";
import { ConfigurationError, outcome, type App, type Outcome } from "../../src/app/app.js";
import { createPagerOf, RUNS } from "../../src/app/commands.js";
import { askedOnce } from "../../src/app/start.js";
import { restedInWords } from "../../src/app/rested.js";
import type { Config } from "../../src/config/config.js";
import { parseInputs, type Command } from "../../src/config/inputs.js";
import { parseConfig } from "../../src/config/parse.js";
import { openSigningKey } from "../../src/incident/signature.js";
import { alarm, type AlarmRequest } from "../../src/jobs/alarm.js";
import { wake } from "../../src/jobs/wake.js";
import { respond } from "../../src/mind/respond.js";
import type { Analyst, Clock, Desk, Pager, SignalReader, Snapshot, Source, ThreadComment, TrustedFile } from "../../src/ports.js";
import { remediate } from "../../src/remediation/remediate.js";
import type { FakeGitHub } from "../fakes/world.js";

/** Everything a job may be handed. */
export interface Cast {
  readonly github: FakeGitHub;
  readonly pager: Pager; // people's own; the mentions on the issue are the product's
  readonly signals: SignalReader;
  readonly sources: readonly Source[];
  readonly analyst: Analyst;
  readonly keys: { readonly mind: string; readonly hands: string }; // private halves
  /** What happens elsewhere while the hands wait. */
  readonly meanwhile: () => Promise<void>;
  /** What happens between the last job of a gated run and its end. */
  readonly beforeRunEnds: () => Promise<void>;
  /** A process has died, and the next one may begin. */
  readonly onDeath: () => void;
}
export interface JobRequest {
  readonly command: Exclude<Command, "alarm">;
  readonly incident: number | null;
  readonly digest?: string;
  readonly environment?: string; // the gated one, as the run was started with
  readonly runId: number;
  readonly event?: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
}

/** @throws what the job throws: its process ends with a failure */
export async function runJob(request: JobRequest, cast: Cast): Promise<Outcome> {
  const { command } = request;
  if (command === "wake") return runWake(request, cast);
  const app = await startApp(request, cast);
  if (command === "respond") return runRespond(app, cast);
  if (command === "remediate") return runRemediate(app, cast);
  return RUNS[command](app);
}

async function runWake({ incident }: JobRequest, { github }: Cast): Promise<Outcome> {
  await wake(incident ?? 0, github.state.repository, github.state.defaultBranch, github.ports);
  return outcome({ incident, happened: ["woke the mind"], comesNext: "" });
}

async function startApp(
  { command, incident, digest, environment, runId, event }: JobRequest,
  { github, keys }: Cast,
): Promise<App> {
  const secret = command === "respond" ? keys.mind : command === "remediate" ? keys.hands : "";
  const inputs = parseInputs({
    command,
    incident: incident === null ? "" : String(incident),
    "plan-digest": digest ?? "",
    "github-token": "token",
    config: github.state.configPath,
    "signing-key": secret,
    "dry-run": "false",
  });
  if (!inputs.ok) throw new ConfigurationError(inputs.message);
  const { ports } = github;
  const snapshot = await ports.desk.look(incident);
  return {
    inputs: inputs.inputs,
    environment: environmentOf(github, runId, event?.name ?? "workflow_dispatch"),
    variables: { GATEHOUSE_ENVIRONMENT: environment },
    event: event?.payload ?? {},
    github: { ...ports, desk: seenOnce(ports.desk, incident, snapshot) },
    ...askedOnce(ports),
    snapshot,
    config: openConfig(snapshot),
    runbooks: [],
    log: { info: () => undefined, warning: () => undefined, mask: () => undefined },
  };
}

function environmentOf(github: FakeGitHub, runId: number, eventName: string): App["environment"] {
  const [owner = "", name = ""] = github.state.repository.split("/");
  return {
    repository: { owner, name, fullName: github.state.repository },
    runId,
    runAttempt: 1,
    eventName,
    eventPath: "",
    apiUrl: "https://api.github.com",
    graphqlUrl: "https://api.github.com/graphql",
    serverUrl: "https://github.com",
    ref: `refs/heads/${github.state.defaultBranch}`,
    sha: "0".repeat(40),
    workspace: "",
    actor: "someone",
    workflow: "",
    job: "",
    outputPath: null,
    summaryPath: null,
  };
}

/** As the entry does it: the look of the start serves the job's first one too. */
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

const parsed = new Map<string, Config>();

export function openConfig({ trunk }: Pick<Snapshot, "trunk">): Config {
  const { config } = trunk;
  if (!config) throw new ConfigurationError("There is no config.");
  const known = parsed.get(config.text) ?? parseOrThrow(config);
  parsed.set(config.text, known);
  return known;
}

function parseOrThrow(file: TrustedFile): Config {
  const result = parseConfig(file);
  if (!result.ok) throw new ConfigurationError(result.message);
  return result.config;
}

/** First the people's own channel, then the mentions that the product posts itself. */
function pagerOf(app: Parameters<typeof createPagerOf>[0], thread: readonly ThreadComment[], people: Pager): Pager {
  const mentions = createPagerOf(app, thread);
  return {
    async page(message) {
      const [own, posted] = [await people.page(message), await mentions.page(message)];
      return { reached: [...own.reached, ...posted.reached], failed: [...own.failed, ...posted.failed] };
    },
  };
}

async function runRespond(app: App, { pager, signals, sources, analyst }: Cast): Promise<Outcome> {
  const { inputs, config, github } = app;
  const key = openSigningKey(inputs.signingKey ?? "", config.keys.mind, "mind");
  const { clock, desk, issues, comments, reactor, people, environments, runs, incidents, reservations, archive } = github;
  const read = { deployments: app.deployments, runs };
  const result = await respond(
    { incident: inputs.incident ?? 0, config, key, catalogue },
    {
      clock,
      desk,
      issues,
      comments,
      reactor,
      people,
      environments,
      runs,
      incidents,
      reservations,
      sources,
      signals,
      read,
      pager: pagerOf(app, app.snapshot.comments, pager),
      analyst,
      archived: archive,
    },
  );
  if (result.kind === "foreign") return outcome({ happened: [`Issue #${result.issue} is no incident.`], comesNext: "" });
  return result.kind === "rested" ? restedInWords(result) : refused(inputs.incident, result);
}

async function runRemediate(app: App, { signals, meanwhile }: Cast): Promise<Outcome> {
  const { inputs, config, github, environment } = app;
  const key = openSigningKey(inputs.signingKey ?? "", config.keys.hands, "hands");
  const { desk, comments, people, environments, incidents, reservations, deployments, runs, dispatcher } = github;
  const result = await remediate(
    {
      incident: inputs.incident ?? 0,
      digest: inputs.planDigest ?? "",
      runId: environment.runId,
      environment: app.variables["GATEHOUSE_ENVIRONMENT"] ?? "",
      repositoryUrl: `${environment.serverUrl}/${environment.repository.fullName}`,
      config,
      key,
      catalogue,
    },
    {
      clock: patient(github.clock, meanwhile),
      desk,
      comments,
      people,
      environments,
      incidents,
      reservations,
      signals,
      world: { deployments, runs, dispatcher },
    },
  );
  if (result.kind === "refused") return refused(inputs.incident, result);
  return outcome({ incident: inputs.incident, happened: [result.outcome], comesNext: "" });
}

function patient(clock: Clock, meanwhile: () => Promise<void>): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms) => {
      await clock.sleep(ms);
      await meanwhile();
    },
  };
}

function refused(incident: number | null, { reason, why }: { readonly reason: string; readonly why: string }): Outcome {
  return outcome({ incident, reason, happened: [why], comesNext: "", failed: true });
}

/** The alarm reads its config by itself: without one it still says what it can. */
export async function runAlarm(request: Omit<AlarmRequest, "config" | "runUrl">, { github, pager }: Cast): Promise<Outcome> {
  const { clock, desk, issues, comments } = github.ports;
  const log = { info: () => undefined, warning: () => undefined, mask: () => undefined };
  const { trunk } = await desk.look(null);
  const read = trunk.config && parseConfig(trunk.config);
  const runUrl = `https://github.com/${github.state.repository}/actions/runs/${request.runId}`;
  const config = read?.ok ? read.config : null;
  const calls = config ? pagerOf({ config, github: github.ports, variables: {}, log }, [], pager) : pager;
  const said = await alarm({ ...request, runUrl, config }, { clock, desk, issues, comments, pager: calls });
  return outcome({ incident: said.issue, reason: "automation-error", happened: ["said so"], comesNext: "" });
}
