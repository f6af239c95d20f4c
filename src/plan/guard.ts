/**
 * The guard: what anyone proposes becomes a sealed plan, or a list of findings. Pure, and the only maker of `SealedPlan`.
 * Nothing that a model, a runbook or a person returns can switch off a rule.
 */
import type { Action, Aim, Place } from "../actions/action.js";
import type { Config, Service } from "../config/config.js";
import type { EnvironmentFacts } from "../ports.js";
import { maxRisk, type Json, type NonEmpty } from "../words.js";
import { resolveCriteria } from "./criteria.js";
import { digestOf } from "./digest.js";
import type { Criterion, Plan, PlanStep, SealedPlan } from "./plan.js";
import type { Choice, Proposal } from "./proposal.js";
import { environmentFindings, policyFindings, stepFindings, type GuardFinding } from "./rules.js";
import { placeOf } from "./targets.js";

/** What a target looked like just now, or why it could not be looked at. */
export type Sight = { readonly seen: Json } | { readonly cannot: string };
export interface GuardContext {
  readonly config: Config;
  readonly service: Service;
  readonly catalogue: ReadonlyMap<string, Action>;
  readonly repositoryId: number;
  readonly incident: number;
  readonly attempt: number;
  readonly sequence: number; // this would be the n-th plan of the incident
  readonly severity: "P0" | "P1" | "P2" | "P3";
  readonly symptomWords: string; // names and summaries of the alerts, for the data-loss rule
  readonly cause: string;
  readonly sights: readonly Sight[]; // one per choice
  readonly environment: EnvironmentFacts;
  readonly defaultBranch: string;
  readonly recentRemediations: number; // of this service, within the breaker's period
  readonly now: Date;
}
export type Guarded =
  | { readonly kind: "sealed"; readonly plan: SealedPlan }
  | { readonly kind: "refused"; readonly findings: NonEmpty<GuardFinding> };

export function guard(proposal: Proposal, context: GuardContext): Guarded {
  const steps = proposal.choices.map((choice, index) => compileStep(choice, index, context));
  const criteria = resolveCriteria(proposal, context);
  const made = steps.flatMap((step) => ("step" in step ? [step.step] : []));
  const findings = [
    ...steps.flatMap((step) => ("findings" in step ? step.findings : [])),
    ...("findings" in criteria ? criteria.findings : []),
    ...policyFindings(made, proposal, context),
    ...environmentFindings(made, context),
  ];
  const [first, ...others] = findings;
  if (first) return { kind: "refused", findings: [first, ...others] };
  return { kind: "sealed", plan: seal(draftPlan(made, proposal, context, "criteria" in criteria ? criteria.criteria : [])) };
}

type Compiled = { readonly step: PlanStep } | { readonly findings: readonly GuardFinding[] };

function compileStep(choice: Choice, index: number, context: GuardContext): Compiled {
  const number = index + 1;
  const findings = stepFindings(choice, number, context);
  const action = context.catalogue.get(choice.action);
  const place = placeOf(choice, context.service, action);
  if (findings.length > 0 || !action || !place) return { findings };
  const sight = context.sights[index] ?? { cannot: "it was not looked at" };
  if ("cannot" in sight)
    return refuse("cannot-observe", number, `${place.target.name} of ${place.service} cannot be looked at: ${sight.cannot}`);
  const aim = action.aim(choice.params, sight.seen, place);
  if ("refused" in aim) return refuse("bad-parameters", number, `${choice.action} on ${place.target.name}: ${aim.refused}.`);
  if (!action.byPeople && action.holds(aim.after, sight.seen))
    return refuse("no-change", number, `${place.target.name} is already at ${JSON.stringify(aim.after)}.`);
  return { step: draftStep(number, choice, action, place, aim) };
}

function refuse(rule: GuardFinding["rule"], step: number, message: string): Compiled {
  return { findings: [{ rule, step, message }] };
}

function draftStep(number: number, choice: Choice, action: Action, place: Place, aim: Aim): PlanStep {
  return {
    number,
    action: action.name,
    actionVersion: action.version,
    service: place.service,
    target: place.target.name,
    address: place.target.address as PlanStep["address"],
    resolved: aim.resolved as PlanStep["resolved"],
    before: aim.before as PlanStep["before"],
    after: aim.after as PlanStep["after"],
    undo: aim.undo,
    onUnchanged: action.onUnchanged,
    risk: stepRisk(aim, place),
    when: choice.when,
    limitMs: action.limitMs,
    says: aim.says,
    undoSays: aim.undoSays,
  };
}

/** A move without an undo in production, or on anything that holds data, is never low. */
function stepRisk(aim: Aim, { target }: Place): PlanStep["risk"] {
  if (target.stateful) return "high";
  if (aim.undo === "none" && target.production) return maxRisk(aim.risk, "medium");
  return aim.risk;
}

function draftPlan(steps: readonly PlanStep[], proposal: Proposal, context: GuardContext, criteria: readonly Criterion[]): Plan {
  const { config, service, severity, now } = context;
  const computed = maxRisk(...steps.map((step) => step.risk));
  const risk = maxRisk(computed, proposal.claimedRisk);
  const byPeople = service.mode === "propose" || steps.every((step) => context.catalogue.get(step.action)?.byPeople);
  return {
    schema: 1,
    repositoryId: context.repositoryId,
    incident: context.incident,
    attempt: context.attempt,
    sequence: context.sequence,
    service: service.name,
    environment: service.environment,
    cause: context.cause,
    runbook: proposal.runbook,
    steps: [...steps],
    risk,
    reversible: steps.every((step) => step.undo === "to-before"),
    touchesProduction: steps.some((step) => service.targets.get(step.target)?.production ?? false),
    carriedOutBy: byPeople ? "people" : "hands",
    quorum: config.gate.quorum[risk],
    verify: { criteria: [...criteria], soakMs: config.remediation.soakMs, stepMs: config.remediation.queryStepMs },
    configSha: config.sha,
    createdAt: now,
    expiresAt: new Date(now.getTime() + config.gate.answerWithinMs[severity]),
  };
}

function seal(plan: Plan): SealedPlan {
  return { plan, digest: digestOf(plan) } as SealedPlan;
}
