/**
 * Caps what any analyst claims by what the evidence can carry. Pure; the value is never raised.
 *
 * | cap | when |
 * |---|---|
 * | 0.2 | no source answered |
 * | 0.3 | the leading cause cites nothing that exists |
 * | 0.5 | what it cites shows no change, or what speaks against it is at least as strong |
 * | 0.6 | nothing it cites happened near the onset |
 * | 0.65 | it cited an observation that does not exist: the claim is lost, and so is some trust in the rest |
 * | 0.7 | half of the sources or more did not answer |
 * | 0.75 | it rests on a single observation |
 * | 0.8 | no counter-evidence was looked for; or two or more kinds of sources are not configured |
 * | 0.85 | one source did not answer |
 * | 0.9 | a source answered with nothing, or one kind is not configured |
 */
import type { Confidence, Diagnosis, Evidence, Hypothesis, Observation } from "../incident/facts.js";
import { isTestimony, isWitness } from "../evidence/background.js";
import { isBeforeOnset } from "../signals/change-rank.js";
import type { ObservationId } from "../words.js";

type Cap = Confidence["caps"][number];
type Cause = Extract<Diagnosis, { kind: "cause" }>;

/** How far from the onset an observation may lie and still belong to it: alerts hold before they fire, and faults spread. */
const NEAR_MS = 20 * 60_000;
const CHANGE_NEAR_MS = 2 * 3_600_000;

/** Who makes up one observation may have misread others. */
export const INVENTED_CAP: Cap = { reason: "it cited observations that do not exist", to: 0.65 };

/**
 * Removes citations that do not exist, then applies every cap that holds and lists it.
 * A "no incident" that cites nothing real becomes "unknown", unless the alert itself shows it.
 */
export function capConfidence(diagnosis: Diagnosis, evidence: Evidence): Diagnosis {
  const known = new Map(evidence.observations.map((each) => [each.id, each]));
  switch (diagnosis.kind) {
    case "unknown":
      return diagnosis;
    case "no-incident": {
      const cites = diagnosis.cites.filter((id) => known.has(id));
      if (cites.length > 0 || diagnosis.by === "alert") return { ...diagnosis, cites };
      return { kind: "unknown", why: "it was called no incident without an observation that shows it", openQuestions: [] };
    }
    case "cause":
      return capCause(diagnosis, known, evidence);
  }
}

function capCause(diagnosis: Cause, known: ReadonlyMap<ObservationId, Observation>, evidence: Evidence): Cause {
  const real = (ids: readonly ObservationId[]): ObservationId[] => [...new Set(ids)].filter((id) => known.has(id));
  const hypotheses = diagnosis.hypotheses.map((each) => ({ ...each, for: real(each.for), against: real(each.against) }));
  const { claimed, caps: earlier, value } = diagnosis.confidence;
  const invents = diagnosis.hypotheses.some((each) => [...each.for, ...each.against].some((id) => !known.has(id)));
  const caps = mergeCaps(earlier, [
    ...(invents ? [INVENTED_CAP] : []),
    ...capsOfSources(evidence),
    ...capsOfLeader(hypotheses, known, evidence.onset),
  ]);
  return {
    ...diagnosis,
    hypotheses,
    confidence: { claimed, caps, value: Math.min(claimed, value, ...caps.map(({ to }) => to)) },
  };
}

/** Capping twice lists nothing twice. */
function mergeCaps(earlier: readonly Cap[], found: readonly Cap[]): Cap[] {
  return [...new Map([...earlier, ...found].map((cap) => [cap.reason, cap])).values()];
}

function capsOfSources({ coverage }: Evidence): readonly Cap[] {
  const witnesses = coverage.filter(isWitness);
  const of = (answer: string): readonly string[] =>
    witnesses.filter((each) => each.answer === answer).map(({ source }) => source);
  const [down, empty, absent] = [of("unavailable"), of("empty"), of("not-configured")];
  const asked = witnesses.length - absent.length;
  const caps: Cap[] = [];
  if (asked === down.length) caps.push({ reason: "no source answered", to: 0.2 });
  else if (down.length * 2 >= asked && down.length > 0)
    caps.push({ reason: `${list(down)} did not answer: half of the sources or more`, to: 0.7 });
  else if (down.length > 0) caps.push({ reason: `${list(down)} did not answer`, to: 0.85 });
  if (empty.length > 0) caps.push({ reason: `${list(empty)} had nothing to say`, to: 0.9 });
  if (absent.length > 0) caps.push({ reason: `${list(absent)} not configured`, to: absent.length > 1 ? 0.8 : 0.9 });
  return caps;
}

function capsOfLeader(
  [leader, ...others]: readonly Hypothesis[],
  known: ReadonlyMap<ObservationId, Observation>,
  onset: Date,
): readonly Cap[] {
  // Other incidents, earlier or open, may be cited, and bear nothing out.
  const look = (ids: readonly ObservationId[]): readonly Observation[] =>
    ids.flatMap((id) => known.get(id) ?? []).filter(isTestimony);
  const [pro, contra] = [look(leader?.for ?? []), look(leader?.against ?? [])];
  if (pro.length === 0) return [{ reason: "the cause cites no observation that exists", to: 0.3 }];
  const caps: Cap[] = [];
  // Something against any of them, or what would tell them apart, shows that the opposite was considered.
  const isWeighed = (each: Hypothesis): boolean => each.against.length > 0 || each.tellApart !== null;
  const isOneSided = contra.length === 0 && ![leader, ...others].some((each) => each !== undefined && isWeighed(each));
  if (!pro.some((each) => showsChange(each, onset))) caps.push({ reason: "what it cites shows no change", to: 0.5 });
  if (contra.length > 0 && total(contra) >= total(pro)) caps.push({ reason: "as much speaks against it as for it", to: 0.5 });
  if (!pro.some((each) => isNearOnset(each, onset))) caps.push({ reason: "nothing it cites happened near the onset", to: 0.6 });
  if (pro.length === 1) caps.push({ reason: "it rests on a single observation", to: 0.75 });
  if (isOneSided) caps.push({ reason: "no counter-evidence was looked for", to: 0.8 });
  return caps;
}

function showsChange({ detail, at }: Observation, onset: Date): boolean {
  if (detail.kind === "metric") return detail.direction === "rose" || detail.direction === "fell";
  if (detail.kind === "log") return detail.newSinceOnset || detail.firstAt.getTime() >= onset.getTime();
  return detail.kind !== "change" || isBeforeOnset(at.getTime(), onset.getTime());
}

function isNearOnset({ detail, at }: Observation, onset: Date): boolean {
  const distanceMs = at.getTime() - onset.getTime();
  if (detail.kind === "change") return isBeforeOnset(at.getTime(), onset.getTime()) && -distanceMs <= CHANGE_NEAR_MS;
  return Math.abs(distanceMs) <= NEAR_MS;
}

function total(observations: readonly Observation[]): number {
  return observations.reduce((sum, { score }) => sum + score, 0);
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
