import type { Actor, Host, LabRun } from "../model.js";
import type { Place } from "./git.js";
import type { Workflow } from "./workflow/model.js";

/** What is fixed for a run from its first moment. */
export interface RunFacts {
  readonly host: Host;
  readonly run: LabRun;
  readonly workflow: Workflow;
  readonly place: Place;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface JobOfContext {
  readonly key: string;
  readonly token: string;
  readonly workspace: string;
  readonly eventPath: string;
}

/** The `github` context; without a job, as run-level keys such as `run-name` and `concurrency` see it. */
export function githubContext(facts: RunFacts, job: JobOfContext | null): Record<string, unknown> {
  const { host, run, workflow, place } = facts;
  const repository = `${host.repository.owner}/${host.repository.name}`;
  const isBranch = place.ref.startsWith("refs/heads/");
  return {
    event: facts.payload,
    event_name: run.event,
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    triggering_actor: run.actor.login,
    ref: place.ref,
    ref_name: shortRef(place.ref),
    ref_type: isBranch ? "branch" : "tag",
    sha: place.sha,
    head_ref: "",
    base_ref: "",
    repository,
    repository_id: String(host.repository.id),
    repository_owner: host.repository.owner,
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    workflow: workflow.name,
    workflow_ref: `${repository}/${workflow.path}@${place.ref}`,
    workflow_sha: place.sha,
    server_url: host.urls.server,
    api_url: host.urls.api,
    graphql_url: host.urls.graphql,
    ...(job ? { job: job.key, token: job.token, workspace: job.workspace, event_path: job.eventPath } : {}),
  };
}

export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, "");
}

/** A user as webhook payloads carry it. */
export function senderPayload(actor: Actor, server: string): Record<string, unknown> {
  return { id: actor.id, login: actor.login, type: actor.type, html_url: `${server}/${actor.login}`, site_admin: false };
}
