import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import type { Step } from "../step.js";
import { shortDigest } from "../words.js";

/** Share of the recovery target after which people are warned. */
const WARN_AT = 0.75;

/** Without its label an incident is missing in every list that people look at. */
const UNLABELLED = /^missing (?:[^;]*, )?incident(?:[,;]|$)/;

type Page = Extract<Step, { do: "page" }>;

/**
 * Who must be called now: at opening (P0, P1), when a plan waits, on every escalation, and when the recovery target runs out.
 * Each page has a key and is sent until one channel has taken it.
 * @param tried - keys that are not sent again now, though no channel has taken them: the next wake-up tries anew
 */
export function duePage(incident: Incident, now: Date, config: Config, tried: ReadonlySet<string> = new Set()): Page | null {
  const due = [
    openingPage(incident),
    ...tamperingPages(incident),
    waitingPage(incident),
    escalationPage(incident),
    askedForPage(incident),
    ...recoveryPages(incident, now, config),
  ];
  return due.find((page) => page !== null && !incident.pagesSent.has(page.key) && !tried.has(page.key)) ?? null;
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

/** Closing, locking or unlabelling the issue is not an answer; whoever did it may believe that it is over. */
function tamperingPages({ facts, phase }: Incident): readonly (Page | null)[] {
  if (isOver(phase.at)) return [];
  const noticed = facts.filter((fact) => fact.fact === "noticed");
  const pageOf = (reason: "closed-by-hand" | "locked" | "labels-removed", times: number): Page | null =>
    times > 0 ? { do: "page", reason, key: `${reason}:${times}` } : null;
  return [
    pageOf("closed-by-hand", noticed.filter(({ what }) => what === "closed-by-hand").length),
    pageOf("locked", noticed.filter(({ what }) => what === "locked").length),
    pageOf("labels-removed", noticed.filter(({ what, detail }) => what === "labels-changed" && UNLABELLED.test(detail)).length),
  ];
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
  if (phase.at !== "remediating" && phase.at !== "approved") return null;
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
  if (passed >= target) return [{ do: "page", reason: "recovery-overdue", key: "recovery-overdue" }];
  return [passed >= target * WARN_AT ? { do: "page", reason: "recovery-warning", key: "recovery-warning" } : null];
}

function isOver(phase: Incident["phase"]["at"]): boolean {
  return phase === "resolved" || phase === "closed";
}
