/** Alerts, observations and coverage as JSON, one a line: a text cannot begin a line of its own, nor take another's id. */
import type { Alert, Observation } from "../../incident/facts.js";
import type { FencedBlock } from "../../outside/fence.js";
import { readForMatching } from "../../outside/match.js";
import type { Outside } from "../../outside/outside.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput } from "../../ports.js";
import type { Look } from "./ask-further.js";

const MAX_BLOCK = 40_000;
const MAX_TEXT = 300;
const MOST_LABELS = 12;
const MOST_ANNOTATIONS = 4;
const MOST_ALERTS = 10;
const MOST_FILES = 8;
const MOST_OPEN = 8;

export function alertBlock(alerts: readonly Alert[]): FencedBlock {
  return block("alerts", alerts.slice(0, MOST_ALERTS).map(alertLine));
}

export function observationBlock(observations: readonly Observation[], onset: Date): FencedBlock {
  return block(
    "observations",
    observations.map((each) => observationLine(each, onset)),
  );
}

/** What code found when it held the changes against the symptoms, with their lines at hand; null when it found nothing. */
export function reviewBlock({ review }: Pick<DiagnosisInput, "review">): FencedBlock | null {
  if (review.verdict === "none" && review.weighed.length === 0) return null;
  return block("how code weighed the changes, by their lines where it could read them", [
    { verdict: review.verdict, ids: review.ids, why: text(review.why) },
    ...review.weighed.map(({ id, says }) => ({ id, says: text(says) })),
  ]);
}

export function coverageBlock({ coverage }: Pick<DiagnosisInput, "coverage">): FencedBlock {
  return block(
    "what the sources said",
    coverage.map((each) => ({
      source: each.source,
      answer: each.answer,
      ...(each.answer === "unavailable" ? { why: text(each.why) } : {}),
    })),
  );
}

type History = Pick<DiagnosisInput, "hints" | "failed" | "leftOpen">;

/** What people hinted at, what was tried before in this incident, and what stayed open then; null when there is nothing. */
export function historyBlock({ hints, failed, leftOpen }: History): FencedBlock | null {
  const lines = [
    ...hints.map((hint) => ({ hint: text(hint) })),
    ...failed.map(({ cause, action }) => ({ tried: action, against: cut(cause), result: "did not help" })),
    ...leftOpen.slice(0, MOST_OPEN).map((question) => ({ "left open before": text(question) })),
  ];
  return lines.length === 0 ? null : block("hints of people, what was tried, and what the last attempt left open", lines);
}

/** What was looked at beyond the evidence, and what came of it: nothing new is evidence too. */
export function lookBlock(looks: readonly Look[]): FencedBlock {
  return block(
    "further looks",
    looks.map(({ asked, result }) => ({ look: cut(asked), result })),
  );
}

export function block(label: string, lines: readonly object[]): FencedBlock {
  return { label, text: redact(lines.map((line) => JSON.stringify(line)).join("\n") || "(nothing)", MAX_BLOCK) };
}

function alertLine(alert: Alert, index: number): object {
  const labels = Object.entries(alert.labels).slice(0, MOST_LABELS);
  const summary = readForMatching(alert.summary);
  const annotations = Object.entries(alert.annotations)
    .map(([key, value]) => [key, cut(readForMatching(value))] as const)
    .filter(([, value]) => value !== cut(summary))
    .slice(0, MOST_ANNOTATIONS);
  return {
    id: `A${index + 1}`,
    name: text(alert.name),
    state: alert.state,
    severity: alert.severity,
    summary: cut(summary),
    labels: Object.fromEntries(labels.map(([key, value]) => [key, cut(readForMatching(value), 80)])),
    ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    ...(alert.value === null ? {} : { value: alert.value }),
    ...(alert.threshold === null ? {} : { threshold: alert.threshold }),
  };
}

function observationLine({ id, source, subject, at, summary, detail }: Observation, onset: Date): object {
  return {
    id,
    at: fromOnset(at, onset),
    source,
    of: subject,
    kind: detail.kind === "change" ? detail.of : detail.kind,
    says: text(summary),
    ...(detail.kind === "change" && detail.files.length > 0
      ? { files: detail.files.slice(0, MOST_FILES).map((file) => text(file)) }
      : {}),
  };
}

/** "-2m05s": two minutes and five seconds before the onset. */
export function fromOnset(at: Date, onset: Date): string {
  const seconds = Math.round((at.getTime() - onset.getTime()) / 1_000);
  const size = Math.abs(seconds);
  const minutes = Math.floor(size / 60);
  const told = size >= 7_200 ? `${Math.round(size / 3_600)}h` : `${minutes}m${String(size % 60).padStart(2, "0")}s`;
  return `${seconds < 0 ? "-" : "+"}${told}`;
}

function text(outside: Outside): string {
  return cut(readForMatching(outside));
}

function cut(line: string, max = MAX_TEXT): string {
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}
