import type { Rested } from "../mind/respond.js";
import type { DiagnoseOnlyResult } from "../mind/diagnose-only.js";
import type { Refusal } from "../remediation/refusal.js";
import type { Step, Wait } from "../step.js";
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

export function refusedByMind({ reason, why }: Refusal, incident: number): Outcome {
  return outcome({
    incident,
    reason,
    happened: [why],
    comesNext: "People are told on the issue and paged; nothing was changed.",
    failed: true,
  });
}

export function previewed(step: Step | Refusal, incident: number): Outcome {
  if ("kind" in step) return refusedByMind(step, incident);
  const would = step.do === "wait" ? `It would wait for ${step.for}.` : `It would ${step.do} first.`;
  return outcome({ incident, happened: [would], comesNext: "This was a dry run: nothing was changed." });
}

export function diagnosedOnly(result: DiagnoseOnlyResult): Outcome {
  if (result.kind === "refused")
    return outcome({
      reason: result.reason,
      happened: [result.why],
      comesNext: "Pass the mind's private key as signing-key.",
      failed: true,
    });
  const { incident } = result;
  const happened =
    result.kind === "said"
      ? "Without a signing key: diagnosed, said in one comment, called people."
      : "Without a signing key: the diagnosis is on the issue already.";
  return outcome({
    incident,
    reason: "no-key",
    next: "wait",
    happened: [happened],
    comesNext: "People have it; with a key the incident could be planned, approved and carried out.",
  });
}
