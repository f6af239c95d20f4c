import type { GoodJournal } from "../../src/incident/journal.js";
import type { PlanStep } from "../../src/plan/plan.js";
import type { RequestFigures } from "./figures.js";
import type { SeenJob } from "./visitor.js";

export interface Timings {
  readonly alert_to_plan: number;
  readonly approve_to_resolved: number;
  readonly total: number;
}
export interface ResultParts {
  readonly journal: GoodJournal;
  readonly requests: RequestFigures;
  readonly validation: { readonly checked: number; readonly violations: number; readonly without_schema: number };
  readonly timings: Timings;
  readonly jobs: readonly Pick<SeenJob, "name" | "conclusion" | "ms">[];
  readonly errorRate: { readonly before: number | null; readonly during: number | null; readonly after: number | null };
}

/** The demo's last line with `--json`. Everything about the incident is read from its signed journal. */
export function draftResult({ journal, requests, validation, timings, jobs, errorRate }: ResultParts): Record<string, unknown> {
  const { incident } = journal;
  const execution = incident.executions.at(-1);
  const made = incident.plans.find(({ digest }) => digest === execution?.warrant.digest) ?? incident.plans.at(-1);
  const verification = execution?.verifications.at(-1);
  return {
    schema_version: 1,
    incident: incident.number,
    phase: incident.phase.at,
    severity: incident.severity,
    services: incident.service === null ? [] : [incident.service],
    gate: execution?.warrant.gate ?? null,
    approved_by: execution?.warrant.by ?? [],
    plan: made
      ? { digest: made.digest, risk: made.plan.risk, reversible: made.plan.reversible, steps: made.plan.steps.map(toStep) }
      : null,
    verification: verification ? { verdict: verification.verdict, readings: verification.readings } : null,
    postmortem: incident.phase.at === "closed" ? incident.phase.path : null,
    requests,
    validation,
    timings_ms: timings,
    jobs,
    world: { error_rate: errorRate },
  };
}

function toStep({ action, target, before, after, risk, undo }: PlanStep): Record<string, unknown> {
  return { action, target, before, after, risk, undo };
}
