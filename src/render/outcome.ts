/** The comment that tells everyone on the issue how it stands: over, or handed to people. Posted once for each ending. */
import { escapeInline } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { readingsTable } from "./criteria.js";
import { diagnosed } from "./describe-fact.js";
import { escalationWords } from "./escalation-words.js";
import { blocks, bullets, mention } from "./markdown.js";
import { OUTCOME_WORDS } from "./outcome-words.js";
import { escalationDetail, first, lastExecution, newestCause, newestFact, planOf } from "./recall.js";
import { explainReason } from "./reasons.js";
import { durationBetween, percent, time } from "./units.js";

const LONGEST_DETAIL_WORDS = 40;

export interface OutcomeView {
  readonly incident: Incident;
  readonly config: Config;
  /** Notified when people have to act; nobody is notified when it is over. */
  readonly mentions: readonly string[];
}

/** @throws when the incident is neither escalated nor over: there is no outcome to tell. */
export function renderOutcome(view: OutcomeView): string {
  const { phase } = view.incident;
  if (phase.at === "escalated") return escalated(view, phase.reason);
  if (phase.at === "resolved" || phase.at === "closed") return over(view.incident);
  throw new Error(
    `Incident ${view.incident.number} is ${phase.at}: an outcome is told when it is escalated, resolved or closed.`,
  );
}

function escalated({ incident, mentions }: OutcomeView, reason: string): string {
  const { next } = explainReason(reason);
  const detail = escalationDetail(incident, reason);
  return blocks([
    `### People's turn`,
    `${mentions.map(mention).join(" ")} ${escalationWords(reason, detail, LONGEST_DETAIL_WORDS)}`.trim(),
    `**Now:** ${next}`,
    tried(incident),
    lastReadings(incident),
  ]);
}

function over(incident: Incident): string {
  const resolved = newestFact(incident.facts, "resolved");
  if (resolved?.how === "no-incident") return blocks([`### No incident`, lastDiagnosis(incident), reopenHint()]);
  if (resolved?.how === "duplicate")
    return blocks([`### Duplicate`, resolved.note === null ? null : escapeInline(resolved.note)]);
  const took = durationBetween(incident.onset, resolved?.at ?? null);
  return blocks([
    `### Resolved after ${took}`,
    [howItEnded(incident), note(incident)].filter((part) => part !== "").join(" "),
    causeWords(incident),
    lastReadings(incident),
    "A post-mortem is being filed. Was the cause another one? `/cause <text>` keeps it in the journal and shows it in the issue; a filed post-mortem is not rewritten.",
  ]);
}

function howItEnded(incident: Incident): string {
  const resolved = newestFact(incident.facts, "resolved");
  const at = resolved === null ? "" : ` at ${time(resolved.at, incident.onset)}`;
  switch (resolved?.how) {
    case "remediated":
      return `The plan was carried out and the readings are back to normal${at}.`;
    case "by-person":
      return `A person resolved it${at}.`;
    case "recovered-by-itself":
      return `It recovered without intervention${at}; nothing was changed.`;
    case undefined:
    case "no-incident":
    case "duplicate":
      return "";
  }
}

function note(incident: Incident): string {
  const text = newestFact(incident.facts, "resolved")?.note ?? null;
  return text === null ? "" : escapeInline(text);
}

function causeWords(incident: Incident): string | null {
  if (incident.causeByPerson !== null) return `**Cause, as a person found it:** ${escapeInline(incident.causeByPerson)}`;
  const cause = newestCause(incident);
  return cause === null
    ? null
    : `**Cause, ${percent(cause.confidence.value)} sure:** ${escapeInline(first(cause.hypotheses).cause)}`;
}

function lastDiagnosis(incident: Incident): string | null {
  const fact = newestFact(incident.facts, "diagnosed");
  return fact === null ? null : diagnosed(fact.diagnosis);
}

function reopenHint(): string {
  return "Wrong? The next alert, or a new issue labelled `incident`, opens a new incident.";
}

function tried(incident: Incident): string | null {
  const runs = incident.executions.map(({ warrant, outcome }) => {
    const says = first(planOf(incident, warrant.digest)?.plan.steps ?? []).says;
    return `${escapeInline(says)}: ${outcome === null ? "unfinished" : OUTCOME_WORDS[outcome]}`;
  });
  return runs.length === 0 ? "Nothing was changed in production." : `Tried so far:\n\n${bullets(runs)}`;
}

function lastReadings(incident: Incident): string | null {
  const execution = lastExecution(incident);
  const plan = execution === null ? null : planOf(incident, execution.warrant.digest);
  const verification = execution?.verifications.at(-1);
  if (!plan || !verification || verification.readings.length === 0) return null;
  return readingsTable(verification.readings, plan.plan, "After");
}
