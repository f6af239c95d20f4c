import type { Reason } from "./reason.js";

/** Why a command was not carried out. */
export const REFUSALS = {
  "no-role": {
    kinds: ["refusal"],
    means: "This command needs a stronger role in the repository than you have.",
    next: "Ask someone who has it; `/help` lists the role each command needs.",
  },
  bot: {
    kinds: ["refusal"],
    means: "Commands count only from people, and this account is a bot.",
    next: "A person types the command in a comment of their own.",
  },
  edited: {
    kinds: ["refusal"],
    means: "The comment was edited after it was written, so it no longer shows what was meant at the time.",
    next: "Write a new comment with the command.",
  },
  "stale-digest": {
    kinds: ["refusal"],
    means: "The digest is that of another plan than the one that waits now.",
    next: "Read the newest plan and type the digest it shows.",
  },
  "digest-needed": {
    kinds: ["refusal"],
    means: "This plan needs its digest typed: its risk is high, or it is not the first plan of this incident.",
    next: "Type `/approve` with the eight characters shown in the plan.",
  },
  "plan-comment-changed": {
    kinds: ["refusal", "check", "escalation"],
    means: "The comment that holds the plan was edited or deleted, so nobody can tell what was approved.",
    next: "That plan is void. `/retry` makes a fresh one.",
  },
  expired: {
    kinds: ["refusal", "check"],
    means: "The time to answer this plan has passed.",
    next: "`/retry` makes a fresh plan from fresh evidence.",
  },
  "no-plan": {
    kinds: ["refusal"],
    means: "No plan is waiting for an answer.",
    next: "Wait for a plan, or write one: `/plan <action> <target>`.",
  },
  "unknown-command": {
    kinds: ["refusal"],
    means: "There is no such command.",
    next: "`/help` lists them.",
  },
  "malformed-command": {
    kinds: ["refusal"],
    means: "The command was understood, but not what follows it.",
    next: "`/help` shows how it is written.",
  },
  "not-now": {
    kinds: ["refusal"],
    means: "This command does nothing in the present state of the incident.",
    next: "`/status` says what is going on and what can be typed.",
  },
  "own-incident": {
    kinds: ["refusal"],
    means: "Who reported an incident does not count as approver of a high-risk plan for it.",
    next: "Another approver types `/approve`.",
  },
  "cannot-check-team": {
    kinds: ["refusal"],
    means: "The approvers are a team, and the token of this workflow cannot read who is in it.",
    next: "An approver by role or by name approves, or an app token with *Members: read* is configured.",
  },
  "plan-dead": {
    kinds: ["refusal", "check"],
    means: "This plan was rejected, has expired, was replaced or was carried out already; a plan runs at most once.",
    next: "Answer the newest plan, or `/retry` for a fresh one.",
  },
  "already-closed": {
    kinds: ["refusal"],
    means: "This incident is closed.",
    next: "If the trouble is back, a new alert or a new issue labelled `incident` opens a new incident.",
  },
} as const satisfies Record<string, Reason>;
