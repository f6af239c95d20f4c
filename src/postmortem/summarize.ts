/** The values of a post-mortem's front matter, from the facts alone. */
import { plainLine } from "../outside/escape.js";
import type { FactOf } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { factsOf, first, newestCause, newestEvidence, newestFact, planOf } from "../render/recall.js";
import type { FrontMatter } from "./front-matter.js";

const MINUTE = 60_000;
const LONGEST_CAUSE = 300;

/** @throws when the incident is not resolved: there is nothing to sum up yet. */
export function summarize(incident: Incident): FrontMatter {
  const resolved = resolution(incident);
  const cause = newestCause(incident);
  return {
    schema: 1,
    incident: incident.number,
    service: incident.service,
    severity: incident.severity,
    onset: incident.onset.toISOString(),
    opened: incident.openedAt.toISOString(),
    resolved: resolved.at.toISOString(),
    "minutes-to-recover": minutesBetween(incident.onset, resolved.at),
    how: resolved.how,
    ...causeOf(incident),
    runbook: cause === null ? null : first(cause.hypotheses).runbook,
    confidence: cause?.confidence.value ?? null,
    attempts: factsOf(incident.facts, "diagnosed").length,
    alerts: incident.alerts.map(({ alert }) => alert.fingerprint),
    signals: movedSignals(incident),
    actions: actionsOf(incident),
    verdict: incident.executions.at(-1)?.verifications.at(-1)?.verdict ?? null,
    "cost-usd": Number(incident.costUsd.toFixed(4)),
  };
}

export function resolution(incident: Incident): FactOf<"resolved"> {
  const resolved = newestFact(incident.facts, "resolved");
  if (resolved === null)
    throw new Error(`Incident ${incident.number} is ${incident.phase.at}: a post-mortem is written when it is resolved.`);
  return resolved;
}

function causeOf(incident: Incident): Pick<FrontMatter, "cause" | "cause-by"> {
  if (incident.causeByPerson !== null) return { cause: plainLine(incident.causeByPerson, LONGEST_CAUSE), "cause-by": "person" };
  const cause = newestCause(incident);
  if (cause === null) return { cause: null, "cause-by": "nobody" };
  return { cause: plainLine(first(cause.hypotheses).cause, LONGEST_CAUSE), "cause-by": "analyst" };
}

function movedSignals(incident: Incident): string[] {
  const moved = (newestEvidence(incident)?.observations ?? []).flatMap(({ detail }) =>
    detail.kind === "metric" && (detail.direction === "rose" || detail.direction === "fell") ? [detail.signal] : [],
  );
  return [...new Set(moved)].sort();
}

function actionsOf(incident: Incident): FrontMatter["actions"] {
  return incident.executions.flatMap((execution) => {
    const steps = planOf(incident, execution.warrant.digest)?.plan.steps ?? [];
    const started = steps.filter(({ number }) => execution.effects.some(({ step }) => step === number));
    return started.map(({ action, service, target, risk }) => ({
      action,
      target: `${service}/${target}`,
      risk,
      outcome: execution.outcome ?? "unfinished",
    }));
  });
}

/** Rounded up to a tenth: a recovery never counts as instant. */
function minutesBetween(from: Date, to: Date): number {
  return Math.max(0, Math.ceil((to.getTime() - from.getTime()) / (MINUTE / 10)) / 10);
}
