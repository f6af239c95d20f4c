/** What a reading was before the onset, in words: what already was trouble is never called normal. */
import { quantity } from "./units.js";

/** Name of the signal that says which share of requests fails. */
export const ERROR_RATIO = "error-ratio";
/** From this share of failing requests on, triage sees more than a P3. */
export const TROUBLE_RATIO = 0.02;

/** "normal 0.3 %", or "already 34 % before the alert" when that share of requests was failing anyway. */
export function baseline(before: number | null, signal: string, unit: string | null): string {
  const wasTrouble = signal === ERROR_RATIO && before !== null && before >= TROUBLE_RATIO;
  return wasTrouble ? `already ${quantity(before, unit)} before the alert` : `normal ${quantity(before, unit)}`;
}
