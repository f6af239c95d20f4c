/** The share of requests that fail, wherever an incident measured it. */
import type { Execution, Incident } from "../incident/incident.js";
import { ERROR_RATIO } from "./baseline.js";
import { describeCriterion } from "./criteria.js";
import { factsOf, metrics, newestEvidence, newestFact, planOf, resolvedAt, type MetricObservation } from "./recall.js";

export interface MeasuredRatio {
  readonly ratio: number;
  readonly at: Date;
}

/**
 * While it goes on, the worse of triage's reading and the newest evidence; once it is over, the peak of all that was measured.
 * null when nobody measured it.
 */
export function worstErrorRatio(incident: Incident): MeasuredRatio | null {
  const all = resolvedAt(incident) === null ? newest(incident) : everMeasured(incident);
  return all.reduce<MeasuredRatio | null>((worst, each) => (worst === null || each.ratio >= worst.ratio ? each : worst), null);
}

/** What the newest evidence says of the service's own failing requests; null when it did not measure them. */
export function newestErrorRatio(incident: Incident): MetricObservation | null {
  return metrics(newestEvidence(incident)).find((seen) => isErrorRatio(seen, incident)) ?? null;
}

function newest(incident: Incident): readonly MeasuredRatio[] {
  const triaged = newestFact(incident.facts, "triaged");
  const gathered = newestFact(incident.facts, "evidence");
  return [
    ...measured(triaged?.triage.errorRatio ?? null, triaged?.at),
    ...measured(newestErrorRatio(incident)?.detail.now ?? null, gathered?.at),
  ];
}

function everMeasured(incident: Incident): readonly MeasuredRatio[] {
  const triaged = factsOf(incident.facts, "triaged").flatMap(({ triage, at }) => measured(triage.errorRatio, at));
  const gathered = factsOf(incident.facts, "evidence").flatMap(({ evidence, at }) =>
    metrics(evidence)
      .filter((seen) => isErrorRatio(seen, incident))
      .flatMap(({ detail }) => measured(detail.now, at)),
  );
  const checked = factsOf(incident.facts, "recovery-checked").flatMap(({ errorRatio, at }) => measured(errorRatio, at));
  return [...triaged, ...gathered, ...checked, ...incident.executions.flatMap((each) => readDuring(each, incident))];
}

/** What the hands read before and after they acted. */
function readDuring(
  { warrant, startedAt, readingsBefore, verifications }: Execution,
  incident: Incident,
): readonly MeasuredRatio[] {
  const plan = planOf(incident, warrant.digest)?.plan ?? null;
  const criterion = plan?.verify.criteria.find(
    (each) => each.kind === "signal" && each.signal === ERROR_RATIO && each.service === incident.service,
  );
  if (plan === null || criterion === undefined) return [];
  const name = describeCriterion(criterion, plan.service);
  const before = readingsBefore.filter((each) => each.criterion === name).flatMap((each) => measured(each.before, startedAt));
  const after = verifications.flatMap(({ readings, at }) =>
    readings.filter((each) => each.criterion === name).flatMap((each) => measured(each.last, at)),
  );
  return [...before, ...after];
}

function isErrorRatio({ subject, detail }: MetricObservation, { service }: Incident): boolean {
  return subject === service && detail.signal === ERROR_RATIO && detail.now !== null;
}

function measured(ratio: number | null, at: Date | undefined): readonly MeasuredRatio[] {
  return ratio === null || at === undefined ? [] : [{ ratio, at }];
}
