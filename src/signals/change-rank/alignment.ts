/** Whether the trouble began where and when a change arrived. Pure. */
import { CLOCK_SKEW_MS } from "../change-rank.js";
import type { Shift, Symptoms } from "./model.js";

/** Something moved this soon after it arrived. */
export const PROMPT_MS = 10 * 60_000;
const OWN = 1;
const NEAR = 0.4;

/** What moved within minutes after `at`, first one first. */
export function movedAfter(at: number, { shifts }: Pick<Symptoms, "shifts">): readonly Shift[] {
  return shifts
    .filter((shift) => shift.at >= at - CLOCK_SKEW_MS && shift.at <= at + PROMPT_MS)
    .toSorted((a, b) => a.at - b.at);
}

/**
 * @param services - where it went out; empty: not known
 * @returns 1: what it went out with moved within minutes, and was quiet before; less where only others moved; 0 when trouble came first
 */
export function alignmentOf(at: number, services: readonly string[], symptoms: Symptoms): number {
  if (at > symptoms.onset + CLOCK_SKEW_MS) return 0;
  const moved = movedAfter(at, symptoms);
  const own = moved.filter(({ service }) => services.includes(service));
  const stirredBefore = symptoms.shifts.some((shift) => services.includes(shift.service) && shift.at < at - CLOCK_SKEW_MS);
  if (own.length > 0) return stirredBefore ? NEAR : OWN;
  return moved.length > 0 ? NEAR : 0;
}
