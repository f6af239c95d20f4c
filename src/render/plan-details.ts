/** The folded parts of a plan comment: everything an approval covers, in full. */
import { codeBlock, codeSpan, escapeInline } from "../outside/escape.js";
import type { Incident } from "../incident/incident.js";
import type { Plan, PlanStep } from "../plan/plan.js";
import type { Json } from "../words.js";
import { criterionLine } from "./criteria.js";
import { exactJson, exactWord } from "./exact-json.js";
import { blocks, bullets, fold, sentence } from "./markdown.js";
import type { PlanView } from "./plan.js";
import { causeBehind, newestDiagnosis } from "./recall.js";
import { count, day, duration, percent, time, usd } from "./units.js";

export function folded(view: PlanView): readonly string[] {
  const { plan, incident } = view;
  const people = plan.carriedOutBy === "people";
  return [
    fold(
      `<b>${people ? "Exactly what to do" : "Exactly what will run"}</b> (${count(plan.steps.length, "step")})`,
      plan.steps.map(people ? task : step).join("\n\n"),
    ),
    fold("<b>How we will know</b>", howWeWillKnow(plan, incident)),
    fold("<b>What could go wrong</b>", bullets(people ? whatPeopleShouldKnow(plan) : whatCouldGoWrong(plan))),
    fold("<b>Fine print</b>", bullets(finePrint(view))),
  ];
}

function step(each: PlanStep): string {
  const condition = each.when === "if-not-recovered" ? " – only if the steps before did not help" : "";
  return blocks([
    `**${each.number}. ${codeSpan(each.action)} on ${codeSpan(`${each.service}/${each.target}`)}**${condition}`,
    sentence(escapeInline(each.says)),
    change(each.before, each.after),
    bullets([
      `first checks that the state before still holds; if not, nothing is done and a new plan is made`,
      each.undo === "none" ? "undo: **none**" : `undo: ${escapeInline(each.undoSays ?? "back to the state before")}`,
      `risk ${each.risk}; limit ${duration(each.limitMs)}; action version ${each.actionVersion}`,
    ]),
    `What is sent:\n\n${codeBlock(exactJson(each.resolved), "json")}`,
  ]);
}

/** A task without an address is all words; a move that people make by hand shows where and what. */
function task(each: PlanStep): string {
  if (isEmpty(each.resolved)) return `**${each.number}.** ${sentence(escapeInline(each.says))}`;
  const undo = each.undo === "none" ? "**none**" : escapeInline(each.undoSays ?? "back to the state before");
  return blocks([
    `**${each.number}.** ${sentence(escapeInline(each.says))} Undo: ${undo}.`,
    change(each.before, each.after),
    `${codeSpan(`${each.service}/${each.target}`)} (${codeSpan(each.action)}):\n\n${codeBlock(exactJson(each.resolved), "json")}`,
  ]);
}

function isEmpty(address: Json): boolean {
  return typeof address === "object" && address !== null && Object.keys(address).length === 0;
}

function change(before: Json, after: Json): string {
  if (isScalar(before) && isScalar(after)) return `From ${codeSpan(exactWord(before))} to ${codeSpan(exactWord(after))}`;
  return codeBlock(exactJson({ before, after }), "json");
}

function isScalar(value: Json): value is null | boolean | number | string {
  return value === null || typeof value !== "object";
}

function howWeWillKnow(plan: Plan, incident: Incident): string {
  const { criteria, soakMs, stepMs } = plan.verify;
  const all = criteria.length === 1 ? "This must hold" : `All ${criteria.length} must hold`;
  const people = plan.carriedOutBy === "people";
  return blocks([
    people ? "Look for this before `/resolve`:" : `${all} for ${duration(soakMs)}, read every ${duration(stepMs)}:`,
    bullets(criteria.map((criterion) => criterionLine(criterion, plan, incident))),
    people ? null : "A gap in the readings counts as *not recovered*.",
  ]);
}

function whatCouldGoWrong(plan: Plan): readonly string[] {
  const withoutUndo = plan.steps.filter(({ undo }) => undo === "none").map(({ number }) => number);
  return [
    withoutUndo.length > 0
      ? `**Step ${withoutUndo.join(", ")} has no undo.** If it makes things worse, people take over.`
      : "If a step fails or the readings get worse, what was done is undone in reverse order, and you are paged.",
    "If an undo fails, production may be between two states: you are paged with the list of what was done.",
    plan.steps.some(({ onUnchanged }) => onUnchanged === "keep")
      ? "If it does not help, the changed state stays: putting the suspect state back would help nobody."
      : "If it does not help, the state before is put back.",
    "The cause may be another one. Then the diagnosis starts again with wider windows.",
  ];
}

function whatPeopleShouldKnow(plan: Plan): readonly string[] {
  return [
    plan.reversible
      ? "It can be undone; the steps say how."
      : "**The plan knows no undo.** Say on the issue what you are about to do.",
    "The cause may be another one. `/retry <hint>` looks again.",
  ];
}

function finePrint({ plan, digest, incident, config }: PlanView): readonly string[] {
  const diagnosis = newestDiagnosis(incident);
  const approval = [
    `${count(plan.quorum, "approval")} by ${approversInWords(config.gate.approvers)}. It covers exactly the bytes of plan ${codeSpan(digest)}, once, if started by ${day(plan.expiresAt)} ${time(plan.expiresAt)}.`,
    "Editing this comment, a change of the config or of the target, or a newer plan voids it.",
  ];
  return [
    ...(plan.carriedOutBy === "people" ? [`Plan ${codeSpan(digest)}.`] : approval),
    `Environment ${codeSpan(plan.environment)} · config ${codeSpan(plan.configSha.slice(0, 12))} · ${runbookWords(plan)} · attempt ${plan.attempt}, plan ${plan.sequence} of incident ${plan.incident}.`,
    `Analyst: ${escapeInline(diagnosis?.analyst ?? "none")}, ${usd(incident.costUsd)} so far. Risk and undo are computed by code.`,
    confidenceWords(incident, digest),
  ];
}

export function approversInWords({ roles, users, teams }: PlanView["config"]["gate"]["approvers"]): string {
  const who = [
    ...roles.map((role) => `*${role}*`),
    ...users.map(escapeInline),
    ...teams.map((team) => `team ${escapeInline(team)}`),
  ];
  return who.length === 0 ? "nobody: the config names no approver" : who.join(" or ");
}

function runbookWords({ runbook }: Plan): string {
  return runbook === null ? "no runbook" : `runbook ${codeSpan(runbook.id)} ${codeSpan(runbook.sha.slice(0, 12))}`;
}

function confidenceWords(incident: Incident, digest: string): string {
  const confidence = causeBehind(incident, digest)?.confidence;
  if (confidence === undefined) return "No diagnosis stands behind this plan: a person wrote it.";
  if (confidence.caps.length === 0) return `Confidence ${percent(confidence.value)}, as claimed.`;
  const caps = confidence.caps.map(({ reason, to }) => `${escapeInline(reason)} (to ${percent(to)})`);
  return `Claimed confidence ${percent(confidence.claimed)}, lowered to ${percent(confidence.value)}: ${caps.join("; ")}.`;
}
