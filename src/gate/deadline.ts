import type { Incident } from "../incident/incident.js";
import type { Step } from "../step.js";
import { shortDigest } from "../words.js";

/** A plan that nobody answered in time goes to people. */
export function decideOverdue({ phase }: Incident, now: Date): Step | null {
  if (phase.at !== "awaiting-approval" || now < phase.plan.plan.expiresAt) return null;
  const detail = `Nobody approved or rejected plan ${shortDigest(phase.plan.digest)} by ${phase.plan.plan.expiresAt.toISOString()}.`;
  return { do: "escalate", reason: "no-answer", detail };
}
