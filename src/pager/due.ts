import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import type { Step } from "../step.js";
import { shortDigest } from "../words.js";

/** Share of the recovery target after which people are warned. */
const WARN_AT = 0.75;

type Page = Extract<Step, { do: "page" }>;

/**
 * Who must be called now: at opening (P0, P1), when a plan waits, on every escalation, and when the recovery target runs out.
 * Each page has a key and is sent until one channel has taken it.
 */
export function duePage(incident: Incident, now: Date, config: Config): Page | null {
  const due = [
    openingPage(incident),
    closedByHandPage(incident),
    waitingPage(incident),
    escalationPage(incident),
    askedForPage(incident),
    ...recoveryPages(incident, now, config),
  ];
  return due.find((page) => page !== null && !incident.pagesSent.has(page.key)) ?? null;
}

function openingPage({ severity, phase }: Incident): Page | null {
  const urgent = severity === "P0" || severity === "P1";
  return urgent && !isOver(phase.at) ? { do: "page", reason: "opened", key: "opened" } : null;
}

function waitingPage({ phase }: Incident): Page | null {
  return phase.at === "awaiting-approval"
    ? { do: "page", reason: "your-approval", key: `approval:${shortDigest(phase.plan.digest)}` }
    : null;
}

/** Closing the issue is not an answer; whoever did it may believe that it is over. */
function closedByHandPage({ facts, phase }: Incident): Page | null {
  const times = facts.filter((fact) => fact.fact === "noticed" && fact.what === "closed-by-hand").length;
  return times > 0 && !isOver(phase.at) ? { do: "page", reason: "closed-by-hand", key: `closed-by-hand:${times}` } : null;
}

function escalationPage({ phase, facts }: Incident): Page | null {
  if (phase.at !== "escalated") return null;
  const reason = facts.findLast((fact) => fact.fact === "escalated");
  if (!reason) return null;
  return {
    do: "page",
    reason: reason.reason as Page["reason"],
    key: `escalated:${facts.filter(({ fact }) => fact === "escalated").length}`,
  };
}

/** While a plan is carried out the phase stays, so a call for help is a page of its own. */
function askedForPage({ phase, facts }: Incident): Page | null {
  if (phase.at !== "remediating") return null;
  const since = facts.slice(facts.findLastIndex(({ fact }) => fact === "approved"));
  const calls = since.filter((fact) => fact.fact === "command" && fact.verb === "escalate" && fact.outcome === "done");
  const last = calls.at(-1);
  return last?.fact === "command" ? { do: "page", reason: "asked-for", key: `asked-for:${last.comment}` } : null;
}

/** An acknowledged incident has a person: the clock no longer calls anyone. */
function recoveryPages(incident: Incident, now: Date, config: Config): readonly (Page | null)[] {
  if (!incident.severity || incident.acknowledgedBy !== null || isOver(incident.phase.at)) return [];
  const target = config.recoveryTargetsMs[incident.severity];
  const passed = now.getTime() - incident.openedAt.getTime();
  return [
    passed >= target ? { do: "page", reason: "recovery-overdue", key: "recovery-overdue" } : null,
    passed >= target * WARN_AT ? { do: "page", reason: "recovery-warning", key: "recovery-warning" } : null,
  ];
}

function isOver(phase: Incident["phase"]["at"]): boolean {
  return phase === "resolved" || phase === "closed";
}
