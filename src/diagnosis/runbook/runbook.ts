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
export type Condition =
  | { readonly kind: "log"; readonly match: RegExp; readonly newSinceOnset: boolean; readonly weight: number }
  | { readonly kind: "metric"; readonly signal: string; readonly direction: "rose" | "fell"; readonly weight: number }
  | ChangeCondition
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
  readonly cause: string; // with {service} and {why}
  readonly any: boolean;
  readonly signals: NonEmpty<Condition>;
  readonly excludes: readonly Condition[];
  readonly lookAlikes: ReadonlyMap<string, string>; // runbook id → what tells it apart
  readonly after: ChangeCondition | null;
  readonly actions: readonly RunbookAction[];
  readonly verify: readonly WantedCriterion[];
  readonly followUps: readonly string[];
  readonly body: string; // prose, markdown
}
