/**
 * What a command does: pure, from the command, who gave it and where the incident stands. Approvals and plans have
 * their own rooms; everything else is decided here.
 */
import type { Incident, PostedPlan } from "../incident/incident.js";
import type { ReasonCode } from "../render/reasons.js";
import { hasRole, type Severity } from "../words.js";
import type { Person } from "./approval.js";
import { VERB_RULES, type Command, type Said } from "./commands.js";

export type Answer =
  | { readonly kind: "refuse"; readonly reason: ReasonCode; readonly detail: string | null }
  | { readonly kind: "approve" } // to be judged with all approvals together
  | { readonly kind: "plan"; readonly said: Extract<Said, { verb: "plan" }> }
  | { readonly kind: "say"; readonly what: "status" | "help" }
  | {
      readonly kind: "do";
      readonly text: string | null;
      readonly severity: Severity | null;
      readonly consequence: Consequence | null;
    };
export type Consequence =
  | { readonly do: "escalate"; readonly reason: ReasonCode; readonly detail: string }
  | { readonly do: "resolve" };

/** @param runExists - a run of the approved plan is at work: the hands may have begun, whether or not they have said so yet */
export function decideAnswer(command: Command, person: Person, incident: Incident, runExists: boolean): Answer {
  const { parsed, comment } = command;
  if (parsed.kind === "unknown") return refuse("unknown-command");
  if (comment.author.isBot) return refuse("bot");
  if (parsed.kind === "malformed") return refuse("malformed-command", parsed.why);
  const rule = VERB_RULES[parsed.said.verb];
  if (!rule.stops && comment.editedAt !== null) return refuse("edited");
  if (!hasRole(person.role, rule.atLeast)) return refuse("no-role");
  return decideVerb(parsed.said, person, incident, isExecuting(incident, runExists));
}

function decideVerb(said: Said, person: Person, incident: Incident, executing: boolean): Answer {
  const { at } = incident.phase;
  if (said.verb === "status" || said.verb === "help") return { kind: "say", what: said.verb };
  if (said.verb === "cause")
    return said.text === "" ? refuse("malformed-command", "the cause must follow /cause") : act(said.text);
  if (at === "resolved" || at === "closed") return refuse("already-closed");
  switch (said.verb) {
    case "approve":
      return openPlan(incident) ? { kind: "approve" } : refuse("no-plan");
    case "reject":
      return reject(said.text, person, incident, executing);
    case "plan":
      return executing ? refuse("not-now", "a plan is being carried out") : { kind: "plan", said };
    case "retry":
      return executing ? refuse("not-now", "a plan is being carried out; /hold stops it between steps") : act(said.text);
    case "resolve":
      return executing
        ? refuse("not-now", "a plan is being carried out; /hold stops it between steps")
        : { kind: "do", text: said.text, severity: null, consequence: { do: "resolve" } };
    case "severity":
      return { kind: "do", text: null, severity: said.severity, consequence: null };
    case "escalate":
      return escalate(said.text, person, executing);
    case "ack":
    case "hold":
      return act(said.text);
  }
}

function reject(text: string, person: Person, incident: Incident, executing: boolean): Answer {
  if (!openPlan(incident)) return refuse("no-plan");
  const consequence = executing
    ? null
    : {
        do: "escalate" as const,
        reason: "rejected" as const,
        detail: `${person.login} rejected the plan${text === "" ? "" : `: ${text}`}`,
      };
  return { kind: "do", text, severity: null, consequence };
}

/** While the hands work, people are called but the execution keeps its phase: a hold is what stops it. */
function escalate(text: string, person: Person, executing: boolean): Answer {
  if (executing) return act(text);
  return {
    kind: "do",
    text,
    severity: null,
    consequence: {
      do: "escalate",
      reason: "asked-for",
      detail: `${person.login} asked for help${text === "" ? "" : `: ${text}`}`,
    },
  };
}

/** The plan that people may still say yes or no to. */
export function openPlan({ phase, deadDigests }: Incident): PostedPlan | null {
  const plan =
    phase.at === "awaiting-approval" || phase.at === "approved" || phase.at === "remediating" || phase.at === "escalated"
      ? phase.plan
      : null;
  return plan && plan.plan.carriedOutBy === "hands" && !deadDigests.has(plan.digest) ? plan : null;
}

function isExecuting({ phase }: Incident, runExists: boolean): boolean {
  return phase.at === "approved" ? runExists : phase.at === "remediating" && phase.execution.outcome === null;
}

function act(text: string): Answer {
  return { kind: "do", text: text === "" ? null : text, severity: null, consequence: null };
}

function refuse(reason: ReasonCode, detail: string | null = null): Answer {
  return { kind: "refuse", reason, detail };
}
