/**
 * May this plan be carried out now? The one pure answer, asked three times with facts read anew: by the reservation,
 * by the hands, and by the mind when it wants to know why a run ended without doing anything.
 */
import type { Config, Service } from "../config/config.js";
import { decideApproval, type Person } from "../gate/approval.js";
import type { Command } from "../gate/commands.js";
import type { Fact, FactOf, Warrant } from "../incident/facts.js";
import type { Execution, Incident, PostedPlan } from "../incident/incident.js";
import { environmentProblem, freezeRule } from "../plan/rules.js";
import type { EnvironmentFacts, Reservation, Snapshot, WorkflowRun } from "../ports.js";
import { hasRole, shortDigest } from "../words.js";
import { refuse, type Refusal } from "./refusal.js";
import { decideReservation, type Purpose } from "./reservation.js";
import { protectsTag } from "./rulesets.js";

export interface AdmissionInput {
  readonly purpose: Purpose;
  readonly incident: Incident;
  readonly digest: string; // as the run was asked to carry out
  readonly snapshot: Snapshot;
  readonly commands: readonly Command[];
  readonly people: ReadonlyMap<string, Person>;
  readonly config: Config;
  readonly environment: EnvironmentFacts; // the gated one of the plan
  readonly recentRemediations: number | null; // null: not asked again
  readonly reservations: readonly Reservation[];
  readonly runs: ReadonlyMap<number, WorkflowRun | null>; // of the reservations; null: gone
  readonly now: Date;
}
export type Admission =
  | {
      readonly kind: "admitted";
      readonly plan: PostedPlan;
      readonly service: Service;
      readonly warrant: Warrant;
      readonly execution: Execution | null;
      readonly k: number;
    }
  | Refusal;

export function decideAdmission(input: AdmissionInput): Admission {
  const current = currentPlan(input);
  if (current.kind === "refused") return current;
  const { plan, execution } = current;
  const service = input.config.services.get(plan.plan.service);
  const problem =
    standingStop(input, plan) ??
    policyProblem(input, plan, service) ??
    protectionProblem(input) ??
    resumeProblem(input, execution);
  if (problem) return problem;
  const approval = approvalOf(input, plan, execution);
  if (approval.kind === "refused") return approval;
  const reserved = decideReservation(input, execution);
  if (reserved.kind === "refused") return reserved;
  if (!service) return refuse("unknown-service", `The config no longer has the service ${plan.plan.service}.`);
  return { kind: "admitted", plan, service, warrant: approval.warrant, execution, k: reserved.k };
}

type Current = { readonly kind: "current"; readonly plan: PostedPlan; readonly execution: Execution | null };

/** The digest must be that of the plan which is approved or being carried out now. */
function currentPlan({ incident, digest }: AdmissionInput): Current | Refusal {
  const { phase } = incident;
  const finished = incident.executions.find(({ warrant, outcome }) => warrant.digest === digest && outcome !== null);
  if (finished) return refuse("already-executed", `Plan ${digest.slice(0, 8)} was carried out already (${finished.outcome}).`);
  if (incident.deadDigests.has(digest))
    return refuse("plan-dead", `Plan ${digest.slice(0, 8)} is no longer open: it was rejected, ran out or was replaced.`);
  if ((phase.at === "approved" || phase.at === "remediating") && phase.plan.digest === digest) {
    return { kind: "current", plan: phase.plan, execution: phase.at === "remediating" ? phase.execution : null };
  }
  return refuse("not-approved", `Plan ${digest.slice(0, 8)} is not an approved plan of this incident (phase ${phase.at}).`);
}

/** A hold or a rejection counts as soon as it is there, whether or not the mind has read it yet. */
export function standingStop(
  { incident, commands, people }: Pick<AdmissionInput, "incident" | "commands" | "people">,
  plan: PostedPlan,
): Refusal | null {
  if (incident.held) return refuse("held", "The incident is on hold; /retry or a fresh /approve ends that.");
  if (incident.deadDigests.has(plan.digest))
    return refuse("plan-dead", `Plan ${shortDigest(plan.digest)} is no longer open: it was rejected, ran out or was replaced.`);
  const rejection = incident.facts.filter(isRejection).find(({ comment }) => comment > plan.comment);
  if (rejection) return refuse("rejected", `${rejection.by} said /reject.`);
  for (const { comment, parsed } of commands) {
    if (parsed.kind !== "command" || comment.author.isBot || comment.id < plan.comment || incident.answered.has(comment.id))
      continue;
    const verb = parsed.said.verb;
    if (verb !== "hold" && verb !== "reject") continue;
    if (hasRole(people.get(comment.author.login)?.role ?? "none", "triage"))
      return refuse(verb === "hold" ? "held" : "rejected", `${comment.author.login} said /${verb}.`);
  }
  return null;
}

/** Taken in by the mind while the hands were at work: it ends the plan also for a run that resumes it. */
function isRejection(fact: Fact): fact is FactOf<"command"> {
  return fact.fact === "command" && fact.verb === "reject" && fact.outcome === "done";
}

function policyProblem(
  { config, now, recentRemediations, snapshot }: AdmissionInput,
  { plan }: PostedPlan,
  service: Service | undefined,
): Refusal | null {
  if (plan.configSha !== config.sha)
    return refuse("config-changed", `${config.path} has changed since the plan was made; /retry makes one under the new config.`);
  if (snapshot.trunk.visibility === "public" && !config.allowPublic)
    return refuse("public-repository", "The repository is public and allow-public is not set.");
  if (service?.mode !== "act") return refuse("mode-observe", `${plan.service} is not in mode act.`);
  const frozen = freezeRule(config.remediation.freeze, now);
  if (frozen) return refuse(frozen.rule, frozen.message);
  const { most, perMs } = config.remediation.breaker;
  if (recentRemediations !== null && recentRemediations >= most)
    return refuse("breaker", `${plan.service} was remediated ${recentRemediations} times within ${perMs / 60_000} minutes.`);
  return null;
}

function protectionProblem({ environment, config, snapshot, incident, digest }: AdmissionInput): Refusal | null {
  const problem = environmentProblem(environment, {
    trustWriters: config.trustWriters,
    defaultBranch: snapshot.trunk.defaultBranch,
  });
  if (problem) return refuse(problem.rule, problem.message);
  if (config.trustWriters || protectsTag(snapshot.trunk.tagRulesets, `gatehouse/plan/${incident.number}/${digest}/1`))
    return null;
  return refuse(
    "tag-unprotected",
    "No active ruleset forbids update and deletion of the tags refs/tags/gatehouse/**/*: a reservation could be taken back. Add one, or set trust-writers: true.",
  );
}

function resumeProblem({ config, now }: AdmissionInput, execution: Execution | null): Refusal | null {
  if (!execution || now.getTime() < execution.startedAt.getTime() + config.remediation.resumeWithinMs) return null;
  return refuse(
    "resume-too-late",
    `The execution began at ${execution.startedAt.toISOString()}; it may resume for ${config.remediation.resumeWithinMs / 60_000} minutes only.`,
  );
}

/** Expiry bounds the first intent: an execution that has started is judged as of its start. */
function approvalOf(
  input: AdmissionInput,
  plan: PostedPlan,
  execution: Execution | null,
): { readonly kind: "approved"; readonly warrant: Warrant } | Refusal {
  const opened = input.incident.facts[0];
  const decision = decideApproval({
    plan,
    plansMade: input.incident.plans.length,
    reportedBy: opened.fact === "opened" ? opened.reportedBy : null,
    commands: input.commands,
    comments: input.snapshot.comments,
    people: input.people,
    approvers: input.config.gate.approvers,
    now: execution?.startedAt ?? input.now,
  });
  switch (decision.kind) {
    case "approved":
      return { kind: "approved", warrant: decision.warrant };
    case "void":
      return refuse(decision.reason, "The plan comment was edited or deleted after it was posted.");
    case "expired":
      return refuse("expired", `The approval ran out at ${plan.plan.expiresAt.toISOString()}.`);
    case "waiting": {
      const doubt = decision.votes.find((vote) => !vote.counts);
      const why = doubt && !doubt.counts ? ` An /approve of ${doubt.by} does not count: ${doubt.reason}.` : "";
      return refuse(
        "not-approved",
        `${decision.missing} more approval${decision.missing === 1 ? " is" : "s are"} needed now.${why}`,
      );
    }
    default:
      return decision satisfies never;
  }
}
