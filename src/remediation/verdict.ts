/** Did it help? Pure: from readings over time to a verdict. A gap never counts as recovered. */
import { VERIFY_LIMIT_IN_SOAKS, type Criterion } from "../plan/plan.js";
import type { Verdict } from "../words.js";

/** All criteria at one moment, in the plan's order. `holds` null: a gap. */
export interface Sample {
  readonly at: Date;
  readonly values: readonly (number | null)[];
  readonly holds: readonly (boolean | null)[];
}
export interface VerdictInput {
  readonly criteria: readonly Criterion[];
  readonly before: readonly (number | null)[]; // just before the first step
  readonly samples: readonly Sample[]; // oldest first
  readonly startedAt: Date;
  readonly soakMs: number;
  readonly now: Date;
}

/** A reading this much beyond the one before the step is worse, not noise. */
const WORSE_FACTOR = 1.25;
const WORSE_RATIO = 0.05;

/** @returns null while it is too early to say */
export function decideVerdict(input: VerdictInput): Verdict | null {
  const { samples, soakMs, startedAt, now } = input;
  if (heldFor(samples, (sample) => sample.holds.every((holds) => holds === true), now) >= soakMs) return "recovered";
  if (heldFor(samples, (sample) => isWorse(sample, input), now) >= soakMs) return "worse";
  if (now.getTime() - startedAt.getTime() < VERIFY_LIMIT_IN_SOAKS * soakMs) return null;
  return samples.at(-1)?.holds.every((holds) => holds !== null) ? "unchanged" : "unknown";
}

/** How long, up to now, every sample has met the test without a break. */
function heldFor(samples: readonly Sample[], meets: (sample: Sample) => boolean, now: Date): number {
  const broken = samples.findLastIndex((sample) => !meets(sample));
  const first = samples[broken + 1];
  return first ? now.getTime() - first.at.getTime() : -1;
}

function isWorse(sample: Sample, { criteria, before }: VerdictInput): boolean {
  return criteria.some((criterion, index) => {
    const value = sample.values[index] ?? null;
    const start = before[index] ?? null;
    if (criterion.kind !== "signal" || value === null || start === null) return false;
    if (sample.holds[index] === true) return false; // a promise that is kept is no reason to undo
    return criterion.holds === "below"
      ? value > worseThan(start, criterion.unit)
      : value < start / WORSE_FACTOR - (criterion.unit === "ratio" ? WORSE_RATIO : 0);
  });
}

function worseThan(start: number, unit: string | null): number {
  return Math.max(start * WORSE_FACTOR, unit === "ratio" ? start + WORSE_RATIO : start + 1);
}

export function criterionHolds(criterion: Criterion, value: number | null): boolean | null {
  if (value === null) return null;
  if (criterion.kind === "alert-not-firing") return value === 0;
  return criterion.holds === "below" ? value < criterion.bound : value > criterion.bound;
}
