/** Performs the answer to one command: asks who gave it, decides, says so with a reaction or one comment, notes it. */
import { decideAnswer, openPlan, type Answer } from "../gate/answer.js";
import { decideApproval, type ApprovalDecision, type Person, type Vote } from "../gate/approval.js";
import { readCommands, type Command } from "../gate/commands.js";
import { approversIn, askPeople } from "../gate/people.js";
import { redact } from "../outside/redact.js";
import type { Reaction } from "../ports.js";
import { renderHelp } from "../render/help.js";
import type { ReasonCode } from "../render/reasons.js";
import { renderStatus } from "../render/status.js";
import { postOnce } from "./comments.js";
import type { MindContext } from "./context.js";
import { noteCommand, refuse } from "./note-command.js";
import { planByPerson } from "./propose.js";

export async function answer(command: Command, runExists: boolean, context: MindContext): Promise<void> {
  await react(command, "seen", context);
  const person = await whoSays(command, context);
  const decided = decideAnswer(command, person, context.journal.incident, runExists);
  const refused = await carryOut(decided, command, person, context);
  await react(command, refused ? "refused" : "done", context);
}

async function whoSays({ comment }: Command, { config, ports }: MindContext): Promise<Person> {
  const { login, isBot } = comment.author;
  if (isBot) return { login, role: "none", teams: {} };
  const people = await askPeople([login], config.gate.approvers, ports.people);
  return people.get(login) ?? { login, role: "none", teams: {} };
}

/** @returns whether the command was refused */
async function carryOut(decided: Answer, command: Command, person: Person, context: MindContext): Promise<boolean> {
  switch (decided.kind) {
    case "refuse":
      await refuse(command, decided.reason, decided.detail, context);
      return true;
    case "approve":
      return approve(command, person, context);
    case "plan":
      return planByPerson(decided.said, command, context);
    case "say":
      await say(decided.what, command, context);
      return false;
    case "do":
      act(decided, command, context);
      return false;
    default:
      return decided satisfies never;
  }
}

function act(decided: Extract<Answer, { kind: "do" }>, command: Command, { journal, ports }: MindContext): void {
  const at = ports.clock.now();
  journal.note(noteCommand(command, at, { text: decided.text, severity: decided.severity }));
  const { consequence } = decided;
  if (consequence?.do === "resolve")
    journal.note({
      fact: "resolved",
      at,
      how: "by-person",
      by: command.comment.author.login,
      note: decided.text ? redact(decided.text) : null,
    });
  if (consequence?.do === "escalate" && journal.incident.phase.at !== "remediating")
    journal.note({ fact: "escalated", at, reason: consequence.reason, detail: redact(consequence.detail) });
}

/** Derives the decision from all approvals, and says what became of this one. */
async function approve(command: Command, person: Person, context: MindContext): Promise<boolean> {
  const { journal, ports } = context;
  const decision = await judge(person, context);
  const own = decision.kind === "void" ? undefined : decision.votes.find((vote) => vote.comment === command.comment.id);
  const reason = whyRefused(decision, own);
  if (reason) {
    await refuse(command, reason, null, context);
    return true;
  }
  const at = ports.clock.now();
  journal.note(noteCommand(command, at, {}));
  if (decision.kind === "approved" && canStart(context)) journal.note({ fact: "approved", at, warrant: decision.warrant });
  return false;
}

function whyRefused(decision: ApprovalDecision, own: Vote | undefined): ReasonCode | null {
  if (decision.kind === "void") return decision.reason;
  if (own && !own.counts) return own.reason;
  return decision.kind === "expired" || !own ? "expired" : null;
}

/** An approval that is already being acted on buys nothing new. */
function canStart({ journal }: MindContext): boolean {
  return journal.incident.phase.at === "awaiting-approval" || journal.incident.phase.at === "escalated";
}

async function judge(person: Person, { journal, snapshot, config, ports }: MindContext): Promise<ApprovalDecision> {
  const { incident } = journal;
  const plan = openPlan(incident);
  if (!plan) throw new Error(`Incident #${incident.number} has no open plan to approve.`);
  const commands = readCommands(snapshot.comments);
  const logins = approversIn(commands, plan.comment).filter((login) => login !== person.login);
  const others = await askPeople(logins, config.gate.approvers, ports.people);
  const people = new Map([...others, [person.login, person]]);
  const opened = incident.facts[0];
  const reportedBy = opened.fact === "opened" ? opened.reportedBy : null;
  return decideApproval({
    plan,
    plansMade: incident.plans.length,
    reportedBy,
    commands,
    comments: snapshot.comments,
    people,
    approvers: config.gate.approvers,
    now: ports.clock.now(),
  });
}

async function say(what: "status" | "help", command: Command, context: MindContext): Promise<void> {
  const { journal, config, ports } = context;
  const at = ports.clock.now();
  const text =
    what === "help"
      ? renderHelp(config)
      : renderStatus({
          incident: journal.incident,
          config,
          now: at,
          revision: journal.revision,
          keyId: journal.key.id,
          minutes: null,
        });
  await postOnce(`answer:${command.comment.id}`, text, context);
  journal.note(noteCommand(command, at, {}));
}

async function react({ comment }: Command, reaction: Reaction, { ports }: MindContext): Promise<void> {
  if (!comment.ourReactions.includes(reaction)) await ports.reactor.react(comment.id, reaction);
}
