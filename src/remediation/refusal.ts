import type { ReasonCode } from "../render/reasons.js";

/** Why a plan is not carried out (further). */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: ReasonCode;
  readonly why: string;
}

export function refuse(reason: ReasonCode, why: string): Refusal {
  return { kind: "refused", reason, why };
}
