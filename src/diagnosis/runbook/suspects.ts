/** Which change the symptoms speak of, and whether they speak of none of ours: what the review of the evidence found. Pure. */
import { readForMatching } from "../../outside/match.js";
import type { DiagnosisInput } from "../../ports.js";
import type { ObservationId } from "../../words.js";
import type { Runbook } from "./runbook.js";

export interface Suspects {
  /** The change that fits the symptoms better than any other, and what carried it. Empty: none does. */
  readonly suspects: readonly ObservationId[];
  /** Why the cause lies outside our changes, with words of the evidence in it. null: no sign of that. */
  readonly outside: string | null;
}

/** Code that went out may fail at somebody else's fault, but whoever blames it needs more than that it went out. */
export const OUTSIDE_CAP = { reason: "there are signs of a cause that no change of ours brought", to: 0.6 } as const;

export function findSuspects({ review }: Pick<DiagnosisInput, "review">): Suspects {
  return { suspects: review.ids, outside: review.verdict === "outside" ? readForMatching(review.why) : null };
}

/** It cannot hold without a change: its cause is the change itself. */
export function blamesChange({ any, signals }: Runbook): boolean {
  return !any && signals.some(({ kind }) => kind === "change");
}
