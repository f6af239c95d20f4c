/** What is known of changes, and of what they are asked to explain. Our own words: every source is brought into these. */

export interface Rollout {
  readonly service: string;
  readonly at: number; // ms since the epoch: when it reached, or began to reach, production
}
export interface Change {
  readonly id: string; // commit, flag name, release …
  readonly of: "commit" | "deployment" | "config" | "flag";
  readonly at: number; // when it was made, ms since the epoch
  readonly message: string;
  readonly files: readonly string[];
  /** Changed lines as `git diff` prints them, with or without file headers; null: not read. */
  readonly diff: string | null;
  /** Empty: it never reached production. null: not known, then `at` stands for it. */
  readonly rollouts: readonly Rollout[] | null;
}
/** Something seen in the incident, with the words it was seen in. */
export interface Sign {
  readonly text: string;
  readonly service: string | null;
  /** How much of the incident it stands for, from 0: an alert 2 or 3, a new error by its number, a metric 1. */
  readonly weight: number;
  readonly source: "alert" | "log" | "trace" | "metric";
}
/** A series that left its normal band. */
export interface Shift {
  readonly service: string;
  readonly name: string;
  readonly at: number;
  readonly direction: "rose" | "fell";
}
export interface Symptoms {
  /** When people were told, ms since the epoch. What reached production later is no cause. */
  readonly noticedAt: number;
  /** Earliest sign; the same as `noticedAt` where nothing better is known. */
  readonly onset: number;
  /** Services that show it, likeliest origin first. */
  readonly services: readonly string[];
  /** Every service known by name: what is not among them is someone else's. */
  readonly known: readonly string[];
  /** Services of which figures or lines are read at all; not given: all that are known. */
  readonly watched?: readonly string[];
  /** Services that nobody of ours calls: what rises there is load from outside. */
  readonly entries: readonly string[];
  readonly signs: readonly Sign[];
  readonly shifts: readonly Shift[];
}
export interface Reason {
  readonly what: string;
  readonly strength: number; // 0…1
}
export interface RankedChange {
  readonly id: string;
  readonly of: Change["of"];
  readonly score: number; // 0…1
  readonly for: readonly Reason[]; // strongest first
  readonly against: readonly Reason[];
}
/** `outside`: positive signs of a cause that no change of ours brought. `none`: no change stands out, which is not to say that none did it. */
export type Verdict =
  | { readonly kind: "change"; readonly id: string; readonly why: string }
  | { readonly kind: "outside"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

export interface ChangeRanking {
  readonly ranked: readonly RankedChange[]; // likeliest first
  readonly verdict: Verdict;
}
