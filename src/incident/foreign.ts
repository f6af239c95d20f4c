import type { Issue } from "../ports.js";

/** Every document of ours carries this in a hidden line, be it valid or not. */
const TRACE = "<!-- gatehouse:";

/**
 * An issue that was never an incident, although our bot opened it: other workflows use the same bot, and so does the alarm.
 * One that has lost its journal keeps its label, or the traces of it; whoever removes both removes the incident from sight.
 */
export function isForeign({ body, labels }: Pick<Issue, "body" | "labels">): boolean {
  return !labels.includes("incident") && !body.includes(TRACE);
}
