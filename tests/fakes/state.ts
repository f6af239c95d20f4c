/** What the fake GitHub remembers. */
import { createHash } from "node:crypto";
import type {
  Author,
  DeploymentRecord,
  EnvironmentFacts,
  Issue,
  Reaction,
  TagRuleset,
  ThreadComment,
  Trunk,
  WorkflowRun,
} from "../../src/ports.js";
import type { Role } from "../../src/words.js";
import type { FakeClock } from "./fake-clock.js";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type IssueRecord = Mutable<Issue> & { updatedAt: Date };
export type CommentRecord = Omit<Mutable<ThreadComment>, "ourReactions"> & {
  ourReactions: Reaction[];
  incident: number;
  updatedAt: Date;
};
export interface RunRecord extends Mutable<WorkflowRun> {
  readonly repository: string;
  readonly workflow: string; // file name
  readonly inputs: Readonly<Record<string, string>>;
  /** False: the list of runs never shows it, as when GitHub's index lags. */
  readonly listed: boolean;
}
export interface PullRecord {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly body: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  state: "open" | "merged" | "closed";
}
export interface CommitRecord {
  readonly sha: string;
  readonly headline: string;
  readonly files: readonly string[];
}

export interface FakeState {
  readonly clock: FakeClock;
  readonly repository: string;
  readonly repositoryId: number;
  readonly visibility: Trunk["visibility"];
  readonly defaultBranch: string;
  readonly configPath: string;
  readonly indexPath: string;
  readonly bot: Author;
  readonly files: Map<string, string>; // of the default branch
  readonly commits: CommitRecord[]; // oldest first; the last one is the head
  readonly issues: Map<number, IssueRecord>;
  readonly comments: Map<number, CommentRecord>;
  readonly roles: Map<string, Role>;
  readonly teams: Map<string, readonly string[]>; // a missing team cannot be checked
  readonly environments: Map<string, EnvironmentFacts>;
  tagRulesets: readonly TagRuleset[];
  readonly runs: RunRecord[]; // oldest first
  readonly tags: Map<string, { readonly message: string; readonly commit: string }>;
  readonly deployments: Mutable<DeploymentRecord>[]; // oldest first
  readonly pulls: PullRecord[];
  /** Branch protection that keeps our bot from committing. */
  trunkIsProtected: boolean;
  nextId(): number;
  nextNumber(): number; // issues and pull requests share it
}

/** GitHub keeps whole seconds. */
export function stamp(clock: FakeClock): Date {
  return new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
}

export function blobSha(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest("hex");
}

export function headOf(state: FakeState): string {
  return state.commits.at(-1)?.sha ?? "";
}

/** Puts files on the default branch in one commit; the head moves. */
export function commitFiles(
  state: FakeState,
  headline: string,
  files: readonly { readonly path: string; readonly text: string }[],
): string {
  for (const file of files) state.files.set(file.path, file.text);
  const content = JSON.stringify([headOf(state), headline, files, state.commits.length]);
  const sha = createHash("sha1").update(content).digest("hex");
  state.commits.push({ sha, headline, files: files.map((file) => file.path) });
  return sha;
}
