/** From the ranking to a diagnosis: hypotheses with what speaks for and against each. Pure. */
import type { Confidence, Diagnosis, Hypothesis, Observation } from "../../incident/facts.js";
import type { Outside } from "../../outside/outside.js";
import { isPast } from "../../evidence/background.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput } from "../../ports.js";
import type { ObservationId } from "../../words.js";
import { findNoIncident } from "../no-incident.js";
import { abstain } from "./abstain.js";
import { firstFailureElsewhere } from "./first-failure.js";
import { supportOf, type Match } from "./match.js";
import { questionsAbout } from "./questions.js";
import { rankRunbooks, unexplainedBy } from "./rank.js";
import type { Condition, Runbook } from "./runbook.js";
import { blamesChange, OUTSIDE_CAP } from "./suspects.js";
import { describeCause } from "./words.js";

const MOST_OTHERS = 3;
const MAX_TELL_APART = 400;

export function diagnoseByRunbooks(runbooks: readonly Runbook[], input: DiagnosisInput): Diagnosis {
  const noIncident = findNoIncident(input);
  if (noIncident !== null) return noIncident;
  const { leader, claimed, rivals, ruledOut, outside } = rankRunbooks(runbooks, input);
  if (leader === null) return abstain(runbooks, ruledOut, input);
  const shown = [...rivals, ...ruledOut].slice(0, MOST_OTHERS);
  return {
    kind: "cause",
    hypotheses: [leading(leader, shown, claimed, input), ...others(leader, shown, claimed, input)],
    confidence: outside !== null && blamesChange(leader.runbook) ? capped(claimed) : { claimed, caps: [], value: claimed },
    openQuestions: questionsAbout([leader, ...ruledOut], input, outside),
  };
}

function capped(claimed: number): Confidence {
  return { claimed, caps: [OUTSIDE_CAP], value: Math.min(claimed, OUTSIDE_CAP.to) };
}

function leading(leader: Match, shown: readonly Match[], claimed: number, input: DiagnosisInput): Hypothesis {
  return {
    runbook: leader.runbook.id,
    cause: describeCause(leader, input.service.name, input.onset, firstFailureElsewhere(input)?.subject ?? null),
    for: [...supportOf(leader), ...seenBefore(leader.runbook, input)],
    against: [...contradicting(leader, input)],
    likelihood: claimed,
    tellApart: remainingLookAlikes(leader.runbook, shown),
  };
}

/** Earlier incidents that came to the same runbook. They are worth reading; confidence does not count them. */
function seenBefore({ id }: Runbook, { observations }: DiagnosisInput): readonly ObservationId[] {
  return observations.filter((seen) => isPast(seen) && seen.query === id).map((seen) => seen.id);
}

/** Those that are not hypotheses themselves, as many as fit. */
function remainingLookAlikes({ lookAlikes }: Runbook, shown: readonly Match[]): Outside | null {
  const ids = new Set(shown.map(({ runbook }) => runbook.id));
  const texts = [...lookAlikes].filter(([id]) => !ids.has(id)).map(([id, text]) => `${id}: ${text}`);
  const fitting = texts.filter((_, index) => texts.slice(0, index + 1).join("; ").length <= MAX_TELL_APART);
  return fitting.length === 0 ? null : redact(fitting.join("; "), MAX_TELL_APART);
}

/** They share what the leader leaves of certainty; one that is ruled out gets a tenth of its part. */
function others(leader: Match, shown: readonly Match[], claimed: number, input: DiagnosisInput): readonly Hypothesis[] {
  const parts = shown.map((match) => match.weight * (!match.fits ? 0.1 : unexplainedBy(leader, match) > 0 ? 1 : 0.5));
  const whole = Math.max(
    leader.weight,
    parts.reduce((sum, part) => sum + part, 0),
  );
  return shown.map((match, index) => ({
    runbook: match.runbook.id,
    cause: describeCause(match, input.service.name, input.onset),
    for: [...supportOf(match)],
    against: [...contradicting(match, input)],
    likelihood: Math.min(claimed, ((1 - claimed) * (parts[index] ?? 0)) / whole),
    tellApart: difference(leader.runbook, match.runbook),
  }));
}

function difference(leader: Runbook, other: Runbook): Outside | null {
  const text = leader.lookAlikes.get(other.id) ?? other.lookAlikes.get(leader.id);
  return text === undefined ? null : redact(text, MAX_TELL_APART);
}

/** What excludes it, signals that were measured and did not do what it expects, and failures elsewhere beside a change here. */
function contradicting({ runbook, excludedBy, missing }: Match, input: DiagnosisInput): readonly ObservationId[] {
  const otherwise = missing.flatMap((condition) => input.observations.filter((each) => isMeasuredOtherwise(condition, each)));
  const elsewhere = blamesChange(runbook) ? firstFailureElsewhere(input) : null;
  return [...new Set([...excludedBy, ...otherwise, ...(elsewhere === null ? [] : [elsewhere])])].map(({ id }) => id);
}

function isMeasuredOtherwise(condition: Condition, { detail }: Observation): boolean {
  return (
    condition.kind === "metric" &&
    detail.kind === "metric" &&
    condition.signals.includes(detail.signal) &&
    detail.direction !== "unknown"
  );
}
