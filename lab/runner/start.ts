import { type Actor, DispatchRefused, type Engine, type Host, type LabEvent, type LabRun } from "../model.js";
import { type RunFacts, senderPayload, shortRef } from "./facts.js";
import { changedFiles, findCommit, findPlace, type Place } from "./git.js";
import type { Floor } from "./lifecycle/floor.js";
import { failStartup, startRun } from "./lifecycle/run.js";
import type { JobNode, RunState } from "./lifecycle/state.js";
import { latestDue } from "./schedule/cron.js";
import { acceptInputs, type TextInputs, typedInputs } from "./schedule/dispatch-inputs.js";
import { matchesEvent, mentionsEvent } from "./schedule/match-event.js";
import { brokenWorkflow, nameOf, type Source, type Sources } from "./source.js";

interface Collaborators {
  readonly host: Host;
  readonly floor: Floor;
  readonly sources: Sources;
  readonly states: Map<number, RunState>;
  readonly scheduleActor: Actor;
}

type Cause = Pick<LabEvent, "name" | "payload" | "actor">;

/** Turns events, dispatches and the clock into runs. */
export class Starter {
  stopped = false;
  #lastRunId = 9_100_000_000;
  #schedulesSeen: Date;

  constructor(readonly shared: Collaborators) {
    this.#schedulesSeen = shared.host.clock.now();
  }

  readonly onEvent = (event: LabEvent): void => {
    // These two start their runs through dispatch() and tick().
    if (this.stopped || event.name === "workflow_dispatch" || event.name === "schedule") return;
    if (event.byJobToken && event.name !== "repository_dispatch") return;
    const place = this.#placeOf(event);
    if (!place) return;
    for (const source of this.shared.sources.at(place.sha)) {
      if (this.#starts(source, event, place)) this.#start(source, event, place, {});
    }
  };

  dispatch(workflow: string, ref: string, inputs: TextInputs, actor: Actor, _byJobToken: boolean): LabRun {
    const { host, sources } = this.shared;
    const path = this.workflows().find((known) => String(known.id) === workflow || known.path.endsWith(`/${workflow}`))?.path;
    if (this.stopped || !path) throw new DispatchRefused(404, "Not Found");
    const place = findPlace(host.repository.gitDir, ref);
    if (!place) throw new DispatchRefused(422, `No ref found for: ${ref}`);
    const source = sources.at(place.sha).find((candidate) => candidate.path === path);
    if (source?.kind === "broken") throw new DispatchRefused(422, `Failed to parse workflow: ${source.reason.message}`);
    if (!source?.workflow.triggers.events.has("workflow_dispatch")) {
      throw new DispatchRefused(422, "Workflow does not have 'workflow_dispatch' trigger");
    }
    const specs = source.workflow.triggers.inputs;
    const accepted = acceptInputs(specs, inputs);
    const payload = this.#payload(actor, { inputs: accepted, ref: place.ref, workflow: path });
    return this.#start(source, { name: "workflow_dispatch", payload, actor }, place, typedInputs(specs, accepted));
  }

  /** The workflows of the default branch, in path order. */
  workflows(): Awaited<ReturnType<Engine["workflows"]>> {
    const place = this.shared.sources.defaultPlace();
    const listed = place ? this.shared.sources.at(place.sha) : [];
    return listed.map((source) => ({ id: this.shared.sources.idOf(source.path), name: nameOf(source), path: source.path }));
  }

  /** One run for each schedule that fell due since the last call, however often it did: GitHub drops late ones too. */
  tick(): number[] {
    const { host, sources, scheduleActor } = this.shared;
    const since = this.#schedulesSeen;
    const now = host.clock.now();
    this.#schedulesSeen = now;
    const place = sources.defaultPlace();
    if (!place || this.stopped) return [];
    return sources.at(place.sha).flatMap((source) => {
      if (source.kind === "broken") return [];
      const due = source.workflow.triggers.crons.filter((cron) => latestDue(cron, since, now) !== null);
      return due.map((cron) => {
        const payload = this.#payload(scheduleActor, { schedule: cron, workflow: source.path });
        return this.#start(source, { name: "schedule", payload, actor: scheduleActor }, place, {}).id;
      });
    });
  }

  #payload(actor: Actor, own: Record<string, unknown>): Record<string, unknown> {
    const { host } = this.shared;
    return { ...own, repository: host.repositoryPayload(), sender: senderPayload(actor, host.urls.server) };
  }

  /** The commit whose workflow files an event reads: what was pushed or is deployed, else the default branch. */
  #placeOf(event: LabEvent): Place | null {
    const { host, sources } = this.shared;
    if (event.name === "push") return placeOfPush(host.repository.gitDir, event.payload);
    const deployed = (event.payload["deployment"] as { ref?: unknown } | undefined)?.ref;
    if (typeof deployed === "string") return findPlace(host.repository.gitDir, deployed) ?? sources.defaultPlace();
    return sources.defaultPlace();
  }

  #starts(source: Source, event: LabEvent, place: Place): boolean {
    if (source.kind === "broken") return mentionsEvent(source.text, event.name);
    const before = typeof event.payload["before"] === "string" ? event.payload["before"] : "";
    const changed = (): string[] => changedFiles(this.shared.host.repository.gitDir, before, place.sha);
    return matchesEvent(source.workflow.triggers, event, place.ref, changed);
  }

  #start(source: Source, cause: Cause, place: Place, inputs: Readonly<Record<string, unknown>>): LabRun {
    const { host, floor, states } = this.shared;
    const workflow = source.kind === "workflow" ? source.workflow : brokenWorkflow(source.path);
    const run = this.#createRun(source, cause, place);
    const facts: RunFacts = { host, run, workflow, place, payload: cause.payload, inputs };
    const nodes = workflow.jobs.map((spec): [string, JobNode] => [
      spec.key,
      { spec, phase: "blocked", result: null, outputs: {}, legs: [] },
    ]);
    const state: RunState = { facts, nodes: new Map(nodes), cancelReason: null, group: null };
    host.runs.push(run);
    states.set(run.id, state);
    if (source.kind === "broken") failStartup(floor, state, source.reason.message);
    else startRun(floor, state);
    return run;
  }

  #createRun(source: Source, { name: event, actor }: Cause, place: Place): LabRun {
    const { host, sources } = this.shared;
    const now = host.clock.now();
    this.#lastRunId += 1;
    return {
      id: this.#lastRunId,
      number: sources.nextRunNumber(source.path),
      attempt: 1,
      workflowPath: source.path,
      workflowId: sources.idOf(source.path),
      workflowName: nameOf(source),
      name: nameOf(source),
      event,
      actor,
      headBranch: shortRef(place.ref),
      headSha: place.sha,
      createdAt: now,
      updatedAt: now,
      status: "queued",
      conclusion: null,
      jobs: [],
      reviews: [],
    };
  }
}

/** @returns null for a deleted ref, which has no commit any more */
function placeOfPush(gitDir: string, { ref, after }: LabEvent["payload"]): Place | null {
  if (typeof ref !== "string" || typeof after !== "string") return null;
  const sha = findCommit(gitDir, after);
  return sha ? { ref, sha } : null;
}
