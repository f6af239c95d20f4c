/** From what a monitor said to our normal form: redacted, bounded, with a service of the catalogue and a fingerprint. */
import type { Service } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import type { Outside } from "../outside/outside.js";
import { redact, redactField } from "../outside/redact.js";
import { sha256, canonicalJson } from "../plan/canonical.js";
import type { Severity } from "../words.js";
import { readMoment } from "./moment.js";

export const MAX_LABELS = 40;
export const MAX_TEXT = 500;
/** A raw payload that nobody understood is kept longer than other texts. */
export const MAX_RAW = 8_000;
/** Annotation with our own remarks on how the alert was read. */
export const NOTE = "gatehouse.note";
/** Annotation with the payload as it came, for shapes we do not know. */
export const RAW = "raw";
const SERVICE_LABELS = [
  "service",
  "app",
  "application",
  "job",
  "component",
  "exported_service",
  "service_name",
  "servicename",
  "deployment",
  "container",
  "project",
  "workload",
  "namespace",
  "host",
  "resource",
]; // prettier-ignore

export interface IntakeContext {
  readonly monitor: string; // name of the intake
  readonly services: ReadonlyMap<string, Service>;
  readonly now: Date; // when it was received: stands in for a start that nobody told
}
/** What one alert of a payload says, unredacted and unbounded. */
export interface AlertDraft {
  readonly name: string;
  readonly summary: string;
  readonly state: "firing" | "resolved";
  readonly severity: Severity | null;
  readonly id?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly service?: string | undefined; // as the monitor calls it
  readonly startsAt?: unknown;
  readonly endsAt?: unknown;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly links: readonly string[];
  readonly value?: number | null;
  readonly threshold?: number | null;
  /** Labels that tell one alert from another of the same name; default: all. */
  readonly identity?: Readonly<Record<string, string>>;
  readonly notes: readonly string[]; // ours
}

export function draftAlert(draft: AlertDraft, context: IntakeContext): Alert {
  const startedAt = readMoment(draft.startsAt, context.now);
  const notes = [...draft.notes, ...startNote(draft.startsAt, startedAt), ...countNote(draft.labels)];
  const service = findService(draft.service, draft.labels, context.services);
  const fingerprint = safeId(draft.fingerprint, 128) ?? deriveFingerprint(draft, service, context.monitor);
  return {
    monitor: context.monitor.slice(0, 40),
    id: safeId(draft.id, 200) ?? fingerprint,
    fingerprint,
    name: textOr(firstLine(draft.name), "Alert"),
    service,
    severity: draft.severity,
    state: draft.state,
    startedAt: startedAt ?? context.now,
    endedAt: draft.state === "resolved" ? readMoment(draft.endsAt, context.now) : null,
    summary: textOr(draft.summary, draft.name || "Alert"),
    labels: boundedTexts(draft.labels, MAX_LABELS),
    annotations: { ...boundedTexts(draft.annotations, MAX_LABELS - 1), ...noteTexts(notes) },
    links: safeLinks(draft.links),
    value: finiteOr(draft.value),
    threshold: finiteOr(draft.threshold),
  };
}

/** The first label among those that usually name a service whose value is one of ours; case does not matter. */
export function findService(
  named: string | undefined,
  labels: Readonly<Record<string, string>>,
  services: { keys(): Iterable<string> },
): string | null {
  const byLowerName = new Map([...services.keys()].map((name) => [name.toLowerCase(), name]));
  const lowerLabels = new Map(Object.entries(labels).map(([key, value]) => [key.toLowerCase(), value]));
  const candidates = [named, ...SERVICE_LABELS.map((label) => lowerLabels.get(label))];
  return candidates.map((value) => byLowerName.get(value?.trim().toLowerCase() ?? "")).find((name) => name !== undefined) ?? null;
}

function deriveFingerprint(draft: AlertDraft, service: string | null, monitor: string): string {
  const identity = Object.entries(draft.identity ?? draft.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(canonicalJson([monitor, draft.name, service ?? draft.service ?? null, identity]));
}

/** Ids are plain text in the journal: only what is harmless there, else its hash; null when there is none. */
export function safeId(id: string | undefined, max: number): string | null {
  if (id === undefined || id.trim() === "") return null;
  const plain = /^[\w.:/=+-]+$/.test(id) && id.length <= max && redact(id).outside === id;
  return plain ? id : sha256(id);
}

function firstLine(text: string): string {
  return text.trim().split(/[\r\n]/, 1)[0] ?? "";
}

function textOr(text: string, fallback: string): Outside {
  const redacted = redact(text.trim(), MAX_TEXT);
  return redacted.outside.trim() === "" ? redact(fallback, MAX_TEXT) : redacted;
}

function boundedTexts(texts: Readonly<Record<string, string>>, most: number): Record<string, Outside> {
  const kept = Object.entries(texts)
    .filter(([key]) => key !== "__proto__")
    .slice(0, most);
  return Object.fromEntries(
    kept.map(([key, value]) => [safeKey(key), redactField(key, value, key === RAW ? MAX_RAW : MAX_TEXT)]),
  );
}

/** Keys stay plain strings, so they keep only what no renderer could take for anything else. */
function safeKey(key: string): string {
  return redact(key, 100).outside.replace(/[^\w.-]/g, "_") || "_";
}

function noteTexts(notes: readonly string[]): Record<string, Outside> {
  return notes.length === 0 ? {} : { [NOTE]: redact(notes.join(" "), MAX_TEXT) };
}

function startNote(startsAt: unknown, read: Date | null): readonly string[] {
  if (read || startsAt === undefined || startsAt === null || startsAt === "") return [];
  return [`Its start "${plainText(startsAt).slice(0, 60)}" is not a usable date; the time it was received stands in for it.`];
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function countNote(labels: Readonly<Record<string, string>>): readonly string[] {
  const count = Object.keys(labels).length;
  return count > MAX_LABELS ? [`It has ${count} labels; the first ${MAX_LABELS} are kept.`] : [];
}

/** At most five http(s) addresses, without any that hold a secret; quoted so that markdown cannot be left. */
function safeLinks(links: readonly string[]): string[] {
  const usable = links.flatMap((link) => {
    if (!/^https?:\/\//i.test(link) || link.length > 2_000 || !URL.canParse(link) || redact(link).outside !== link) return [];
    return [new URL(link).href.replace(/[()|]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)];
  });
  return [...new Set(usable)].slice(0, 5);
}

function finiteOr(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
