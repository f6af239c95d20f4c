import type { Reason } from "./reason.js";

/** Why an incident went to people. */
export const ESCALATIONS = {
  unsure: {
    kinds: ["escalation"],
    means: "No cause was found with enough confidence.",
    next: "Read the evidence in the issue. `/retry <hint>` looks again; `/plan <action> <target>` acts on what you know.",
  },
  rejected: {
    kinds: ["escalation", "check"],
    means: "A person rejected the plan.",
    next: "`/retry <hint>` for another plan, or `/plan <action> <target>` for your own.",
  },
  "no-answer": {
    kinds: ["escalation"],
    means: "Nobody answered the plan in time.",
    next: "`/retry` makes a fresh plan.",
  },
  "plan-refused": {
    kinds: ["escalation"],
    means: "The rules of this repository do not allow the plan that would help.",
    next: "Act by hand, or `/plan <action> <target>` for another way; then `/resolve`.",
  },
  "step-failed": {
    kinds: ["escalation"],
    means: "A step of the plan failed; what had been done was undone where that was possible.",
    next: "See the execution for the error, then `/retry` or act by hand.",
  },
  "undo-failed": {
    kinds: ["escalation"],
    means: "Undoing failed: production may be between two states.",
    next: "Look at the target first; the execution lists what was done and what was not.",
  },
  "not-recovered": {
    kinds: ["escalation"],
    means: "The plan was carried out, and the trouble goes on.",
    next: "`/retry <hint>` looks for another cause; `/plan <action> <target>` tries your own way.",
  },
  worse: {
    kinds: ["escalation"],
    means: "The plan made it worse and was undone where that was possible.",
    next: "Look at the readings in the execution before anything else is tried; then `/retry <hint>`.",
  },
  "verification-unknown": {
    kinds: ["escalation"],
    means: "The plan was carried out, but the readings had gaps: nobody can tell whether it helped.",
    next: "Look at the service. Fine again: `/resolve`. If not: `/retry`.",
  },
  "ambiguous-effect": {
    kinds: ["escalation"],
    means: "A step may or may not have happened, and doing it twice could do harm.",
    next: "Look at the target, finish or undo by hand, then `/resolve` or `/retry`.",
  },
  stopped: {
    kinds: ["escalation"],
    means: "A person stopped the plan while it was being carried out.",
    next: "The execution lists what was done. `/retry` goes on, `/resolve` ends.",
  },
  "automation-error": {
    kinds: ["escalation"],
    means: "The automation itself broke.",
    next: "Treat the incident by hand; the linked run shows the error. `/retry` tries again.",
  },
  "asked-for": {
    kinds: ["escalation"],
    means: "A person asked for help.",
    next: "`/ack` to take it; `/retry`, `/plan` and `/resolve` work as ever.",
  },
  "observe-mode": {
    kinds: ["escalation"],
    means: "The service is in mode `observe`: the diagnosis is done, the rest is for people.",
    next: "Act on the cause in the issue, then `/resolve`.",
  },
  "people-act": {
    kinds: ["escalation"],
    means: "The plan is one that people carry out.",
    next: "Do what the plan says, then `/resolve` with what you did.",
  },
  "attempts-used": {
    kinds: ["escalation"],
    means: "Every attempt at a diagnosis is used up, and none was confident enough.",
    next: "Read the evidence in the issue. `/retry <hint>` gives one more attempt.",
  },
  "reservation-lost": {
    kinds: ["escalation"],
    means: "The run that was to carry out the plan ended before it had reserved it; nothing was done.",
    next: "`/retry` makes a fresh plan.",
  },
  "execution-missing": {
    kinds: ["escalation"],
    means: "The record of what was carried out is missing or was deleted.",
    next: "Look at the target first, then `/retry` or `/resolve`.",
  },
} as const satisfies Record<string, Reason>;

/** The occasions on which people are paged, besides escalations. */
export const PAGES = {
  opened: {
    kinds: ["page"],
    means: "A new incident needs someone to watch it.",
    next: "`/ack` says you are on it.",
  },
  "your-approval": {
    kinds: ["page"],
    means: "A plan waits for your approval.",
    next: "Read it, then `/approve` with its digest, or `/reject <why>`.",
  },
  "recovery-warning": {
    kinds: ["page"],
    means: "Three quarters of the time to recover have passed.",
    next: "See where the incident stands; `/escalate` calls for help.",
  },
  "recovery-overdue": {
    kinds: ["page"],
    means: "The time to recover has passed and the incident goes on.",
    next: "See where the incident stands; `/escalate` calls for help.",
  },
  locked: {
    kinds: ["page"],
    means: "Someone locked the issue while the incident was going on: the automation cannot comment on it, nor carry a plan out.",
    next: "Unlock it, or take the incident over by hand.",
  },
  "labels-removed": {
    kinds: ["page"],
    means: "Someone removed labels of the incident; they were put back from the record.",
    next: "`/severity` changes the severity, `/resolve` ends the incident; labels do neither.",
  },
  "closed-by-hand": {
    kinds: ["page"],
    means: "Someone closed the issue while the incident was going on.",
    next: "Reopen it if the trouble goes on; `/resolve` if it is over.",
  },
} as const satisfies Record<string, Reason>;
