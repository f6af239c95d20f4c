import type { Reason } from "./reason.js";

/** Why an approved plan was not, or not fully, carried out. */
export const CHECKS = {
  "tag-unprotected": {
    kinds: ["check"],
    means:
      "No active ruleset forbids changing and deleting the tags `refs/tags/gatehouse/**/*`, so a reservation could be undone.",
    next: "Add the ruleset (the README says how), or set `trust-writers: true`; then `/retry`.",
  },
  "already-reserved": {
    kinds: ["check"],
    means: "Another run has reserved this plan; a plan is carried out by one run only.",
    next: "Nothing: that run goes on. `/status` shows how far it is.",
  },
  "already-executed": {
    kinds: ["check"],
    means: "This plan was carried out already.",
    next: "`/retry` makes a fresh plan if the trouble persists.",
  },
  "run-unfinished": {
    kinds: ["check"],
    means: "A run of this plan has not ended yet.",
    next: "Wait for it; the incident is woken when it ends.",
  },
  "no-key": {
    kinds: ["check"],
    means: "The signing key is missing, so nothing that is written could be trusted later.",
    next: "Put the private key into the environment's secrets, its public half into `keys:` in the config.",
  },
  "journal-broken": {
    kinds: ["check", "escalation"],
    means: "The hidden record of this incident is unsigned, damaged or not ours; it cannot be trusted.",
    next: "People take over. See who edited the issue; a new alert opens a fresh incident.",
  },
  "journal-rolled-back": {
    kinds: ["check", "escalation"],
    means: "The record of this incident is older than one seen before: somebody put an old text back.",
    next: "People take over. The edit history of the issue shows who and when.",
  },
  "environment-missing": {
    kinds: ["check", "guard"],
    means: "The environment that guards production does not exist in this repository.",
    next: "Create it and limit it to the default branch, then `/retry`.",
  },
  "environment-unprotected": {
    kinds: ["check", "guard"],
    means: "The environment that guards production lets any branch in.",
    next: "Limit its deployment branches to the default branch, then `/retry`.",
  },
  "not-default-branch": {
    kinds: ["check"],
    means: "The run was started from another branch than the default branch.",
    next: "Start it from the default branch; what is reviewed there counts.",
  },
  "config-changed": {
    kinds: ["check"],
    means: "The config has changed since the plan was made.",
    next: "`/retry` makes a plan under the present config.",
  },
  "public-repository": {
    kinds: ["check"],
    means: "The repository is public, and incidents in it would be public for ever.",
    next: "Use a private repository, or set `allow-public: true` knowingly.",
  },
  held: {
    kinds: ["check"],
    means: "A person has put the automation on hold.",
    next: "`/retry`, or a fresh `/approve`, ends the hold.",
  },
  drift: {
    kinds: ["check", "escalation"],
    means: "A target is no longer in the state that the plan starts from, so that step was not done.",
    next: "`/retry` makes a plan from what is there now.",
  },
  "resume-too-late": {
    kinds: ["check"],
    means: "The run stopped midway, and the time in which it may be resumed has passed.",
    next: "People see what was done (the execution comment lists it) and finish by hand.",
  },
  "not-approved": {
    kinds: ["check"],
    means: "The plan does not have the approvals it needs.",
    next: "An approver types `/approve` with the digest of the plan.",
  },
  "wrong-run": {
    kinds: ["check"],
    means: "The plan is reserved for another run than this one.",
    next: "Nothing here: only the reserving run may carry it out.",
  },
} as const satisfies Record<string, Reason>;
