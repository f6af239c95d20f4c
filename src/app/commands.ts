/** A function a command: hands the job its own ports, and puts what it answers into words for the workflow and for people. */
import { catalogue } from "../actions/catalogue.js";
import { openSigningKey } from "../incident/signature.js";
import { openIncident, type OpenEvent } from "../intake/open.js";
import { sweep } from "../jobs/wake.js";
import { diagnoseOnly } from "../mind/diagnose-only.js";
import { preview, respond } from "../mind/respond.js";
import { createPager } from "../pager/pager.js";
import { filePostmortem } from "../postmortem/archive.js";
import type { MindPorts, Pager, ThreadComment } from "../ports.js";
import { check } from "../remediation/check.js";
import { handOver } from "../remediation/hand-over.js";
import { remediate } from "../remediation/remediate.js";
import { ConfigurationError, outcome, type App, type Outcome } from "./app.js";
import { readOpenEvent } from "./event.js";
import { diagnosedOnly, previewed, refusedByMind, restedInWords } from "./rested.js";
import { createAnalyst, createSignals, createSources } from "./sources.js";

type Run = (app: App) => Promise<Outcome>;

export const RUNS: Readonly<Record<Exclude<App["inputs"]["command"], "alarm" | "wake">, Run>> = {
  open: runOpen,
  respond: runRespond,
  "hand-over": runHandOver,
  archive: runArchive,
  check: runCheck,
  remediate: runRemediate,
  sweep: runSweep,
};

async function runOpen(app: App): Promise<Outcome> {
  const { clock, desk, incidents, issues, comments, people } = app.github;
  const event: OpenEvent = readOpenEvent(app);
  const opened = await openIncident(event, { clock, desk, incidents, issues, comments, people }, app.config);
  const others = opened.others.length > 0 ? " Others of the same payload are woken by the hand-over." : "";
  return outcome({
    incident: opened.incident,
    next: opened.others.length > 0 ? "gate" : "wait",
    happened: [opened.says],
    comesNext: opened.incident === null ? "Nothing is left to do." : `The mind looks at incident #${opened.incident}.${others}`,
  });
}

async function runRespond(app: App): Promise<Outcome> {
  const { config, inputs } = app;
  const incident = need(inputs.incident);
  const ports = await mindPorts(app);
  if (inputs.signingKey === null) {
    if (inputs.dryRun) return previewed({ do: "wait", for: "nothing", until: null }, incident);
    return diagnosedOnly(await diagnoseOnly({ incident, config, catalogue }, ports));
  }
  const request = { incident, config, key: openSigningKey(inputs.signingKey, config.keys.mind, "mind"), catalogue };
  if (inputs.dryRun) return previewed(await preview(request, ports), incident);
  const result = await respond(request, ports);
  if (result.kind === "foreign")
    return outcome({ happened: [`Issue #${incident} is no incident.`], comesNext: "Nothing is to be done." });
  return result.kind === "refused" ? refusedByMind(result, incident) : restedInWords(result);
}

async function mindPorts(app: App): Promise<MindPorts> {
  const { clock, desk, issues, comments, reactor, people, environments, runs, incidents, reservations, archive } = app.github;
  const github = {
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
    archived: archive,
  };
  const read = { deployments: app.deployments, runs };
  const pager = createPagerOf(app, app.snapshot.comments);
  const sources = await createSources(app);
  return { ...github, sources, signals: createSignals(app), read, pager, analyst: createAnalyst(app, sources) };
}

async function runHandOver(app: App): Promise<Outcome> {
  const { clock, desk, incidents, runs, dispatcher } = app.github;
  const incident = need(app.inputs.incident);
  const result = await handOver(
    { incident, repository: app.environment.repository.fullName, config: app.config },
    { clock, desk, incidents, runs, dispatcher },
  );
  switch (result.kind) {
    case "opened-gate":
      return outcome({
        incident,
        happened: [`Started the gated run for plan ${result.digest.slice(0, 8)}.`],
        comesNext: "Its first job checks and reserves the plan.",
      });
    case "already-running":
      return outcome({
        incident,
        happened: [`Run ${result.run} is carrying the plan out already.`],
        comesNext: "It wakes the mind when it ends.",
      });
    case "woke":
      return outcome({
        incident,
        happened: [
          result.incidents.length > 0
            ? `Woke ${result.incidents.map((number) => `#${number}`).join(", ")}.`
            : "Nothing had to be started.",
        ],
        comesNext: "The mind takes it from there.",
      });
    default:
      return result satisfies never;
  }
}

async function runArchive(app: App): Promise<Outcome> {
  const { clock, desk, archive } = app.github;
  const incident = need(app.inputs.incident);
  const followUpsOf = (id: string) => app.runbooks.find((runbook) => runbook.id === id)?.followUps ?? [];
  const { serverUrl, repository } = app.environment;
  const request = { incident, config: app.config, repositoryUrl: `${serverUrl}/${repository.fullName}`, followUpsOf };
  const result = await filePostmortem(request, { clock, desk, archive });
  if (result.kind === "not-ready")
    return outcome({ incident, reason: "not-now", happened: [result.why], comesNext: "The sweep looks again.", failed: true });
  const what = result.kind === "kept" ? `${result.path} exists and is left as it is.` : `Filed ${result.path} by ${result.via}.`;
  return outcome({ incident, happened: [what], comesNext: "The mind notes it and closes the incident." });
}

async function runCheck(app: App): Promise<Outcome> {
  const { clock, desk, people, environments, incidents, runs, reservations } = app.github;
  const { inputs, environment, config } = app;
  const incident = need(inputs.incident);
  const refused = wrongRun(app);
  if (refused)
    return outcome({
      incident,
      go: false,
      reason: refused.reason,
      happened: [refused.why],
      comesNext: "The mind is woken and says so.",
    });
  const request = {
    incident,
    digest: need(inputs.planDigest),
    runId: environment.runId,
    repository: environment.repository.fullName,
    environment: gateOf(app),
    config,
  };
  const result = await check(request, { clock, desk, people, environments, incidents, runs, reservations });
  if (result.kind === "refused")
    return outcome({
      incident,
      go: false,
      reason: result.reason,
      happened: [result.why],
      comesNext: "Nothing is carried out; the mind is woken and says so.",
    });
  return outcome({
    incident,
    go: true,
    happened: [`Reserved plan ${request.digest.slice(0, 8)} for this run (${result.k}).`],
    comesNext: "The hands carry it out.",
  });
}

/** @throws {ConfigurationError} when a copied workflow has lost the line that says it */
function gateOf({ variables }: App): string {
  const environment = variables["GATEHOUSE_ENVIRONMENT"]?.trim();
  if (environment) return environment;
  throw new ConfigurationError(
    "The variable GATEHOUSE_ENVIRONMENT is missing: the step of check and remediate needs env: {GATEHOUSE_ENVIRONMENT: ${{ inputs.environment }}}.",
  );
}

/** What `if:` in the workflow says is said again here: a copied workflow may have lost it. */
function wrongRun({
  environment,
  snapshot,
}: App): { readonly reason: "not-default-branch" | "wrong-run"; readonly why: string } | null {
  const expected = `refs/heads/${snapshot.trunk.defaultBranch}`;
  if (environment.ref !== expected)
    return {
      reason: "not-default-branch",
      why: `This run is on ${environment.ref}; plans are carried out from ${expected} only.`,
    };
  if (environment.runAttempt !== 1)
    return {
      reason: "wrong-run",
      why: "This is a re-run; an approval buys one run. The mind starts a new one where that is due.",
    };
  return null;
}

async function runRemediate(app: App): Promise<Outcome> {
  const { github, inputs, environment, config } = app;
  const incident = need(inputs.incident);
  if (inputs.signingKey === null)
    throw new ConfigurationError(
      "The input signing-key is missing. Store the hands' private key as a secret of the gated environment and pass it to the command remediate.",
    );
  const refused = wrongRun(app);
  if (refused)
    return outcome({
      incident,
      reason: refused.reason,
      happened: [refused.why],
      comesNext: "Nothing was carried out.",
      failed: true,
    });
  const key = openSigningKey(inputs.signingKey, config.keys.hands, "hands");
  const { clock, desk, comments, people, environments, incidents, reservations, deployments, runs, dispatcher } = github;
  const repositoryUrl = `${environment.serverUrl}/${environment.repository.fullName}`;
  const digest = need(inputs.planDigest);
  const request = { incident, digest, runId: environment.runId, environment: gateOf(app), repositoryUrl, config, key, catalogue };
  const result = await remediate(request, {
    clock,
    desk,
    comments,
    people,
    environments,
    incidents,
    reservations,
    signals: createSignals(app),
    world: { deployments, runs, dispatcher },
  });
  if (result.kind === "refused")
    return outcome({
      incident,
      reason: result.reason,
      happened: [result.why],
      comesNext: "Nothing (more) was carried out; the mind is woken.",
      failed: true,
    });
  return outcome({
    incident,
    phase: "remediating",
    happened: [`The execution ended: ${result.outcome}.${result.detail ? ` ${result.detail}` : ""}`],
    comesNext: "The mind is woken and draws the conclusion.",
  });
}

async function runSweep(app: App): Promise<Outcome> {
  const { clock, desk, incidents, dispatcher } = app.github;
  const woken = await sweep(app.environment.repository.fullName, app.config, { clock, desk, incidents, dispatcher });
  return outcome({
    happened: [woken.length > 0 ? `Woke ${woken.map((number) => `#${number}`).join(", ")}.` : "Nothing is due."],
    comesNext: "The next sweep comes with the schedule.",
  });
}

/** @param thread - the issue's comments as they were read: a page that was posted already is found there */
export function createPagerOf(
  {
    config,
    github,
    variables,
    log,
  }: Pick<App, "github" | "variables" | "log"> & { readonly config: Pick<App["config"], "pager"> },
  thread: readonly ThreadComment[],
): Pager {
  return createPager(config.pager.channels, {
    comments: github.comments,
    existingComments: () => Promise.resolve(thread),
    env: (name) => variables[name],
    fetch,
    warn: (text) => log.warning(text),
  });
}

/** @throws for what `parseInputs` has already made sure of */
function need<T>(value: T | null): T {
  if (value === null) throw new Error("An input that this command needs is missing.");
  return value;
}
