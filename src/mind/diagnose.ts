/** Triage, evidence and diagnosis: what the analyst is given, and what is kept of its answer. */
import type { Service } from "../config/config.js";
import { capConfidence } from "../diagnosis/confidence.js";
import { gatherEvidence } from "../evidence/gather.js";
import { joinLearned } from "../evidence/join-learned.js";
import type { Evidence, Observation } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { redact } from "../outside/redact.js";
import type { DiagnosisInput } from "../ports.js";
import { planOf } from "../render/recall.js";
import type { NonEmpty } from "../words.js";
import type { Alert } from "../incident/facts.js";
import { serviceOf, type MindContext } from "./context.js";

/** The signal by which severity is measured, if the service has it. */
const ERROR_RATIO = "error-ratio";

export async function triage({ journal, ports, config }: MindContext): Promise<void> {
  const { incident } = journal;
  const service = incident.service === null ? null : (config.services.get(incident.service) ?? null);
  const errorRatio = service?.signals.has(ERROR_RATIO) ? await ports.signals.read(service, ERROR_RATIO) : null;
  const triaged = await ports.analyst.triage({ alerts: alertsOf(incident), service, errorRatio });
  journal.note({ fact: "triaged", at: ports.clock.now(), triage: triaged, analyst: ports.analyst.name });
}

export async function gather(attempt: number, widening: number, { journal, ports, config }: MindContext): Promise<void> {
  const { incident } = journal;
  const { logsMs, changesMs } = config.diagnosis.windows;
  const now = ports.clock.now();
  const evidence = await gatherEvidence(
    {
      service: serviceOf(incident, config),
      alerts: alertsOf(incident),
      onset: incident.onset,
      attempt,
      now,
      windows: { logsMs: logsMs * widening, changesMs: changesMs * widening },
    },
    ports.sources,
    ports.clock,
  );
  journal.note({ fact: "evidence", at: ports.clock.now(), evidence });
}

export async function diagnose(evidence: Evidence, { journal, ports, config }: MindContext): Promise<void> {
  const { incident } = journal;
  const { analyst, clock } = ports;
  const claimed = await analyst.diagnose(diagnosisInput(incident, evidence, serviceOf(incident, config)));
  const seen = withLearned(evidence, analyst.learned?.() ?? []);
  if (seen !== evidence) journal.note({ fact: "evidence", at: clock.now(), evidence: seen });
  const costUsd = unrecorded(analyst.spent?.().usd ?? 0, journal.incident.costUsd);
  const diagnosis = capConfidence(claimed, seen);
  journal.note({ fact: "diagnosed", at: clock.now(), attempt: incident.attempt, diagnosis, analyst: analyst.name, costUsd });
}

const LEAST_USD = 1e-6;

/** Each call is on record with its price; what remains was spent before a run had to start over. */
function unrecorded(spentUsd: number, recordedUsd: number): number {
  const rest = spentUsd - recordedUsd;
  return rest < LEAST_USD ? 0 : rest;
}

/** What the analyst asked for itself joins the evidence: it may only cite what is on record. */
function withLearned(evidence: Evidence, learned: readonly Observation[]): Evidence {
  if (learned.length === 0) return evidence;
  const { observations, dropped } = joinLearned(evidence.observations, learned, evidence.review);
  return { ...evidence, observations: [...observations], dropped: evidence.dropped + dropped };
}

export function diagnosisInput(incident: Incident, evidence: Evidence, service: Service): DiagnosisInput {
  return {
    service,
    alerts: alertsOf(incident),
    attempt: incident.attempt,
    onset: incident.onset,
    observations: evidence.observations,
    coverage: evidence.coverage,
    review: evidence.review,
    hints: incident.hints.map((hint) => redact(hint)),
    failed: failedMoves(incident),
    leftOpen: leftOpen(incident),
  };
}

/** Of the attempt before, or of the round before a person asked again. */
function leftOpen({ facts }: Incident): DiagnosisInput["leftOpen"] {
  const last = facts.findLast((fact) => fact.fact === "diagnosed");
  return last === undefined || last.diagnosis.kind === "no-incident" ? [] : last.diagnosis.openQuestions;
}

/** What was tried in this incident and did not help: it is not proposed again. */
function failedMoves(incident: Incident): DiagnosisInput["failed"] {
  return incident.executions
    .filter(({ outcome }) => outcome !== null && outcome !== "recovered" && outcome !== "drifted")
    .flatMap(({ warrant }) => planOf(incident, warrant.digest)?.plan ?? [])
    .flatMap((plan) => plan.steps.map((step) => ({ cause: plan.cause, action: step.action })));
}

function alertsOf(incident: Incident): NonEmpty<Alert> {
  return incident.alerts.map(({ alert }) => alert) as unknown as NonEmpty<Alert>;
}

/** The monitor says it is over: only a measurement makes that true. */
export async function checkRecovery({ journal, ports, config }: MindContext): Promise<void> {
  const service = config.services.get(journal.incident.service ?? "");
  const errorRatio = service?.signals.has(ERROR_RATIO) ? await ports.signals.read(service, ERROR_RATIO) : null;
  const firing = await Promise.all(journal.incident.alerts.map(({ alert }) => ports.signals.isFiring(alert)));
  const healthy = errorRatio === null || firing.includes(null) ? null : errorRatio <= HEALTHY_BELOW && !firing.includes(true);
  const at = ports.clock.now();
  journal.note({ fact: "recovery-checked", at, healthy, errorRatio });
  if (healthy)
    journal.note({
      fact: "resolved",
      at,
      how: "recovered-by-itself",
      by: null,
      note: redact("The monitor says it is over, and the error ratio is back to normal."),
    });
}

/** The same bound below which triage speaks of a mere warning. */
const HEALTHY_BELOW = 0.02;
