/** Whether the trouble began where and when a change arrived. Pure. */
import { CLOCK_SKEW_MS } from "../change-rank.js";
import type { Shift, Symptoms } from "./model.js";

/** Something moved this soon after it arrived. */
const PROMPT_MS = 10 * 60_000;
const NEAR = 0.4;
/** So long a rollout may take; after it, each minute that all went well speaks for it. */
const UNDER_WAY_MS = 4 * 60_000;
const LEFT_AT_LAST = 0.5;

/** What moved within minutes after `at`, first one first. */
export function movedAfter(at: number, { shifts }: Pick<Symptoms, "shifts">): readonly Shift[] {
  return shifts.filter((shift) => shift.at >= at - CLOCK_SKEW_MS && shift.at <= at + PROMPT_MS).toSorted((a, b) => a.at - b.at);
}

/**
 * @returns 1: what it went out with moved at once, and was quiet before; less the longer it took and where only others moved; 0 when trouble came first
 */
export function alignmentOf(at: number, service: string, symptoms: Symptoms): number {
  if (at > symptoms.onset + CLOCK_SKEW_MS) return 0;
  const moved = movedAfter(at, symptoms);
  const own = moved.filter((each) => each.service === service);
  const stirredBefore = symptoms.shifts.some((shift) => shift.service === service && shift.at < at - CLOCK_SKEW_MS);
  const [first] = own;
  if (first !== undefined) return stirredBefore ? NEAR : Math.max(NEAR, soonness(first.at - at));
  return moved.length > 0 ? NEAR : 0;
}

function soonness(afterMs: number): number {
  const past = Math.max(0, afterMs - UNDER_WAY_MS) / (PROMPT_MS - UNDER_WAY_MS);
  return 1 - (1 - LEFT_AT_LAST) * past;
}
