import type { Config, Service } from "../config/config.js";
import type { Reading } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import type { Criterion, Plan } from "../plan/plan.js";
import type { Clock, SignalReader } from "../ports.js";
import { describeCriterion } from "../render/criteria.js";
import type { Verdict } from "../words.js";
import { criterionHolds, decideVerdict, type Sample } from "./verdict.js";

export interface VerifyPorts {
  readonly clock: Clock;
  readonly signals: SignalReader;
}

/** Reads every criterion once; a firing alert is 1, a silent one 0. */
export async function readCriteria(plan: Plan, incident: Incident, config: Config, ports: VerifyPorts): Promise<Sample> {
  const values = await Promise.all(
    plan.verify.criteria.map((criterion) => readOne(criterion, incident, config.services, ports.signals)),
  );
  return {
    at: ports.clock.now(),
    values,
    holds: plan.verify.criteria.map((criterion, index) => criterionHolds(criterion, values[index] ?? null)),
  };
}

async function readOne(
  criterion: Criterion,
  incident: Incident,
  services: ReadonlyMap<string, Service>,
  signals: SignalReader,
): Promise<number | null> {
  if (criterion.kind === "alert-not-firing") return readAlerts(incident, signals);
  const service = services.get(criterion.service);
  return service ? signals.read(service, criterion.signal) : null;
}

/** 1 when any alert of the incident fires, 0 when none does, null when it cannot be told. */
async function readAlerts(incident: Incident, signals: SignalReader): Promise<number | null> {
  const answers = await Promise.all(incident.alerts.map(({ alert }) => signals.isFiring(alert)));
  if (answers.includes(true)) return 1;
  return answers.includes(null) ? null : 0;
}

/** Watches until there is a verdict: recovered for the whole soak time, worse for as long, or the limit is reached. */
export async function verify(
  plan: Plan,
  before: readonly Reading[],
  context: { readonly incident: Incident; readonly config: Config },
  ports: VerifyPorts,
): Promise<{ readonly verdict: Verdict; readonly readings: readonly Reading[] }> {
  const startedAt = ports.clock.now();
  const samples: Sample[] = [];
  for (;;) {
    samples.push(await readCriteria(plan, context.incident, context.config, ports));
    const now = ports.clock.now();
    const verdict = decideVerdict({
      criteria: plan.verify.criteria,
      before: before.map((reading) => reading.before),
      samples,
      startedAt,
      soakMs: plan.verify.soakMs,
      now,
    });
    if (verdict) return { verdict, readings: toReadings(plan, before, samples.at(-1)) };
    await ports.clock.sleep(plan.verify.stepMs);
  }
}

/** How the criteria stood before the first step: `before` and `last` are the same then. */
export function firstReadings(plan: Plan, sample: Sample): readonly Reading[] {
  return plan.verify.criteria.map((criterion, index) => ({
    criterion: describeCriterion(criterion, plan.service),
    before: sample.values[index] ?? null,
    last: sample.values[index] ?? null,
    holds: sample.holds[index] ?? null,
  }));
}

function toReadings(plan: Plan, before: readonly Reading[], sample: Sample | undefined): readonly Reading[] {
  return plan.verify.criteria.map((criterion, index) => ({
    criterion: describeCriterion(criterion, plan.service),
    before: before[index]?.before ?? null,
    last: sample?.values[index] ?? null,
    holds: sample?.holds[index] ?? null,
  }));
}
