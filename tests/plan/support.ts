/** A guard's view of the shop: everything in order, so that each test can break one thing. */
import type { Action } from "../../src/actions/action.js";
import { catalogue } from "../../src/actions/catalogue.js";
import type { Config, Service, Target } from "../../src/config/config.js";
import type { GuardContext } from "../../src/plan/guard.js";
import type { Choice, Proposal } from "../../src/plan/proposal.js";
import * as sample from "../render/sample.js";

export const NOW = sample.at("03:16:20");
export const release: Target = {
  name: "release",
  action: "github.workflow",
  production: true,
  stateful: false,
  address: {
    workflow: "deploy.yml",
    ref: "main",
    inputs: { service: "checkout", version: "{after}" },
    correlation: "gatehouse-key",
    deploymentEnvironment: null,
  },
};
export const history = { live: "v142", previous: "v141", known: ["v142", "v141", "v140"] };

export function serviceWith(changes: Partial<Service> = {}, ...targets: readonly Target[]): Service {
  const all = targets.length > 0 ? targets : [release];
  return { ...sample.service, targets: new Map(all.map((target) => [target.name, target])), ...changes };
}

export const choice: Choice = { action: "github.workflow", target: "release", params: { to: "previous" }, when: "always" };
export const proposal: Proposal = {
  service: "checkout",
  choices: [choice],
  because: ["E2"],
  claimedRisk: "low",
  verify: [{ signal: "error-ratio", below: 0.05 }],
  runbook: { id: "connection-pool-exhausted", sha: "a1b2c3d4" },
};

export function contextWith(changes: Partial<GuardContext> = {}): GuardContext {
  return {
    config: sample.config,
    service: serviceWith(),
    catalogue,
    repositoryId: 1001,
    incident: 42,
    attempt: 1,
    sequence: 1,
    severity: "P1",
    symptomWords: "CheckoutErrorRateHigh Checkout error rate is 37%",
    cause: "the pool is too small",
    sights: [{ seen: history }],
    environment: { name: "production-gate", exists: true, branches: ["main"], requiredReviewers: 0 },
    defaultBranch: "main",
    recentRemediations: 0,
    now: NOW,
    ...changes,
  };
}

export function configWith(remediation: Partial<Config["remediation"]>, changes: Partial<Config> = {}): Config {
  return { ...sample.config, remediation: { ...sample.config.remediation, ...remediation }, ...changes };
}

/** An action that accepts anything: what an action says is bounded by the rules all the same. */
export function createTestAction(changes: Partial<Action> = {}): Action {
  return {
    name: "test.move",
    version: 3,
    effect: "absolute",
    limitMs: 1_000,
    onUnchanged: "undo",
    byPeople: false,
    parseTarget: () => ({ ok: true, address: {} }),
    observe: () => Promise.resolve(null),
    aim: (params, seen) => ({
      before: seen,
      after: params["to"] ?? null,
      resolved: {},
      risk: "low",
      undo: "to-before",
      says: "move it",
      undoSays: "move it back",
    }),
    apply: () => Promise.resolve({ outcome: "ok", detail: null, url: null }),
    holds: (wanted, seen) => JSON.stringify(wanted) === JSON.stringify(seen),
    ...changes,
  };
}
