/** What a runbook means, once parsed. Times are milliseconds. */
import type { WantedCriterion } from "../../plan/proposal.js";
import type { Json, NonEmpty } from "../../words.js";

export type ChangeKind = "deployment" | "config" | "commit" | "release";
export interface ChangeCondition {
  readonly kind: "change";
  readonly of: readonly ChangeKind[];
  readonly withinMs: number;
  readonly weight: number;
}
/** A state or an event of an object of a cluster: a pod, a node, a service, a claim, a quota. */
export interface StatementCondition {
  readonly kind: "state" | "event";
  readonly of: string;
  readonly reasons: readonly string[]; // one of them
  readonly match: RegExp | null; // on its details
  readonly anywhere: boolean; // of any object, not only of the one to blame
  readonly weight: number;
}
/** One of these signals left its band this way, and lies beyond the bound now where there is one. */
export interface MetricCondition {
  readonly kind: "metric";
  readonly signals: readonly string[];
  readonly direction: "rose" | "fell";
  readonly beyond: number | null; // in the signal's own unit
  readonly weight: number;
}
export type Condition =
  | { readonly kind: "log"; readonly match: RegExp; readonly newSinceOnset: boolean; readonly weight: number }
  | MetricCondition
  | ChangeCondition
  | StatementCondition
  | { readonly kind: "alert"; readonly match: RegExp; readonly weight: number };

export interface RunbookAction {
  readonly applies: "always" | "recent-deployment" | "else";
  readonly action: string;
  readonly target: string; // "people" for `manual`
  readonly params: Readonly<Record<string, Json>>;
}
export interface Runbook {
  readonly id: string;
  readonly sha: string; // git blob id of the file
  readonly path: string;
  readonly title: string;
  readonly alsoKnownAs: readonly string[]; // what others call this cause
  readonly cause: string; // with {service}, {object} and {why}
  readonly claimsAtMost: number; // 0…1: below 1 for a symptom whose cause is elsewhere
  readonly any: boolean;
  readonly inOrder: boolean; // signals begin in the order they are written in
  readonly signals: NonEmpty<Condition>;
  readonly excludes: readonly Condition[];
  readonly lookAlikes: ReadonlyMap<string, string>; // runbook id → what tells it apart
  readonly after: ChangeCondition | null;
  readonly actions: readonly RunbookAction[];
  readonly verify: readonly WantedCriterion[];
  readonly followUps: readonly string[];
  readonly body: string; // prose, markdown
}
