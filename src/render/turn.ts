/** The box on top of the issue: whose turn it is, by when, and what happens otherwise. */
import { codeSpan } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import type { Incident, Phase, PostedPlan } from "../incident/incident.js";
import { shortDigest } from "../words.js";
import type { IssueView } from "./issue.js";
import { escalationWords } from "./escalation-words.js";
import { callout, firstWords, link, person, sentence } from "./markdown.js";
import { escalationDetail, first, newestDiagnosis, newestFact, postmortemUrl, resolvedAt } from "./recall.js";
import { explainReason } from "./reasons.js";
import { count, durationBetween, time } from "./units.js";

const WORKING: Readonly<Record<"opened" | "triaged" | "informed" | "diagnosed" | "planned" | "approved", string>> = {
  opened: "judging how bad it is",
  triaged: "gathering evidence",
  informed: "looking for the cause",
  diagnosed: "looking for a way out",
  planned: "writing the plan down for you",
  approved: "the gated job starts",
};

export function turn(view: IssueView): string {
  const { incident } = view;
  if (incident.held && !isOver(incident.phase)) return onHold(incident);
  const { phase } = incident;
  switch (phase.at) {
    case "awaiting-approval":
      return yourTurn(phase.plan, view);
    case "escalated":
      return peoplesTurn(phase.plan, phase.reason, incident);
    case "remediating":
      return callout("NOTE", [
        `**Plan ${planLink(phase.plan)} is being carried out.** Nothing to do; \`/hold\` stops it between steps.`,
      ]);
    case "approved":
      return callout("NOTE", [
        `**Approved by ${phase.warrant.by.map(person).join(", ")}:** ${WORKING.approved}. Nothing to do; \`/hold\` stops it.`,
      ]);
    case "resolved":
      return over(incident, "The post-mortem is being written.");
    case "closed":
      return over(incident, `Post-mortem: ${link(codeSpan(phase.path), postmortemUrl(incident, phase.path))}`);
    case "opened":
    case "triaged":
    case "informed":
    case "diagnosed":
    case "planned":
      return callout("NOTE", [`**Working: ${WORKING[phase.at]}** (${attempt(view)}). Nothing to do yet.`]);
  }
}

function yourTurn(posted: PostedPlan, { incident, now }: IssueView): string {
  const { plan, digest } = posted;
  const deadline = time(plan.expiresAt, incident.openedAt);
  if (plan.carriedOutBy === "people") return peoplesTurn(posted, "people-act", incident);
  const missing = plan.quorum > 1 ? ` ${count(plan.quorum, "approval")} are needed.` : "";
  const what = `**Your turn: approve or reject [plan ${codeSpan(shortDigest(digest))}](${posted.url}).**${missing}`;
  const otherwise =
    now < plan.expiresAt ? `No answer by **${deadline}** → people are paged.` : `The time to answer ended at ${deadline}.`;
  return callout("IMPORTANT", [what, firstWords(first(plan.steps).says, 14), otherwise]);
}

function peoplesTurn(plan: PostedPlan | null, reason: string, incident: Incident): string {
  const { next } = explainReason(reason);
  if (plan?.plan.carriedOutBy === "people") return callout("CAUTION", taskForPeople(plan));
  return callout("CAUTION", [`**People's turn.** ${whyPeople(incident, reason)}`, ...stillOpen(plan, incident), next]);
}

/** What the line of the cause says right below is not said here too. */
function whyPeople(incident: Incident, reason: string): string {
  const detail = escalationDetail(incident, reason);
  const diagnosis = newestDiagnosis(incident)?.diagnosis;
  const isSaidBelow = diagnosis?.kind === "unknown" && detail !== null && readForMatching(detail).includes(diagnosis.why);
  return escalationWords(reason, isSaidBelow ? null : detail, 30);
}

function taskForPeople(posted: PostedPlan): readonly string[] {
  return [
    `**People's turn: do what plan ${planLink(posted)} says.**`,
    sentence(firstWords(first(posted.plan.steps).says, 25)),
    "Done? `/resolve <what you did>`",
  ];
}

/** Calling for help does not void a plan. */
function stillOpen(posted: PostedPlan | null, incident: Incident): readonly string[] {
  if (posted === null || incident.deadDigests.has(posted.digest)) return [];
  return [`Plan ${planLink(posted)} can still be approved until ${time(posted.plan.expiresAt, incident.openedAt)}.`];
}

function onHold(incident: Incident): string {
  const hold = incident.facts.findLast((fact) => fact.fact === "command" && fact.verb === "hold" && fact.outcome === "done");
  const who = hold?.fact === "command" ? ` by ${person(hold.by)} at ${time(hold.at, incident.openedAt)}` : "";
  return callout("WARNING", [`**On hold${who}.** The automation does nothing until \`/retry\` or a fresh \`/approve\`.`]);
}

function over(incident: Incident, next: string): string {
  const resolved = newestFact(incident.facts, "resolved");
  const took = durationBetween(incident.onset, resolvedAt(incident));
  const headline =
    resolved?.how === "no-incident" ? "No incident." : resolved?.how === "duplicate" ? "A duplicate." : `Resolved after ${took}.`;
  const note = resolved?.note ? ` ${firstWords(resolved.note, 40)}` : "";
  return callout("TIP", [`**${headline}**${note}`, next]);
}

function planLink({ digest, url }: PostedPlan): string {
  return link(codeSpan(shortDigest(digest)), url);
}

function attempt({ incident, config }: IssueView): string {
  return `attempt ${incident.attempt - incident.roundStart + 1} of ${config.diagnosis.attempts}`;
}

function isOver(phase: Phase): boolean {
  return phase.at === "resolved" || phase.at === "closed";
}
