import type { EffectKey } from "../words.js";

/** Names one outside effect for ever: the plan, the step and the direction. Lower case, digits and dashes only. */
export function effectKey(digest: string, step: number, direction: "apply" | "undo"): EffectKey {
  return `gh-${digest.slice(0, 16)}-${step}-${direction}` as EffectKey;
}
