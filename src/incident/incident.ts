/** What follows from the facts. Made by `fold` alone. */
import type { NonEmpty, Severity, Verdict, EffectKey } from "../words.js";
import type { Plan } from "../plan/plan.js";
import type { Alert, Diagnosis, Evidence, ExecutionOutcome, Fact, Reading, Warrant } from "./facts.js";
import type { Digest } from "../words.js";

/** A plan as the journal holds it; re-guarded before anything acts on it. */
export interface JournaledPlan {
  readonly plan: Plan;
  readonly digest: Digest;
  readonly proposedBy: string;
}
export interface PostedPlan extends JournaledPlan {
  readonly comment: number;
  readonly bodySha256: string;
  readonly url: string;
}
export interface Effect {
  readonly key: EffectKey;
  readonly step: number;
  readonly direction: "apply" | "undo";
  /** null: intended, not known to be finished. */
  readonly outcome: "ok" | "failed" | "drifted" | "ambiguous" | null;
  readonly intendedAt: Date;
  readonly detail: string | null;
  readonly url: string | null;
}
export interface Verification {
  readonly verdict: Verdict;
  readonly readings: readonly Reading[];
  readonly afterStep: number;
  readonly at: Date;
}
export interface Execution {
  readonly warrant: Warrant;
  readonly startedAt: Date;
  readonly reservation: number; // the newest k
  readonly run: number;
  readonly readingsBefore: readonly Reading[];
  readonly effects: readonly Effect[];
  readonly verifications: readonly Verification[];
  readonly outcome: ExecutionOutcome | null; // null: unfinished
  readonly endedAt: Date | null;
}
export type Phase =
  | { readonly at: "opened" }
  | { readonly at: "triaged" }
  | { readonly at: "informed"; readonly evidence: Evidence }
  | { readonly at: "diagnosed"; readonly diagnosis: Diagnosis; readonly evidence: Evidence }
  | { readonly at: "planned"; readonly plan: JournaledPlan }
  | { readonly at: "awaiting-approval"; readonly plan: PostedPlan }
  | { readonly at: "approved"; readonly plan: PostedPlan; readonly warrant: Warrant }
  | { readonly at: "remediating"; readonly plan: PostedPlan; readonly execution: Execution }
  | { readonly at: "escalated"; readonly reason: string; readonly plan: PostedPlan | null }
  | { readonly at: "resolved"; readonly narrated: boolean }
  | { readonly at: "closed"; readonly path: string };

export interface AlertState {
  readonly alert: Alert; // as last told
  readonly count: number;
}
export interface Incident {
  readonly number: number; // the issue; its only id
  readonly severity: Severity | null;
  readonly service: string | null; // name in the catalogue
  readonly alerts: NonEmpty<AlertState>; // one per fingerprint, in order of arrival
  readonly keys: ReadonlySet<string>; // dispatch keys seen
  readonly openedAt: Date;
  readonly onset: Date; // earliest start of its alerts
  readonly phase: Phase;
  readonly attempt: number; // of diagnosis, from 1
  readonly roundStart: number; // the attempt with which this round began: `/retry` begins a new one
  readonly held: boolean;
  readonly acknowledgedBy: string | null;
  readonly answered: ReadonlySet<number>; // ids of comments dealt with
  readonly plans: readonly JournaledPlan[]; // every plan ever made
  readonly deadDigests: ReadonlySet<string>; // rejected, expired, executed, replaced
  readonly executions: readonly Execution[];
  readonly pagesSent: ReadonlySet<string>; // keys
  readonly hints: readonly string[]; // of `/retry`
  readonly causeByPerson: string | null; // of `/cause`
  readonly severityByPerson: Severity | null; // of `/severity`
  /** When the newest word of the monitor was last checked by measuring. */
  readonly recoveryCheckedAt: Date | null;
  readonly approvedDigests: ReadonlySet<string>; // plans that were approved at some time
  /** Dead plans whose reservation was used up, so that no old record of their approval can start them. */
  readonly burnedDigests: ReadonlySet<string>;
  readonly costUsd: number;
  /** Sent to models so far. */
  readonly inputTokens: number;
  readonly facts: NonEmpty<Fact>;
}
