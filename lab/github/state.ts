import type { Actor, LabEnvironment, LabRun, RepoRole } from "../model.js";
import type { RuleType } from "./options.js";

export interface UserRecord extends Actor {
  readonly role: RepoRole | null;
  readonly createdAt: Date;
}

export const reactionContents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;
export type ReactionContent = (typeof reactionContents)[number];
export interface ReactionRecord {
  readonly id: number;
  readonly content: ReactionContent;
  readonly user: Actor;
  readonly createdAt: Date;
}

export interface EditRecord {
  readonly id: number;
  readonly editor: Actor;
  readonly editedAt: Date;
  readonly body: string;
}

/** What issues and comments share: a body with its history. */
export interface Editable {
  body: string;
  readonly author: Actor;
  readonly createdAt: Date;
  updatedAt: Date;
  /** The first entry is the original body; empty until the body is edited for the first time. */
  readonly edits: EditRecord[];
  lastEditedAt: Date | null;
  editor: Actor | null;
  readonly reactions: ReactionRecord[];
}

export interface CommentRecord extends Editable {
  readonly id: number;
  readonly issueNumber: number;
}

export interface TimelineRecord {
  readonly id: number;
  readonly event: "labeled" | "unlabeled" | "closed" | "reopened" | "locked" | "unlocked" | "renamed" | "assigned";
  readonly actor: Actor;
  readonly createdAt: Date;
  readonly label?: LabelRecord;
  readonly rename?: { readonly from: string; readonly to: string };
  readonly assignee?: Actor;
  readonly stateReason?: string | null;
}

export interface PullRecord {
  readonly id: number;
  readonly base: string;
  readonly baseSha: string;
  readonly head: string;
  readonly draft: boolean;
}

export interface IssueRecord extends Editable {
  readonly id: number;
  readonly number: number;
  title: string;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  locked: boolean;
  lockReason: string | null;
  readonly labels: Set<string>; // names as in `State.labels`
  assignees: Actor[];
  closedAt: Date | null;
  closedBy: Actor | null;
  readonly comments: CommentRecord[];
  readonly timeline: TimelineRecord[];
  readonly pull: PullRecord | null;
}

export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export type DeploymentState = "error" | "failure" | "inactive" | "pending" | "success" | "queued" | "in_progress" | "waiting";
export interface DeploymentStatusRecord {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creator: Actor;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: Date;
}
export interface DeploymentRecord {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: Actor;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly statuses: DeploymentStatusRecord[]; // oldest first
}

export interface RulesetRecord {
  readonly id: number;
  readonly name: string;
  readonly target: "branch" | "tag";
  readonly enforcement: "active" | "disabled" | "evaluate";
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly RuleType[];
  readonly createdAt: Date;
}

/** Everything the stand-in remembers, apart from git. */
export interface State {
  readonly users: Map<string, UserRecord>; // by lower-case login
  readonly issues: IssueRecord[];
  readonly labels: Map<string, LabelRecord>; // by lower-case name
  readonly deployments: DeploymentRecord[]; // oldest first
  readonly environments: Map<string, LabEnvironment>; // by lower-case name
  readonly rulesets: RulesetRecord[];
  readonly runs: LabRun[];
  readonly createdAt: Date;
  /** A fresh id, larger than all before; below 2^31 because GraphQL's `databaseId` is a 32-bit Int. */
  nextId(): number;
}

export function createState(createdAt: Date): State {
  let lastId = 1_700_000_000;
  return {
    users: new Map(),
    issues: [],
    labels: new Map(),
    deployments: [],
    environments: new Map(),
    rulesets: [],
    runs: [],
    createdAt,
    nextId: () => ++lastId,
  };
}

/** The account behind every job token. */
export const actionsBot: Actor = { id: 41_898_282, login: "github-actions[bot]", type: "Bot" };
