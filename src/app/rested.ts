import type { Rested } from "../mind/respond.js";
import type { Wait } from "../step.js";
import { outcome, type Outcome } from "./app.js";

const NEXT: Readonly<Record<Wait["for"], { readonly next: "wait" | "gate" | "archive"; readonly comes: string }>> = {
  approval: { next: "wait", comes: "An approver answers the plan." },
  people: { next: "wait", comes: "People have it: /retry, /plan or /resolve." },
  gate: { next: "gate", comes: "The gated job is started." },
  hands: { next: "wait", comes: "The hands are at work and wake the mind when they end." },
  archive: { next: "archive", comes: "The post-mortem is filed." },
  nothing: { next: "wait", comes: "The incident is closed." },
};

/** What the mind did, in its own words, and what it waits for. */
export function restedInWords({ incident, wait, happened }: Rested): Outcome {
  const { next, comes } = NEXT[wait.for];
  const until = wait.until ? ` Deadline: ${wait.until.toISOString()}.` : "";
  const done = happened.length > 0 ? `Did: ${happened.join(", ")}.` : "Nothing was due.";
  const reason = incident.phase.at === "escalated" ? incident.phase.reason : null;
  return outcome({
    incident: incident.number,
    phase: incident.phase.at,
    next,
    reason,
    happened: [done],
    comesNext: `${comes}${until}`,
  });
}
