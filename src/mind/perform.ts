/** One function a step: what the mind does when the story says that it is due. */
import type { FactOf } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { redact } from "../outside/redact.js";
import type { EffectKey } from "../words.js";
import { renderOutcome } from "../render/outcome.js";
import { renderPlan } from "../render/plan.js";
import { newestCause } from "../render/recall.js";
import { explainReason } from "../render/reasons.js";
import type { Inbox, Step, Wait } from "../step.js";
import { answer } from "./answer.js";
import { bodyHash, postOnce } from "./comments.js";
import type { MindContext } from "./context.js";
import { checkRecovery, diagnose, gather, triage } from "./diagnose.js";
import { propose } from "./propose.js";

export type Due = Exclude<Step, Wait>;

export async function perform(step: Due, inbox: Inbox, context: MindContext): Promise<void> {
  switch (step.do) {
    case "take-in":
      return takeIn(step, context);
    case "note":
      return context.journal.note(...step.facts);
    case "answer":
      return answer(step.command, areHandsAtWork(inbox), context);
    case "triage":
      return triage(context);
    case "page":
      return page(step, context);
    case "gather":
      return gather(step.attempt, step.widening, context);
    case "diagnose":
      return diagnoseNow(context);
    case "propose":
      return proposeNow(context);
    case "ask":
      return ask(context);
    case "check-recovery":
      return checkRecovery(context);
    case "escalate":
      return context.journal.note({
        fact: "escalated",
        at: context.ports.clock.now(),
        reason: step.reason,
        detail: redact(step.detail),
      });
    case "resolve":
      return context.journal.note({
        fact: "resolved",
        at: context.ports.clock.now(),
        how: step.how,
        by: null,
        note: step.note === null ? null : redact(step.note),
      });
    case "tell":
      return tell(step.key, context);
    case "narrate":
      return narrate(context);
    case "file":
      return file(inbox, context);
    default:
      return step satisfies never;
  }
}

/** A run at work may have begun without having said so yet; one that has ended without a word has touched nothing. */
function areHandsAtWork({ gate }: Inbox): boolean {
  return gate !== null && gate.runs.some(({ status }) => status === "running");
}

function takeIn(step: Extract<Due, { do: "take-in" }>, { journal, ports }: MindContext): void {
  journal.note({
    fact: "alerted-again",
    at: ports.clock.now(),
    comment: step.comment,
    key: step.intake.key,
    alerts: [...step.intake.alerts],
  });
}

function diagnoseNow(context: MindContext): Promise<void> {
  const { phase } = context.journal.incident;
  if (phase.at !== "informed") throw new Error(`Nothing to diagnose in phase ${phase.at}.`);
  return diagnose(phase.evidence, context);
}

function proposeNow(context: MindContext): Promise<void> {
  const { phase } = context.journal.incident;
  if (phase.at !== "diagnosed" || phase.diagnosis.kind !== "cause") throw new Error(`Nothing to propose in phase ${phase.at}.`);
  return propose(phase.diagnosis, context);
}

/** The plan is in the journal before it is on the issue: posting it again after a death finds the first one. */
async function ask(context: MindContext): Promise<void> {
  const { journal, config, ports } = context;
  const { phase } = journal.incident;
  if (phase.at !== "planned") throw new Error(`Nothing to ask in phase ${phase.at}.`);
  await journal.flush();
  const { plan, digest } = phase.plan;
  const text = renderPlan({
    plan,
    digest,
    incident: journal.incident,
    config,
    mentions: [...new Set([...ownersOf(journal.incident, context), ...onDuty(context)])],
  });
  const comment = await postOnce(`plan:${digest}`, text, context, "same-text");
  const at = ports.clock.now();
  if (plan.carriedOutBy === "people") {
    const why = redact("The plan is for people to carry out; /resolve when it is done.");
    return journal.note(
      { fact: "advised", at, digest, comment: comment.id, url: comment.url },
      { fact: "escalated", at, reason: "people-act", detail: why },
    );
  }
  journal.note({ fact: "asked", at, digest, comment: comment.id, bodySha256: bodyHash(comment), url: comment.url });
}

/** What is known is written down before anyone is called to look at it; a plan that waits is on the issue already. */
async function page(step: Extract<Due, { do: "page" }>, { journal, ports }: MindContext): Promise<void> {
  if (step.reason !== "your-approval") await journal.flush();
  const { incident } = journal;
  const cause = newestCause(incident);
  const key = `${incident.number}:${step.key}` as EffectKey;
  const sent = await ports.pager.page({
    key,
    incident: incident.number,
    reason: step.reason,
    severity: incident.severity ?? "P0",
    service: incident.service,
    symptom: incident.alerts[0].alert.summary,
    cause: cause?.hypotheses[0]?.cause.outside ?? null,
    asked: explainReason(step.reason).next,
    link: journal.issue.url,
    mentionedAt: step.reason === "your-approval" && incident.phase.at === "awaiting-approval" ? incident.phase.plan.url : null,
  });
  journal.note({
    fact: "paged",
    at: ports.clock.now(),
    key: step.key,
    reason: step.reason,
    reached: [...sent.reached],
    failed: [...sent.failed],
  });
}

async function tell(key: string, context: MindContext): Promise<void> {
  const { journal, config } = context;
  await postOnce(
    key,
    renderOutcome({ incident: journal.incident, config, mentions: ownersOf(journal.incident, context) }),
    context,
  );
}

async function narrate({ journal, ports }: MindContext): Promise<void> {
  const narrative = await ports.analyst.narrate(journal.incident);
  const { summary, wentWell, wentBadly } = narrative;
  journal.note({
    fact: "narrated",
    at: ports.clock.now(),
    analyst: ports.analyst.name,
    summary: [...summary],
    wentWell: [...wentWell],
    wentBadly: [...wentBadly],
  });
}

function file({ filedAt }: Inbox, { journal, ports }: MindContext): void {
  if (!filedAt) throw new Error("There is no filed post-mortem to note.");
  const fact: FactOf<"filed"> = { fact: "filed", at: ports.clock.now(), ...filedAt };
  journal.note(fact);
}

function ownersOf(incident: Incident, { config }: MindContext): readonly string[] {
  return config.services.get(incident.service ?? "")?.owners ?? [];
}

/** Whom the pager mentions on GitHub: the plan comment mentions them, so it is their page as well. */
function onDuty({ config }: MindContext): readonly string[] {
  return config.pager.channels.flatMap((channel) => (channel.kind === "github" ? channel.mention : []));
}
