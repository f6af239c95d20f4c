/** Asks every source at once and numbers what they found. What did not answer is said; nothing is made up for it. */
import type { Service } from "../config/config.js";
import { MAX_OBSERVATIONS, MAX_SUMMARY, type Alert, type Coverage, type Evidence } from "../incident/facts.js";
import { reporterOf } from "../config/signal-sources.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Clock, Finding, Source, SourceRequest } from "../ports.js";
import type { NonEmpty } from "../words.js";
import { askSource } from "./ask-source.js";
import { isRemark } from "./clock-skew.js";
import { toObservation } from "./observation.js";
import { reviewOf, weighChanges } from "./weigh-changes.js";

export interface GatherRequest {
  readonly service: Service;
  readonly alerts: NonEmpty<Alert>;
  readonly onset: Date;
  readonly attempt: number; // from 1
  readonly now: Date;
  /** How far before the onset to look; doubled by the caller for a later attempt. */
  readonly windows: { readonly logsMs: number; readonly changesMs: number };
}

/**
 * What an incident usually needs, by the sources that bring it: where none of them is set up, the first is said to be missing,
 * because silence is no evidence.
 */
const NEEDED: readonly (readonly [string, ...string[]])[] = [
  ["prometheus", "cloudwatch", "datadog"],
  ["loki", "elasticsearch", "cloudwatch", "datadog"],
  ["github"],
];

/** So many signals that did nothing are worth telling; of more, each yields its place to whatever else was found. */
const MOST_STEADY = 12;

/** Many can write lines, and make up new kinds of them. */
const MOST_LINES = 20;

interface Answer {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
}

/**
 * Observations are numbered E1, E2 … strongest first; the same findings always get the same numbers. Changes are weighed here, with
 * what the sources read and nobody keeps: the verdict stays, the material does not.
 */
export async function gatherEvidence(
  request: GatherRequest,
  sources: readonly Source[],
  clock: Pick<Clock, "sleep">,
): Promise<Evidence> {
  const { attempt, onset, windows, service, alerts } = request;
  const concerned = sources.filter((source) => source.concerns?.(service) ?? true);
  const answers = await Promise.all(concerned.map((source) => ask(source, request, clock)));
  const findings = makeRoom(answers.flatMap((answer) => answer.findings).toSorted(strongestFirst), service);
  const weighed = weighChanges({ service, alerts, onset, findings });
  const kept = new Map(
    keepStrongest(findings, new Set(weighed.named)).map((finding, index) => [finding, `E${index + 1}` as const] as const),
  );
  return {
    attempt,
    onset,
    logsMinutes: windows.logsMs / 60_000,
    changesMinutes: windows.changesMs / 60_000,
    observations: [...kept].map(([finding, id]) => toObservation(id, shorten(finding))),
    dropped: findings.length - kept.size,
    coverage: [...answers.map(({ coverage }) => coverage), ...missing(sources, service)],
    review: reviewOf(weighed, kept),
  };
}

/** What the review names stays, however weak it would be otherwise; where there is more than fits, too many kinds of lines yield. */
function keepStrongest(findings: readonly Finding[], named: ReadonlySet<Finding>): readonly Finding[] {
  const yielding = new Set([...findings.filter(isLine).slice(MOST_LINES), ...findings.filter(isSteady).slice(MOST_STEADY)]);
  const inOrder = [...findings.filter((finding) => !yielding.has(finding)), ...yielding];
  const others = inOrder.filter((finding) => !named.has(finding)).slice(0, MAX_OBSERVATIONS - named.size);
  const kept = new Set([...others, ...named]);
  return findings.filter((finding) => kept.has(finding));
}

async function ask(source: Source, request: GatherRequest, clock: Pick<Clock, "sleep">): Promise<Answer> {
  const { findings, why } = await askSource(source, toQuestion(request), clock);
  if (why !== null) return { findings, coverage: { source: source.name, answer: "unavailable", why } };
  return { findings, coverage: { source: source.name, answer: findings.every(isRemark) ? "empty" : "ok" } };
}

function toQuestion({ service, alerts, onset, now, windows }: GatherRequest): Omit<SourceRequest, "signal"> {
  const to = new Date(Math.max(now.getTime(), onset.getTime() + 1));
  const reaching = (ms: number): SourceRequest["logs"] => ({ from: new Date(onset.getTime() - ms), to });
  return { service, alerts, onset, logs: reaching(windows.logsMs), changes: reaching(windows.changesMs) };
}

function strongestFirst(a: Finding, b: Finding): number {
  return b.score - a.score || a.at.getTime() - b.at.getTime() || compareText(sortKey(a), sortKey(b));
}

/** Of what is steady, signals that come first in the service catalogue keep their places; the rest goes to the end. */
function makeRoom(sorted: readonly Finding[], { signals }: Service): readonly Finding[] {
  const places = new Map([...signals.keys()].map((name, index) => [name, index]));
  const placeOf = ({ detail }: Finding): number =>
    (detail.kind === "metric" ? places.get(detail.signal) : undefined) ?? places.size;
  const steady = sorted.filter(isSteady).toSorted((a, b) => placeOf(a) - placeOf(b));
  const last = steady.slice(MOST_STEADY);
  const yielding = new Set(last);
  return [...sorted.filter((finding) => !yielding.has(finding)), ...last];
}

function isSteady({ detail }: Finding): boolean {
  return detail.kind === "metric" && detail.direction === "steady";
}

function isLine({ detail }: Finding): boolean {
  return detail.kind === "log";
}

function sortKey({ source, subject, summary }: Finding): string {
  return `${source} ${subject} ${readForMatching(summary)}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function shorten(finding: Finding): Finding {
  const text = readForMatching(finding.summary);
  return text.length <= MAX_SUMMARY ? finding : { ...finding, summary: redact(text, MAX_SUMMARY) };
}

/** Needed by every incident, or named by a reviewed query of this service. */
function missing(sources: readonly Source[], { signals }: Service): readonly Coverage[] {
  const asked = new Set(sources.map(({ name }) => name));
  const needed = NEEDED.flatMap((kind) => (kind.some((name) => asked.has(name)) ? [] : [kind[0]]));
  const named = [...signals.values()].map(({ source }) => reporterOf(source));
  const absent = [...new Set([...needed, ...named])].filter((name) => !asked.has(name) && name !== "recordings");
  return absent.map((source) => ({ source, answer: "not-configured" }));
}
