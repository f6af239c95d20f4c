/** Which change the symptoms speak of, and whether they speak of none of ours. Pure. */
import { reviewChanges } from "../../evidence/change-review.js";
import type { DiagnosisInput } from "../../ports.js";
import type { ObservationId } from "../../words.js";
import type { Runbook } from "./runbook.js";

export interface Suspects {
  /** The change that fits the symptoms better than any other. null: none does. */
  readonly suspect: ObservationId | null;
  /** Why the cause lies outside our changes, with words of the evidence in it. null: no sign of that. */
  readonly outside: string | null;
}

/** Code that went out may fail at somebody else's fault, but whoever blames it needs more than that it went out. */
export const OUTSIDE_CAP = { reason: "there are signs of a cause that no change of ours brought", to: 0.6 } as const;

export function findSuspects(input: DiagnosisInput): Suspects {
  const { verdict } = reviewChanges(input);
  const named = verdict.kind === "change" ? input.observations.find(({ id }) => id === verdict.id) : undefined;
  return { suspect: named?.id ?? null, outside: verdict.kind === "outside" ? verdict.why : null };
}

/** It cannot hold without a change: its cause is the change itself. */
export function blamesChange({ any, signals }: Runbook): boolean {
  return !any && signals.some(({ kind }) => kind === "change");
}
