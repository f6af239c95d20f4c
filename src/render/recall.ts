/** What the facts of an incident say, for whoever renders it: the newest word on each subject. */
import type { Config } from "../config/config.js";
import type { Diagnosis, Evidence, Fact, FactOf, Observation } from "../incident/facts.js";
import type { Outside } from "../outside/outside.js";
import type { Incident, Execution, JournaledPlan } from "../incident/incident.js";

export type Cause = Extract<Diagnosis, { kind: "cause" }>;
export type MetricObservation = Observation & { detail: Extract<Observation["detail"], { kind: "metric" }> };

export function factsOf<N extends Fact["fact"]>(facts: readonly Fact[], name: N): readonly FactOf<N>[] {
  return facts.filter((fact): fact is FactOf<N> => fact.fact === name);
}

export function newestFact<N extends Fact["fact"]>(facts: readonly Fact[], name: N): FactOf<N> | null {
  return factsOf(facts, name).at(-1) ?? null;
}

export function newestEvidence(incident: Incident): Evidence | null {
  return newestFact(incident.facts, "evidence")?.evidence ?? null;
}

export function newestDiagnosis(incident: Incident): FactOf<"diagnosed"> | null {
  return newestFact(incident.facts, "diagnosed");
}

/** The newest diagnosis that names a cause; later attempts that found none do not hide it. */
export function newestCause(incident: Incident): Cause | null {
  const causes = factsOf(incident.facts, "diagnosed").flatMap(({ diagnosis }) => (diagnosis.kind === "cause" ? [diagnosis] : []));
  return causes.at(-1) ?? null;
}

/** Who reported it by hand; null when a monitor did. */
export function reporter(incident: Incident): string | null {
  return newestFact(incident.facts, "opened")?.reportedBy ?? null;
}

/** Where a plan is to be read: the comment that asks or advises. */
export function planUrl(incident: Incident, digest: string): string | null {
  const posted = [...factsOf(incident.facts, "asked"), ...factsOf(incident.facts, "advised")];
  return posted.filter((fact) => fact.digest === digest).at(-1)?.url ?? null;
}

/** Where the filed post-mortem is to be read: where it was said to be, else on the default branch of the repository that an asked plan names. */
export function postmortemUrl(incident: Incident, path: string): string | null {
  const said = newestFact(incident.facts, "filed")?.url ?? null;
  if (said !== null) return said;
  const posted = [...factsOf(incident.facts, "asked"), ...factsOf(incident.facts, "advised")].at(-1)?.url ?? "";
  const repository = /^https:\/\/[^/]+\/[\w.-]+\/[\w.-]+(?=\/issues\/\d)/.exec(posted)?.[0];
  return repository === undefined ? null : `${repository}/blob/HEAD/${path.split("/").map(encodeURIComponent).join("/")}`;
}

export function planOf(incident: Incident, digest: string): JournaledPlan | null {
  return incident.plans.find((plan) => plan.digest === digest) ?? null;
}

/** The diagnosis behind a plan; null when a person wrote the plan, whatever had been diagnosed before. */
export function causeBehind(incident: Incident, digest: string): Cause | null {
  const author = planOf(incident, digest)?.proposedBy;
  const typed = factsOf(incident.facts, "command").some(
    ({ verb, outcome, by }) => verb === "plan" && outcome === "done" && by === author,
  );
  return typed ? null : newestCause(incident);
}

export function lastExecution(incident: Incident): Execution | null {
  return incident.executions.at(-1) ?? null;
}

/** What was said about the escalation that stands now; an earlier one's words are not repeated, and a plan for people says it all. */
export function escalationDetail(incident: Incident, reason: string): Outside | null {
  const escalated = newestFact(incident.facts, "escalated");
  if (reason === "people-act") return null;
  return escalated?.reason === reason && escalated.detail.outside.trim() !== "" ? escalated.detail : null;
}

export function resolvedAt(incident: Incident): Date | null {
  return newestFact(incident.facts, "resolved")?.at ?? null;
}

/** When the incident ought to be over: counted from its opening; null before triage. */
export function recoverBy(incident: Incident, config: Config): Date | null {
  return incident.severity === null ? null : new Date(incident.openedAt.getTime() + config.recoveryTargetsMs[incident.severity]);
}

export function metrics(evidence: Evidence | null): readonly MetricObservation[] {
  return (evidence?.observations ?? []).filter((seen): seen is MetricObservation => seen.detail.kind === "metric");
}

/** The newest measurement of one signal of one service, null when there is none. */
export function reading(incident: Incident, service: string, signal: string): MetricObservation | null {
  return metrics(newestEvidence(incident)).find((seen) => seen.subject === service && seen.detail.signal === signal) ?? null;
}

/** The first of a list that its schema never lets be empty. */
export function first<T>(list: readonly T[]): T {
  const [head] = list;
  if (head === undefined)
    throw new Error("A list of the journal is empty although its schema forbids it: parse the journal before rendering it.");
  return head;
}
