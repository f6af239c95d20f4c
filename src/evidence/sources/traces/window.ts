import type { SourceRequest, Window } from "../../../ports.js";

/** Alerts hold before they fire: a trace this long before the alert may already be the fault's. */
const LEAD_MS = 5 * 60_000;

/** The window of logs, split where the fault may have begun. `before` may be empty. */
export function splitWindow({ logs, onset }: SourceRequest): { readonly before: Window; readonly since: Window } {
  const split = new Date(Math.max(logs.from.getTime(), onset.getTime() - LEAD_MS));
  return { before: { from: logs.from, to: split }, since: { from: split, to: logs.to } };
}

export function isEmpty({ from, to }: Window): boolean {
  return from.getTime() >= to.getTime();
}
