/** How we will know, and what was read: criteria and readings in words. */
import { escapeInline } from "../outside/escape.js";
import type { Incident } from "../incident/incident.js";
import type { Reading } from "../incident/facts.js";
import type { Criterion, Plan } from "../plan/plan.js";
import { baseline } from "./baseline.js";
import { table } from "./markdown.js";
import { reading as lastReading } from "./recall.js";
import { quantity } from "./units.js";

/**
 * A criterion as plain text: "error-ratio below 5 %", "alert no longer firing". This is the text that a `Reading` carries,
 * so that readings find their criterion again.
 */
export function describeCriterion(criterion: Criterion, service: string): string {
  if (criterion.kind === "alert-not-firing") return "alert no longer firing";
  const whose = criterion.service === service ? "" : `${criterion.service} `;
  return `${whose}${criterion.signal} ${criterion.holds} ${quantity(criterion.bound, criterion.unit)}`;
}

/** A criterion with what is measured now and what is normal, as far as the evidence tells. Safe markdown. */
export function criterionLine(criterion: Criterion, plan: Plan, incident: Incident): string {
  const text = escapeInline(describeCriterion(criterion, plan.service));
  if (criterion.kind === "alert-not-firing") return text;
  const seen = lastReading(incident, criterion.service, criterion.signal)?.detail ?? null;
  if (seen === null) return `${text} (not measured yet)`;
  return `${text} (now ${quantity(seen.now, criterion.unit)}, ${baseline(seen.before, criterion.signal, criterion.unit)})`;
}

/** A table of readings; `last` is the heading of the newest values: "Now", "After". */
export function readingsTable(readings: readonly Reading[], plan: Plan, last: string): string {
  return table(
    ["Criterion", "Before", last, "Holds"],
    readings.map((reading) => readingRow(reading, plan)),
  );
}

function readingRow(reading: Reading, plan: Plan): readonly string[] {
  return [
    escapeInline(reading.criterion),
    readingValue(reading, reading.before, plan),
    readingValue(reading, reading.last, plan),
    verdictOf(reading),
  ];
}

/** A value of a reading in the unit of its criterion; an alert is 1 while it fires and 0 when it does not. */
export function readingValue(reading: Reading, value: number | null, plan: Plan): string {
  const criterion = plan.verify.criteria.find((each) => describeCriterion(each, plan.service) === reading.criterion);
  if (criterion?.kind === "alert-not-firing") return alertState(value);
  return quantity(value, criterion?.unit ?? null);
}

function alertState(value: number | null): string {
  if (value === null) return quantity(null, null);
  return value > 0 ? "firing" : "not firing";
}

function verdictOf({ holds }: Reading): string {
  if (holds === null) return "? no data";
  return holds ? "✓" : "✗";
}
