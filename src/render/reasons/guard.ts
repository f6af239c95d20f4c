import type { Reason } from "./reason.js";

/** Why the guard did not let a plan through. */
export const GUARD_FINDINGS = {
  "unknown-service": {
    kinds: ["guard", "escalation"],
    means: "The service is not in the service catalogue.",
    next: "Add it under `services:` in the config, or `/resolve` when people have dealt with it.",
  },
  "unknown-action": {
    kinds: ["guard"],
    means: "There is no action of this name in the catalogue.",
    next: "Use an action that a target of the service names.",
  },
  "unknown-target": {
    kinds: ["guard"],
    means: "The service has no target of this name.",
    next: "Use a name under the service's `targets:` in the config.",
  },
  "action-target-mismatch": {
    kinds: ["guard"],
    means: "The target is moved by another action than the one asked for.",
    next: "Use the action that the target names in the config.",
  },
  "bad-parameters": {
    kinds: ["guard"],
    means: "A parameter of the action is missing, unknown or out of bounds.",
    next: "Correct it; the finding names the parameter and its bounds.",
  },
  "too-many-steps": {
    kinds: ["guard"],
    means: "The plan has more steps than the config allows.",
    next: "Use fewer steps, or raise `remediation.max-steps`.",
  },
  "empty-plan": {
    kinds: ["guard"],
    means: "The plan has no step.",
    next: "Name at least one action and target.",
  },
  freeze: {
    kinds: ["guard", "check"],
    means: "A freeze is on: the config allows no change to production now.",
    next: "Wait for its end, act by hand, or have the freeze lifted in the config.",
  },
  breaker: {
    kinds: ["guard", "check"],
    means: "This service was remediated as often as allowed within the hour; once more would hide a deeper trouble.",
    next: "People look for the underlying cause; plans are possible again when the hour has passed.",
  },
  "mode-observe": {
    kinds: ["guard", "check"],
    means: "The service is in mode `observe`: it is diagnosed, never changed.",
    next: "Act by hand, or set `mode: propose` or `mode: act` in the config.",
  },
  "stateful-target": {
    kinds: ["guard"],
    means: "The target holds data; automation does not touch it.",
    next: "People carry this out.",
  },
  "data-loss": {
    kinds: ["guard"],
    means: "The incident speaks of lost data or of security; automation keeps its hands off.",
    next: "People decide and carry it out.",
  },
  "no-change": {
    kinds: ["guard"],
    means: "The target is in the wanted state already, so the step would change nothing.",
    next: "`/retry` with a hint, or write another plan.",
  },
  "no-criteria": {
    kinds: ["guard"],
    means: "The plan does not say how to tell that it helped.",
    next: "Give the service an `error-ratio` signal, or the runbook a `verify:` list.",
  },
  "unknown-signal": {
    kinds: ["guard"],
    means: "A criterion names a signal that the service does not have.",
    next: "Use a name under the service's `signals:` in the config.",
  },
  "cannot-observe": {
    kinds: ["guard"],
    means: "The present state of a target could not be read, so there is no before to return to.",
    next: "See that the target can be reached, then `/retry`.",
  },
  "quorum-unreachable": {
    kinds: ["guard"],
    means: "The config asks for more approvals than it has approvers.",
    next: "Name more approvers, or lower the quorum in the config.",
  },
} as const satisfies Record<string, Reason>;
