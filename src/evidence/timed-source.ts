import type { Source } from "../ports.js";

/** A source that says how long it may take; others get `DEFAULT_TIMEOUT_MS`. */
export interface TimedSource extends Source {
  readonly timeoutMs: number;
}
export const DEFAULT_TIMEOUT_MS = 10_000;

export function timeoutOf(source: Source): number {
  return "timeoutMs" in source && typeof source.timeoutMs === "number" ? source.timeoutMs : DEFAULT_TIMEOUT_MS;
}
