/** How suspicious a change is by when it happened. Pure. */
import { clamp } from "./robust.js";

export interface DatedChange {
  readonly of: "deployment" | "config" | "commit" | "release";
  readonly at: number; // ms since the epoch: when it reached, or began to reach, production
  readonly state: "went-out" | "failed" | "under-way";
  /** Aimed at an environment that is not production, as far as its name tells. */
  readonly elsewhere: boolean;
}

/** Clocks of two systems may differ by this much: a change dated so little after the onset still counts as before it. */
export const CLOCK_SKEW_MS = 60_000;

const FULL_FOR_MS = 10 * 60_000;
const HALF_LIFE_MS = 60 * 60_000;
const KIND_WEIGHT = { deployment: 0.95, config: 0.95, release: 0.9, commit: 0.5 } as const;
const STATE_WEIGHT = { "went-out": 1, "under-way": 0.9, failed: 0.6 } as const;

/** Whether it can have caused something that began at `onset`. */
export function isBeforeOnset(at: number, onset: number): boolean {
  return at <= onset + CLOCK_SKEW_MS;
}

/** 0.02…0.95: full within ten minutes before the onset, halved by every further hour; what came after it is no cause. */
export function rankChange(change: DatedChange, onset: number): number {
  if (!isBeforeOnset(change.at, onset)) return 0.05;
  const pastFullMs = Math.max(0, onset - change.at - FULL_FOR_MS);
  const nearness = 2 ** (-pastFullMs / HALF_LIFE_MS);
  const place = change.elsewhere ? 0.3 : 1;
  return clamp(KIND_WEIGHT[change.of] * STATE_WEIGHT[change.state] * place * nearness, 0.02, 0.95);
}
