/** Where an intake belongs: to an incident that is known, to a new one, or to none. Pure. */
import type { Alert } from "../incident/facts.js";
import type { PhaseName } from "../words.js";
import type { Intake } from "./intake.js";

/** How long after its last activity an incident takes in alerts of its service. */
export const CORRELATION_WINDOW_MS = 60 * 60_000;

export interface KnownIncident {
  readonly number: number;
  readonly keys: ReadonlySet<string>;
  /** Every alert of it by fingerprint, as last told. */
  readonly fingerprints: ReadonlyMap<string, LastTold>;
  readonly service: string | null;
  readonly phase: PhaseName;
  readonly lastActivity: Date;
}
export type LastTold = Pick<Alert, "state" | "startedAt">;
export interface CorrelationRules {
  readonly now: Date;
  readonly windowMs?: number; // default: 60 minutes
}
export type Correlation =
  | { readonly kind: "new" }
  | { readonly kind: "existing"; readonly incident: number; readonly why: Why; readonly plainRepeat: boolean }
  | { readonly kind: "none" }; // only resolved alerts, and no incident that they could end
export type Why = "same-key" | "same-fingerprint" | "same-service";

/**
 * The first rule that finds an incident decides: same key, same fingerprint, same service; of several incidents the
 * open ones before those that are over, then the newest. An incident that is over takes in nothing that fires anew.
 */
export function correlate(intake: Intake, known: readonly KnownIncident[], rules: CorrelationRules): Correlation {
  const ranked = [...known].sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.number - a.number);
  for (const [why, applies] of RULES) {
    const incident = ranked.find((candidate) => applies(intake, candidate, rules));
    if (incident) return { kind: "existing", incident: incident.number, why, plainRepeat: isPlainRepeat(intake, incident) };
  }
  return fires(intake) ? { kind: "new" } : { kind: "none" };
}

type Rule = (intake: Intake, incident: KnownIncident, rules: CorrelationRules) => boolean;
const RULES: readonly (readonly [Why, Rule])[] = [
  ["same-key", hasSameKey],
  ["same-fingerprint", hasSameFingerprint],
  [
    "same-service",
    (intake, incident, rules) => isNear(incident, rules) && serviceOf(intake) !== null && serviceOf(intake) === incident.service,
  ],
];

/**
 * A second delivery of an event, whenever it comes. Only where a payload holds no time does its key stay the same when the alert
 * fires anew; then it started after the incident was over, and a new outage must not vanish in an old incident.
 */
function hasSameKey(intake: Intake, incident: KnownIncident): boolean {
  const firesAnew =
    isOver(incident) && intake.alerts.some((alert) => alert.state === "firing" && alert.startedAt > incident.lastActivity);
  return incident.keys.has(intake.key) && !firesAnew;
}

function hasSameFingerprint(intake: Intake, incident: KnownIncident): boolean {
  if (incident.phase === "closed" || (isOver(incident) && fires(intake))) return false;
  return intake.alerts.some(({ fingerprint }) => incident.fingerprints.has(fingerprint));
}

function isNear(incident: KnownIncident, { now, windowMs = CORRELATION_WINDOW_MS }: CorrelationRules): boolean {
  return !isOver(incident) && now.getTime() - incident.lastActivity.getTime() <= windowMs;
}

/** Nothing that the incident has not been told: the key is known, or every alert in its state. */
function isPlainRepeat(intake: Intake, incident: KnownIncident): boolean {
  return (
    incident.keys.has(intake.key) || intake.alerts.every((alert) => isTold(alert, incident.fingerprints.get(alert.fingerprint)))
  );
}

/** Also told: a firing alert that arrives after its own end. Events may be reordered. */
function isTold(alert: Alert, last: LastTold | undefined): boolean {
  if (!last) return false;
  return last.state === alert.state || (last.state === "resolved" && alert.startedAt <= last.startedAt);
}

export function isOver({ phase }: Pick<KnownIncident, "phase">): boolean {
  return phase === "resolved" || phase === "closed";
}

function fires(intake: Intake): boolean {
  return intake.alerts.some(({ state }) => state === "firing");
}

function serviceOf(intake: Intake): string | null {
  return intake.alerts[0].service;
}
