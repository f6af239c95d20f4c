/**
 * What the rooms need from the world, in our words. Each job has its own set: who thinks cannot touch, who touches
 * cannot think, and the mix does not compile (see the two checks at the end).
 */
import type { Observation, ChangeReview, Coverage, Alert, Diagnosis, FactOf, Triage } from "./incident/facts.js";
import type { Material } from "./evidence/material.js";
import type { Incident } from "./incident/incident.js";
import type { Proposal } from "./plan/proposal.js";
import type { Service, Target } from "./config/config.js";
import type { EffectKey, Json, NonEmpty, Role, Severity } from "./words.js";
import type { Outside } from "./outside/outside.js";

/** GitHub's clock: the `Date` header of the last answer plus what has passed since. */
export interface Clock {
  now(): Date;
  sleep(ms: number): Promise<void>;
}

export interface Author {
  readonly login: string; // as REST names it: bots end in "[bot]"
  readonly isBot: boolean;
}
export interface ThreadComment {
  readonly id: number;
  readonly body: string;
  readonly author: Author;
  readonly createdAt: Date;
  readonly editedAt: Date | null; // GraphQL lastEditedAt
  readonly url: string;
  /** Reactions our bot has left on it. */
  readonly ourReactions: readonly Reaction[];
}
export type Reaction = "seen" | "done" | "refused"; // 👀 🚀 👎
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: Author;
  readonly createdAt: Date;
  readonly editedAt: Date | null;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly url: string;
}
export interface TrustedFile {
  readonly path: string;
  readonly text: string;
  readonly sha: string; // git blob id
}
/** A ruleset that applies to tags. */
export interface TagRuleset {
  readonly name: string;
  readonly active: boolean;
  readonly include: readonly string[]; // ref name patterns, "~ALL" included
  readonly exclude: readonly string[];
  readonly rules: readonly string[]; // lower case: "update", "deletion", "creation" …
}
/** What the default branch says, at one commit. */
export interface Trunk {
  readonly repositoryId: number;
  readonly fullName: string;
  readonly visibility: "public" | "private" | "internal";
  readonly defaultBranch: string;
  readonly head: string; // commit id
  readonly config: TrustedFile | null;
  readonly runbooks: readonly TrustedFile[]; // runbooks/*.md, not its subfolders
  readonly tagRulesets: readonly TagRuleset[];
  readonly postmortemIndex: TrustedFile | null;
}
/** One consistent look: one request however much it holds (further pages only beyond 100 comments). */
export interface Snapshot {
  readonly at: Date;
  readonly trunk: Trunk;
  readonly issue: Issue | null; // null: none asked for, or no such issue
  readonly comments: readonly ThreadComment[]; // oldest first
  readonly openIncidents: readonly OpenIncident[]; // newest first, at most 30, this one included; none where no issue was asked for
}
/** An open issue with the label of incidents that a bot opened. Label and title can be edited: a hint, no fact. */
export interface OpenIncident {
  readonly number: number;
  readonly title: string;
  readonly openedAt: Date;
  readonly url: string;
}

export interface Desk {
  look(incident: number | null): Promise<Snapshot>;
}
/** Issues this automation opened (creator and state=all), newest first, changed since then; at most 100. */
export interface IncidentList {
  list(filter: { readonly state: "open" | "all"; readonly changedSince: Date | null }): Promise<readonly Issue[]>;
}
export interface IssueChange {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly state: "open" | "closed";
}
/** The writing half of an issue. All answers are what GitHub stored, to be compared with what was sent. */
export interface IssueWriter {
  create(change: Omit<IssueChange, "state">): Promise<Issue>;
  update(incident: number, change: IssueChange): Promise<Issue>;
  /** The issue as it is now, one request: read before write. */
  current(incident: number): Promise<Issue>;
}
export interface CommentWriter {
  post(incident: number, body: string): Promise<ThreadComment>;
  edit(commentId: number, body: string): Promise<ThreadComment>;
}
export interface Reactor {
  react(commentId: number, reaction: Reaction): Promise<void>;
}
export interface People {
  /** Asked anew each time; `role_name` mapped to the nearest standard role. */
  roleOf(login: string): Promise<Role>;
  isMember(team: string, login: string): Promise<"yes" | "no" | "cannot-check">;
}
export interface EnvironmentFacts {
  readonly name: string;
  readonly exists: boolean;
  /** null: any branch may deploy. */
  readonly branches: readonly string[] | null;
  readonly requiredReviewers: number;
}
export interface Environments {
  environment(name: string): Promise<EnvironmentFacts>;
}
export interface WorkflowRun {
  readonly id: number;
  readonly title: string; // run-name
  readonly status: "running" | "ended"; // anything not completed is running
  readonly conclusion: string | null;
  readonly createdAt: Date;
  readonly url: string;
}
export interface Runs {
  /** Runs of one workflow file, newest first, created at or after; at most 100. */
  recent(repository: string, workflow: string, createdSince: Date): Promise<readonly WorkflowRun[]>;
  run(repository: string, id: number): Promise<WorkflowRun | null>;
  /** Names of its jobs that are not completed. A job that waits for others may not be listed yet. */
  unfinishedJobs(repository: string, id: number): Promise<readonly string[]>;
}
export interface Dispatcher {
  /** @throws when GitHub refused it; `DispatchUncertainError` when it may have happened. */
  dispatch(request: DispatchRequest): Promise<void>;
}
export interface DispatchRequest {
  readonly repository: string;
  readonly workflow: string; // file name
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}
/** The answer to a workflow dispatch was lost: the run may exist. Look for it by its title, never dispatch again blindly. */
export class DispatchUncertainError extends Error {
  override readonly name = "DispatchUncertainError";
  constructor(
    readonly workflow: string,
    why: string,
  ) {
    super(`Dispatching ${workflow} may have happened: ${why} Look for a run with this title before dispatching again.`);
  }
}
/** Reservations of plans: tags whose creation is atomic. */
export interface Reservations {
  /** `gatehouse/plan/<incident>/<digest>/<k>`, k ascending, with the run id from each tag's message. */
  of(incident: number, digest: string): Promise<readonly Reservation[]>;
  /** Creates tag k pointing at `commit`; "taken" when it exists already. */
  reserve(incident: number, digest: string, reservation: Reservation, commit: string): Promise<"reserved" | "taken">;
}
export interface Reservation {
  readonly k: number; // from 1
  readonly runId: number;
}
/** One deployment of the repository as GitHub keeps it. */
export interface DeploymentRecord {
  readonly id: number;
  readonly ref: string; // what was deployed: a tag, else the commit
  readonly sha: string;
  readonly environment: string;
  readonly state: "live" | "was-live" | "failed" | "other"; // active | inactive after a success | failure, error | rest
  readonly at: Date; // of its last status, else of its creation
  readonly createdAt: Date;
  readonly by: string | null;
  readonly url: string | null;
}
export interface Deployments {
  /** Newest first, at most 30. */
  recent(repository: string): Promise<readonly DeploymentRecord[]>;
}
/** A check of a commit that did not pass. */
export interface FailedCheck {
  readonly name: string;
  readonly outcome: string; // "failure", "timed out" …; one of GitHub's words in lower case
}
export interface CheckedDeployment extends DeploymentRecord {
  readonly failedChecks: readonly FailedCheck[]; // of the deployed commit; empty when not asked for
}
export interface ReleaseRecord {
  readonly tag: string;
  readonly sha: string | null; // null: the tag is gone
  readonly name: string;
  readonly publishedAt: Date;
  readonly isPrerelease: boolean;
  readonly by: string | null;
  readonly url: string;
}
export interface HistoryQuestion {
  readonly since: Date;
  readonly releases: boolean;
  readonly checks: boolean;
}
export interface RepositoryHistory {
  readonly deployments: readonly CheckedDeployment[]; // newest first, at least all since then unless cut
  readonly releases: readonly ReleaseRecord[]; // published ones, newest first, at most 20
  /** There were more deployments since then than were read. */
  readonly isCut: boolean;
  /** What GitHub would not tell this token. */
  readonly withheld: readonly ("releases" | "checks")[];
}
/** What happened to the code of a repository: one request, and one for each further 30 deployments, at most four. */
export interface History {
  since(repository: string, question: HistoryQuestion): Promise<RepositoryHistory>;
}
export interface Comparison {
  readonly commits: readonly {
    readonly sha: string;
    readonly message: string;
    readonly author: string;
    readonly at: Date;
    readonly url: string;
  }[];
  readonly files: readonly ChangedFile[];
  readonly url: string;
  /** There are more commits or files than GitHub lists. */
  readonly isCut: boolean;
}
export interface ChangedFile {
  readonly path: string;
  readonly patch: string | null; // null: too large, or not text
}
export interface Changes {
  compare(repository: string, base: string, head: string): Promise<Comparison>;
  /** What one commit changed over its first parent, at most 300 files. */
  filesOf(repository: string, commit: string): Promise<readonly ChangedFile[]>;
}

/** A named effect class decides what a crash between intent and done means. */
export type EffectClass = "absolute" | "keyed" | "look-up-first" | "ambiguous";

/** Read-only view of production, held by both mind and hands. */
export interface ReadWorld {
  readonly deployments: Deployments;
  readonly runs: Runs;
}
/** Exists only behind the gate. */
export interface World extends ReadWorld {
  readonly dispatcher: Dispatcher;
}

/** Where evidence comes from; one file each in `evidence/sources/`. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}
export interface SourceRequest {
  readonly service: Service;
  readonly alerts: readonly Alert[];
  readonly onset: Date;
  readonly logs: Window;
  readonly changes: Window;
  readonly signal: AbortSignal;
}
/** Observations without ids yet: evidence numbers them. `material` goes no further than that. */
export type Finding = Omit<Observation, "id"> & { readonly material?: Material };
export interface Source {
  readonly name: string;
  /** Whether it could know anything of this service; without it, of every one. Who could not is not asked, and its silence not counted. */
  concerns?(service: Service): boolean;
  observe(request: SourceRequest): Promise<readonly Finding[]>;
}
/** Latest value of one reviewed signal; null is a gap, never zero. */
export interface SignalReader {
  read(service: Service, signal: string): Promise<number | null>;
  /** Whether this alert fires now; null when no source can tell. */
  isFiring(alert: Alert): Promise<boolean | null>;
}

export interface PageMessage {
  readonly key: EffectKey; // deduplication key
  readonly incident: number;
  readonly reason: string; // a reason code, "opened" or "your-approval"
  readonly severity: Severity;
  readonly service: string | null;
  readonly symptom: Outside;
  readonly cause: string | null;
  readonly asked: string; // what the person should do, our words
  readonly link: string;
  /** A comment of ours that mentions the people on duty already; a channel on GitHub need not say it twice. */
  readonly mentionedAt: string | null;
}
export interface Pager {
  /** @returns the channels that took it; at least once, deduplicated by key. */
  page(message: PageMessage): Promise<{ readonly reached: readonly string[]; readonly failed: readonly string[] }>;
}

export interface Analyst {
  readonly name: string; // "runbooks" or a model's id
  triage(input: TriageInput): Promise<Triage>;
  diagnose(input: DiagnosisInput): Promise<Diagnosis>;
  /** null: nothing in the catalogue helps. */
  propose(input: ProposalInput): Promise<Proposal | null>;
  narrate(incident: Incident): Promise<Narrative>;
  /** What was spent during this wake-up together with what the incident had cost before. */
  spent?(): { readonly usd: number };
  /** Told of each call of a model as soon as it is paid for, and of answers that were not taken as they came; waited for. */
  onConsulted?(keep: (consulted: Consulted) => Promise<void>): void;
  /** Observations that it asked for itself while diagnosing; they join the evidence. */
  learned?(): readonly Observation[];
}
export type Consulted = Omit<FactOf<"consulted">, "fact" | "at">;
export interface Narrative {
  readonly summary: readonly Outside[]; // paragraphs
  readonly wentWell: readonly Outside[];
  readonly wentBadly: readonly Outside[];
}
export interface TriageInput {
  readonly alerts: NonEmpty<Alert>;
  readonly service: Service | null;
  readonly errorRatio: number | null; // measured now
}
export interface DiagnosisInput {
  readonly service: Service;
  readonly alerts: NonEmpty<Alert>;
  readonly attempt: number;
  readonly onset: Date;
  readonly observations: readonly Observation[];
  readonly coverage: readonly Coverage[];
  readonly review: ChangeReview; // made when the evidence was put together
  readonly hints: readonly Outside[]; // from `/retry`, newest last
  readonly failed: readonly { readonly cause: string; readonly action: string }[]; // plans that did not help in this incident
  readonly leftOpen: readonly Outside[]; // questions that the last diagnosis of this incident could not answer
}
export interface ProposalInput extends DiagnosisInput {
  readonly diagnosis: Extract<Diagnosis, { kind: "cause" }>;
}

/** Files of the default branch, in one request. */
export interface Postmortems {
  /** Those that exist, in the given order. */
  read(paths: readonly string[]): Promise<readonly TrustedFile[]>;
}
/** A file set committed in one step on top of `expectedHead`. */
export interface Archive {
  commit(
    request: ArchiveRequest,
  ): Promise<{ readonly kind: "committed"; readonly sha: string } | { readonly kind: "stale" } | { readonly kind: "protected" }>;
  openPullRequest(
    request: ArchiveRequest & { readonly branch: string; readonly body: string },
  ): Promise<{ readonly number: number; readonly url: string }>;
  /** The file on the default branch, null when there is none. */
  file(path: string): Promise<TrustedFile | null>;
  /** An open or merged pull request from this branch, null when there is none. */
  pullRequest(branch: string): Promise<{ readonly number: number; readonly url: string } | null>;
}
export interface ArchiveRequest {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly headline: string;
  readonly expectedHead: string;
}

/** What a target of an action needs to be looked at or moved; see `actions/action.ts`. */
export interface TargetContext {
  readonly service: Service;
  readonly target: Target;
  readonly key: EffectKey;
  readonly state: Json;
}

/** Job `open`. */
export interface IntakePorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly incidents: IncidentList;
  readonly issues: IssueWriter;
  readonly comments: CommentWriter;
  readonly people: People;
}
/** Job `respond`: the mind. */
export interface MindPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly issues: IssueWriter;
  readonly comments: CommentWriter;
  readonly reactor: Reactor;
  readonly people: People;
  readonly environments: Environments;
  readonly runs: Runs;
  readonly incidents: IncidentList;
  readonly reservations: Pick<Reservations, "of">;
  readonly sources: readonly Source[];
  readonly signals: SignalReader;
  readonly read: ReadWorld;
  readonly pager: Pager;
  readonly analyst: Analyst;
  readonly archived: Pick<Archive, "file" | "pullRequest">;
}
/** Job `hand-over`. */
export interface HandOverPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly incidents: IncidentList;
  readonly runs: Runs;
  readonly dispatcher: Dispatcher;
}
/** Job `check`. */
export interface CheckPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly people: People;
  readonly environments: Environments;
  readonly incidents: IncidentList;
  readonly runs: Runs;
  readonly reservations: Reservations;
}
/** Job `remediate`: the hands. */
export interface HandsPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly comments: CommentWriter;
  readonly people: People;
  readonly environments: Environments;
  readonly incidents: IncidentList;
  readonly reservations: Pick<Reservations, "of">;
  readonly signals: SignalReader;
  readonly world: World;
}
/** Job `archive`. */
export interface ArchivePorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly archive: Archive;
}
/** Jobs `wake` and `sweep`. */
export interface WakePorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly incidents: IncidentList;
  readonly dispatcher: Dispatcher;
}
/** Job `alarm`. */
export interface AlarmPorts {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly issues: IssueWriter;
  readonly comments: CommentWriter;
  readonly pager: Pager;
}

type Never<T extends false> = T;
export type WhoTouchesDoesNotThink = Never<"analyst" extends keyof HandsPorts ? true : false>;
export type WhoThinksCannotTouch = Never<"world" extends keyof (MindPorts & ArchivePorts) ? true : false>;
