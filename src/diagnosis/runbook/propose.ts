/** What the leading runbook says to do about it. Pure; the guard decides whether it may be done. */
import type { Choice, Proposal, WantedCriterion } from "../../plan/proposal.js";
import type { Service } from "../../config/config.js";
import type { ProposalInput } from "../../ports.js";
import { isBeforeOnset } from "../../signals/change-rank.js";
import { findChanges } from "./match.js";
import type { ChangeCondition, Runbook, RunbookAction } from "./runbook.js";

const DEFAULT_WITHIN_MS = 30 * 60_000;

/**
 * The first action of the leading hypothesis' runbook that applies, that the service has a target for, and that has not been
 * tried in this incident. Actions marked `else` count when no other is left.
 * @returns null when there is none
 */
export function proposeByRunbook(runbooks: readonly Runbook[], input: ProposalInput): Proposal | null {
  const [leader] = input.diagnosis.hypotheses;
  const runbook = runbooks.find(({ id }) => id === leader?.runbook);
  if (leader === undefined || runbook === undefined) return null;
  const usable = runbook.actions.filter((action) => isPossible(action, input) && wasNotTried(action, input));
  const chosen =
    usable.find(({ applies }) => applies === "always" || (applies === "recent-deployment" && canGoBack(runbook, input))) ??
    usable.find(({ applies }) => applies === "else");
  if (chosen === undefined) return null;
  return {
    service: input.service.name,
    choices: [toChoice(chosen)],
    because: leader.for,
    claimedRisk: "low", // nothing beyond what the guard computes
    verify: runbook.verify.filter((criterion) => isMeasurable(criterion, input.service)),
    runbook: { id: runbook.id, sha: runbook.sha },
  };
}

function toChoice({ action, target, params }: RunbookAction): Choice {
  return { action, target, params, when: "always" };
}

function isPossible({ action, target }: RunbookAction, { service }: ProposalInput): boolean {
  return action === "manual" || service.targets.get(target)?.action === action;
}

function wasNotTried({ action }: RunbookAction, { failed }: ProposalInput): boolean {
  return failed.every((attempt) => attempt.action !== action);
}

/** A deployment shortly before the onset replaced a known version, and nothing was deployed on top of it since. */
function canGoBack(runbook: Runbook, { onset, observations, alerts }: ProposalInput): boolean {
  const withinMs = Math.max(0, ...changeConditions(runbook).map((condition) => condition.withinMs)) || DEFAULT_WITHIN_MS;
  const deployments = observations.filter(
    ({ detail }) => detail.kind === "change" && detail.of === "deployment" && detail.previousRef !== null,
  );
  const later = deployments.some(({ at }) => !isBeforeOnset(at.getTime(), onset.getTime()));
  return !later && findChanges({ of: ["deployment"], withinMs }, { onset, observations: deployments, alerts }).length > 0;
}

function changeConditions({ signals, after }: Runbook): readonly ChangeCondition[] {
  return [...signals, ...(after === null ? [] : [after])].filter((condition) => condition.kind === "change");
}

function isMeasurable(criterion: WantedCriterion, service: Service): boolean {
  return !("signal" in criterion) || service.signals.has(criterion.signal);
}
