/** Holds a runbook against what was observed. Pure; looks at what happened, never at what the service is called. */
import type { Alert, Observation } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import type { Outside } from "../../outside/outside.js";
import { isTestimony } from "../../evidence/background.js";
import { CLOCK_SKEW_MS, isBeforeOnset } from "../../signals/change-rank.js";
import type { ObservationId } from "../../words.js";
import { isErrorSignal } from "../symptoms.js";
import { MAX_MATCHED_TEXT } from "./pattern.js";
import { objectOf, readStatement, type Statement } from "../../evidence/statement.js";
import type { ChangeCondition, Condition, MetricCondition, Runbook, StatementCondition } from "./runbook.js";

export interface Sighting {
  readonly onset: Date;
  readonly observations: readonly Observation[];
  readonly alerts: readonly Alert[];
  /** The change that fits the symptoms best, and what carried it: of changes in time they come first. */
  readonly suspects?: readonly ObservationId[];
}
export interface Held {
  readonly condition: Condition;
  readonly by: readonly Observation[]; // the suspected change, then strongest first; empty when only the alert itself said so
}
export interface Match {
  readonly runbook: Runbook;
  /** The cluster object it blames ("app/checkout", "node/worker-1", "namespace/shop"); null: none was told apart. */
  readonly object: string | null;
  /** All signals hold (with `any`: one), in their order where that counts, something particular to it was seen, and nothing excludes it. */
  readonly fits: boolean;
  readonly score: number; // 0…1: how well its signals are borne out; 0 when nothing holds
  readonly held: readonly Held[];
  readonly missing: readonly Condition[];
  readonly after: readonly Observation[]; // changes that strengthen it, nearest first
  readonly excludedBy: readonly Observation[];
  /** Of all that holds and is particular to it, each by the strength of its observation: failing requests mark no cause. */
  readonly weight: number;
}

/** An alert's own words are the weakest testimony: they say what is watched, not what happened. */
const ALERT_STRENGTH = 0.3;

/** One match for each object that a signal speaks of, and a single one when none does. */
export function matchEverywhere(runbook: Runbook, sighting: Sighting): readonly Match[] {
  const objects = unique(
    runbook.signals.flatMap((condition) =>
      isBound(condition) ? findObservations(condition, sighting).flatMap((seen) => objectOf(seen) ?? []) : [],
    ),
  );
  return objects.length === 0
    ? [matchRunbook(runbook, sighting)]
    : objects.map((object) => matchRunbook(runbook, sighting, object));
}

/** A signal that has to hold of the blamed object itself. */
function isBound(condition: Condition): boolean {
  return condition.kind === "log" || ((condition.kind === "state" || condition.kind === "event") && !condition.anywhere);
}

export function matchRunbook(runbook: Runbook, whole: Sighting, object: string | null = null): Match {
  const about = { ...whole, observations: whole.observations.filter((seen) => isAbout(seen, object)) };
  const look = (condition: Condition): Looked => lookFor(condition, isBound(condition) ? about : whole);
  const seen = runbook.signals.map((condition) => ({ condition, ...look(condition) }));
  const held = seen.filter(({ holds }) => holds);
  const missing = seen.filter(({ holds }) => !holds).map(({ condition }) => condition);
  const after = runbook.after === null ? [] : findObservations(runbook.after, whole);
  const excludedBy = unique(runbook.excludes.flatMap((condition) => look(condition).by));
  const isComplete = runbook.any ? held.length > 0 : missing.length === 0;
  const isObserved = held.some(({ by }) => by.length > 0);
  const strength = sumStrength(held);
  const particular = sumStrength(held.filter(({ condition }) => !isSymptom(condition)));
  const counted: readonly Condition[] = runbook.any && held.length > 0 ? held.map(({ condition }) => condition) : runbook.signals;
  const possible = counted.reduce((sum, { weight }) => sum + weight, 0);
  return {
    runbook,
    object,
    fits: isComplete && isObserved && particular > 0 && excludedBy.length === 0 && (!runbook.inOrder || areInOrder(held)),
    score: strength / possible,
    held: held.map(({ condition, by }) => ({ condition, by })),
    missing,
    after,
    excludedBy,
    weight: particular + (runbook.after === null ? 0 : runbook.after.weight * (after[0]?.score ?? 0)),
  };
}

/** Each begins no earlier than those before it, by its earliest observation. What only the alert says has no time of its own. */
function areInOrder(held: readonly Pick<Held, "by">[]): boolean {
  const begins = held.filter(({ by }) => by.length > 0).map(({ by }) => Math.min(...by.map(({ at }) => at.getTime())));
  return begins.every((begin, index) => begins.slice(0, index).every((before) => before <= begin + CLOCK_SKEW_MS));
}

/** Ids of what speaks for it, in the order of the runbook, then the change before it. */
export function supportOf({ held, after }: Match): readonly ObservationId[] {
  return unique([...held.flatMap(({ by }) => by.slice(0, MOST_CITED)), ...after.slice(0, MOST_CITED)]).map(({ id }) => id);
}
const MOST_CITED = 3; // of one condition

/** Changes of these kinds at most so long before the onset, nearest first. */
export function findChanges(
  { of, withinMs }: Pick<ChangeCondition, "of" | "withinMs">,
  { onset, observations }: Sighting,
): readonly Observation[] {
  const start = onset.getTime();
  return observations.filter(({ detail, at }) => {
    const isKind = detail.kind === "change" && of.includes(detail.of);
    return isKind && isBeforeOnset(at.getTime(), start) && start - at.getTime() <= withinMs;
  });
}

interface Looked {
  readonly holds: boolean;
  readonly by: readonly Observation[];
}

/** What speaks of no object of a cluster speaks of the service, and so of every one of its objects. */
function isAbout(seen: Observation, object: string | null): boolean {
  const said = object === null ? null : objectOf(seen);
  return said === null || said === object;
}

function lookFor(condition: Condition, sighting: Sighting): Looked {
  const by = findObservations(condition, sighting);
  return { holds: by.length > 0 || (condition.kind === "alert" && namesAlert(condition.match, sighting.alerts)), by };
}

function findObservations(condition: Condition, sighting: Sighting): readonly Observation[] {
  const found =
    condition.kind === "change"
      ? findChanges(condition, sighting)
      : sighting.observations.filter((each) => isTestimony(each) && isSeenIn(condition, each));
  const isSuspect = ({ id }: Observation): number => (condition.kind === "change" && sighting.suspects?.includes(id) ? 1 : 0);
  return found.toSorted((a, b) => isSuspect(b) - isSuspect(a) || b.score - a.score);
}

function isSeenIn(condition: Exclude<Condition, ChangeCondition>, seen: Observation): boolean {
  const { detail, summary } = seen;
  switch (condition.kind) {
    case "log":
      return (
        detail.kind === "log" && (detail.newSinceOnset || !condition.newSinceOnset) && isLike(condition.match, detail.template)
      );
    case "metric":
      return detail.kind === "metric" && isMoved(condition, detail);
    case "alert":
      return detail.kind === "alert" && isLike(condition.match, summary);
    case "state":
    case "event":
      return isSaid(condition, readStatement(seen));
  }
}

function isMoved(
  { signals, direction, beyond }: MetricCondition,
  { signal, direction: seen, now }: Extract<Observation["detail"], { kind: "metric" }>,
): boolean {
  if (!signals.includes(signal) || seen !== direction) return false;
  return beyond === null || (now !== null && (direction === "rose" ? now >= beyond : now <= beyond));
}

function isSaid({ kind, of, reasons, match }: StatementCondition, said: Statement | null): boolean {
  if (said === null || said.kind !== kind || said.of !== of) return false;
  const isReason = reasons.some((reason) => reason.toLowerCase() === said.reason.toLowerCase());
  return isReason && (match === null || match.test(said.message.slice(0, MAX_MATCHED_TEXT)));
}

function namesAlert(pattern: RegExp, alerts: readonly Alert[]): boolean {
  return alerts.some(({ name, summary }) => [name, summary].some((text) => isLike(pattern, text)));
}

function isLike(pattern: RegExp, text: Outside): boolean {
  return pattern.test(readForMatching(text).slice(0, MAX_MATCHED_TEXT));
}

function sumStrength(held: readonly Held[]): number {
  return held.reduce((sum, { condition, by }) => sum + condition.weight * strengthOf(by), 0);
}

export function isSymptom(condition: Condition): boolean {
  return condition.kind === "metric" && condition.signals.every(isErrorSignal);
}

function strengthOf(by: readonly Observation[]): number {
  return by[0]?.score ?? ALERT_STRENGTH;
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
