/** The guard's rules, one function each. A finding names the rule, the step and what would be accepted. */
import type { FreezeWindow } from "../config/config.js";
import type { EnvironmentFacts } from "../ports.js";
import type { ReasonCode } from "../render/reasons.js";
import type { GuardContext } from "./guard.js";
import type { PlanStep } from "./plan.js";
import type { Choice, Proposal } from "./proposal.js";
import { placeOf } from "./targets.js";

export interface GuardFinding {
  readonly rule: ReasonCode;
  readonly step: number | null;
  readonly message: string;
}

/** Rules that need only the catalogue and the service. */
export function stepFindings(choice: Choice, number: number, { catalogue, service }: GuardContext): readonly GuardFinding[] {
  const action = catalogue.get(choice.action);
  if (!action)
    return [
      {
        rule: "unknown-action",
        step: number,
        message: `There is no action "${choice.action}". The catalogue has ${[...catalogue.keys()].join(", ")}.`,
      },
    ];
  const place = placeOf(choice, service, action);
  const names = [...service.targets.keys()].join(", ") || "none";
  if (!place)
    return [
      { rule: "unknown-target", step: number, message: `${service.name} has no target "${choice.target}". It has ${names}.` },
    ];
  if (place.target.action !== choice.action) {
    return [
      {
        rule: "action-target-mismatch",
        step: number,
        message: `The target "${choice.target}" is moved by ${place.target.action}, not by ${choice.action}.`,
      },
    ];
  }
  return [];
}

/** Rules about the plan as a whole. */
export function policyFindings(steps: readonly PlanStep[], proposal: Proposal, context: GuardContext): readonly GuardFinding[] {
  const hands = steps.some((step) => !context.catalogue.get(step.action)?.byPeople);
  const always = [
    sameTarget(proposal),
    quorumRule(proposal, context),
    serviceRule(proposal, context),
    modeRule(context),
    tooManySteps(proposal, context),
    tooLong(steps),
    firstStepAlways(proposal),
  ];
  const touching = hands
    ? [
        freezeRule(context.config.remediation.freeze, context.now),
        breakerRule(context),
        statefulRule(steps, context),
        dataLossRule(context),
        mixedRule(steps, context),
      ]
    : [];
  return [...always, ...touching].filter((finding) => finding !== null);
}

function serviceRule(proposal: Proposal, { service }: GuardContext): GuardFinding | null {
  if (proposal.service === service.name) return null;
  return {
    rule: "unknown-service",
    step: null,
    message: `A plan of this incident moves ${service.name}, not ${proposal.service}.`,
  };
}

function modeRule({ service }: GuardContext): GuardFinding | null {
  if (service.mode !== "observe") return null;
  return {
    rule: "mode-observe",
    step: null,
    message: `${service.name} is in mode observe: it is diagnosed, nothing is planned. Mode propose or act in the config would change that.`,
  };
}

function tooManySteps(proposal: Proposal, { config }: GuardContext): GuardFinding | null {
  const most = config.remediation.maxSteps;
  if (proposal.choices.length <= most) return null;
  return {
    rule: "too-many-steps",
    step: null,
    message: `The plan has ${proposal.choices.length} steps; remediation.max-steps allows ${most}.`,
  };
}

/** The second move would start from a state that the first has just changed: it could only drift. */
function sameTarget({ choices }: Proposal): GuardFinding | null {
  const targets = choices.map(({ target }) => target);
  const again = targets.findIndex((target, index) => targets.indexOf(target) < index);
  if (again < 0) return null;
  return {
    rule: "bad-parameters",
    step: again + 1,
    message: `Two steps move the target "${targets[again] ?? ""}"; a plan moves each target once.`,
  };
}

/** Named users alone can be counted; roles and teams cannot. */
function quorumRule({ claimedRisk }: Proposal, { config }: GuardContext): GuardFinding | null {
  const { approvers, quorum } = config.gate;
  if (approvers.roles.length > 0 || approvers.teams.length > 0 || approvers.users.length >= quorum[claimedRisk]) return null;
  return {
    rule: "quorum-unreachable",
    step: null,
    message: `A plan of ${claimedRisk} risk needs ${quorum[claimedRisk]} approvals, but gate.approvers names ${approvers.users.length} people.`,
  };
}

/** The hands' job ends after an hour, and what it has begun it must be able to verify and undo in that time. */
const LONGEST_PLAN_MS = 40 * 60_000;

function tooLong(steps: readonly PlanStep[]): GuardFinding | null {
  const total = steps.reduce((sum, { limitMs }) => sum + limitMs, 0);
  if (total <= LONGEST_PLAN_MS) return null;
  return {
    rule: "too-many-steps",
    step: null,
    message: `The steps may take ${total / 60_000} minutes together; ${LONGEST_PLAN_MS / 60_000} are left by the hour that the job has.`,
  };
}

function firstStepAlways(proposal: Proposal): GuardFinding | null {
  if (proposal.choices[0].when === "always") return null;
  return { rule: "empty-plan", step: 1, message: "The first step cannot be a fallback: there is nothing it could follow." };
}

export function freezeRule(freeze: readonly FreezeWindow[], now: Date): GuardFinding | null {
  const window = freeze.find(({ from, until }) => now >= from && now < until);
  if (!window) return null;
  return { rule: "freeze", step: null, message: `Changes are frozen until ${window.until.toISOString()}: ${window.why}` };
}

function breakerRule({ config, service, recentRemediations }: GuardContext): GuardFinding | null {
  const { most, perMs } = config.remediation.breaker;
  if (recentRemediations < most) return null;
  return {
    rule: "breaker",
    step: null,
    message: `${service.name} was remediated ${recentRemediations} times within ${perMs / 60_000} minutes; the breaker allows ${most}. Something else is wrong.`,
  };
}

function statefulRule(steps: readonly PlanStep[], { service }: GuardContext): GuardFinding | null {
  const step = steps.find(({ target }) => service.targets.get(target)?.stateful);
  if (!step) return null;
  return {
    rule: "stateful-target",
    step: step.number,
    message: `The target "${step.target}" holds data (stateful: true); people move it themselves.`,
  };
}

const DATA_LOSS =
  /\b(data[\s-]?loss|corrupt(?:ed|ion)?|breach|leak(?:ed)? (?:data|credentials|secrets)|ransom\w*|exfiltrat\w*|unauthori[sz]ed access|intrusion|compromised)\b/i;

function dataLossRule({ severity, symptomWords, cause }: GuardContext): GuardFinding | null {
  const word = severity === "P0" ? DATA_LOSS.exec(`${symptomWords} ${cause}`)?.[0] : undefined;
  if (word === undefined) return null;
  return {
    rule: "data-loss",
    step: null,
    message: `A P0 that speaks of "${word.toLowerCase()}" goes to people: acting could destroy data or traces.`,
  };
}

/** A task for people in the middle of the hands' work would leave the hands waiting in production. */
function mixedRule(steps: readonly PlanStep[], { catalogue }: GuardContext): GuardFinding | null {
  const step = steps.find(({ action }) => catalogue.get(action)?.byPeople);
  if (!step) return null;
  return {
    rule: "bad-parameters",
    step: step.number,
    message: "A plan is carried out by the hands or by people, not by both: propose two plans.",
  };
}

/** The gated environment must exist and be protected before anyone is asked; naming a missing one would create it open. */
export function environmentFindings(steps: readonly PlanStep[], context: GuardContext): readonly GuardFinding[] {
  const { environment, catalogue, service, config, defaultBranch } = context;
  const needed = service.mode === "act" && steps.some((step) => !catalogue.get(step.action)?.byPeople);
  const problem = needed ? environmentProblem(environment, { trustWriters: config.trustWriters, defaultBranch }) : null;
  return problem ? [{ ...problem, step: null }] : [];
}

/**
 * Protected means: only the default branch deploys there, so that nobody can read its secrets from a branch.
 * Asked when the mind opens its journal, when a plan is made, when it is reserved and when it is carried out.
 */
export function environmentProblem(
  { name, exists, branches }: EnvironmentFacts,
  { trustWriters, defaultBranch }: { readonly trustWriters: boolean; readonly defaultBranch: string },
): { readonly rule: ReasonCode; readonly message: string } | null {
  if (trustWriters) return null;
  if (!exists) {
    return {
      rule: "environment-missing",
      message: `The environment "${name}" does not exist. Create it in the repository's settings with deployment branches limited to ${defaultBranch}.`,
    };
  }
  if (branches?.length === 1 && branches[0] === defaultBranch) return null;
  const open = branches === null ? "any branch" : branches.join(", ") || "every protected branch";
  return {
    rule: "environment-unprotected",
    message: `The environment "${name}" takes deployments from ${open}. Limit its deployment branches to ${defaultBranch}.`,
  };
}
