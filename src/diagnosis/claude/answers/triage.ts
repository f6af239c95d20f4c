/** What the small model may say about severity, and what of it counts. */
import { z } from "zod";
import type { Triage } from "../../../incident/facts.js";
import { SEVERITIES, type Severity } from "../../../words.js";

/** What an alert can show, each with the words that code writes about it. */
const SIGNS = {
  "complete-outage": "the alerts report a complete outage",
  "many-users": "the alerts report many users affected",
  "core-function": "the alerts report a core function failing",
  "data-at-risk": "the alerts report data at risk",
  degraded: "the alerts report degraded service",
  "warning-only": "the alerts only warn",
  unclear: "the alerts do not say how bad it is",
} as const;
const SIGN_WORDS = Object.keys(SIGNS) as readonly (keyof typeof SIGNS)[];

export const TriageAnswer = z.strictObject({
  shows: z.enum(SIGN_WORDS),
  alerts: z.array(z.string().max(8)).max(20).describe("ids of the alerts that show it"),
  severity: z.enum(SEVERITIES),
});
export type TriageAnswer = z.infer<typeof TriageAnswer>;

/** It may raise the suggested severity by one step where an alert that exists shows it, and never lower it: alerts are written outside. */
export function judgeTriage(answer: TriageAnswer, suggested: Triage, alertCount: number, model: string): Triage {
  const exists = answer.alerts.some((id) => isAlert(id, alertCount));
  const raised = raiseOnce(suggested.severity, answer.severity);
  if (!exists || raised === suggested.severity) return suggested;
  return {
    ...suggested,
    severity: raised,
    why: `${suggested.why}; raised from ${suggested.severity} by ${model}: ${SIGNS[answer.shows]}`,
  };
}

function isAlert(id: string, count: number): boolean {
  const number = Number(/^A([1-9]\d{0,3})$/.exec(id)?.[1] ?? 0);
  return number >= 1 && number <= count;
}

function raiseOnce(from: Severity, to: Severity): Severity {
  const [now, wanted] = [SEVERITIES.indexOf(from), SEVERITIES.indexOf(to)];
  return wanted < now ? (SEVERITIES[now - 1] ?? from) : from;
}
