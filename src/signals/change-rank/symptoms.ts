/** Brings what an incident shows into the words of the change ranking. Pure. */
import { createCallGraph } from "../cause-rank/call-graph.js";
import { groupBy } from "../cause-rank/group.js";
import type { LogTally } from "../cause-rank/model.js";
import { levelOf, tallyLogs, type ServiceLine } from "../cause-rank/tally-logs.js";
import { summarizeTraces, type Span } from "../cause-rank/visits.js";
import type { Point } from "../metric-change.js";
import { findFirstDeparture } from "./first-departure.js";
import { isLoad } from "./load.js";
import type { Shift, Sign, Symptoms } from "./model.js";

export interface NamedSeries {
  readonly service: string;
  readonly name: string;
  readonly points: readonly Point[]; // oldest first, from well before the trouble
}
/** A span with what its attributes say: statements, hosts, status codes. */
export interface TellingSpan extends Span {
  readonly text: string;
}
export interface Seen {
  readonly noticedAt: number; // ms since the epoch
  readonly alert: { readonly service: string | null; readonly texts: readonly string[] };
  readonly services: readonly string[];
  readonly series: readonly NamedSeries[];
  readonly lines: readonly ServiceLine[];
  /** Counts that a log store has made itself. */
  readonly tallies: readonly LogTally[];
  readonly spans: readonly TellingSpan[];
  /** What sources have judged themselves and gave no material for. */
  readonly told: { readonly signs: readonly Sign[]; readonly shifts: readonly Shift[] };
}

const ALERT_WEIGHT = 3;
const METRIC_WEIGHT = 1;
const SPAN_WEIGHT = 1;
/** What happens after people were told still speaks of the trouble, for a while. */
const AFTER_MS = 15 * 60_000;
const GROWN = 3;
/** Signs of one trouble come this near to each other. */
const COMPANY_MS = 20 * 60_000;
/** What a service's signs are worth when something it calls shows signs too. */
const PASSED_ON = 0.3;
const ALERTED = 0.5;

export function readSymptoms(seen: Seen): Symptoms {
  const { noticedAt, services, alert } = seen;
  const shifts = allShifts(seen);
  const errors = firstNewErrors(seen.lines, noticedAt);
  const onset = firstSign(
    [...shifts, ...errors].map(({ at }) => at),
    noticedAt,
  );
  const since = seen.lines.filter(({ at }) => at >= onset && at <= noticedAt + AFTER_MS);
  const logs = [
    ...tallyLogs(
      seen.lines.filter(({ at }) => at < onset),
      since,
      services,
    ),
    ...seen.tallies,
  ].flatMap(logSign);
  const spans = seen.spans.filter((span) => span.failed && span.startMs >= onset).flatMap(spanSign);
  const signs: readonly Sign[] = [
    ...alert.texts.map((text) => ({ text, service: alert.service, weight: ALERT_WEIGHT, source: "alert" as const })),
    ...logs,
    ...spans,
    ...seen.told.signs,
    ...shifts.map(({ name, service, direction }) => ({
      text: `${name} ${direction}`,
      service,
      weight: METRIC_WEIGHT,
      source: "metric" as const,
    })),
  ];
  return {
    noticedAt,
    onset,
    services: orderServices(signs, seen),
    known: services,
    watched: [...new Set([...seen.series, ...seen.lines, ...seen.spans].map(({ service }) => service))],
    entries: entriesOf(seen, shifts),
    signs,
    shifts: [...shifts, ...errors],
  };
}

/** What a source has told of a series counts where its points do not show it. */
function allShifts({ series, noticedAt, told }: Seen): readonly Shift[] {
  const found = series.flatMap((each) => shiftOf(each, noticedAt + AFTER_MS));
  const isFound = ({ service, name }: Shift): boolean => found.some((each) => each.service === service && each.name === name);
  return [...found, ...told.shifts.filter((shift) => !isFound(shift))];
}

/**
 * Where requests come in: traces begin there and nobody of ours calls them. Without traces only this is claimed: what rises at
 * every service whose load is counted, at two or more, came from outside all of them.
 */
function entriesOf({ services, spans, series }: Seen, shifts: readonly Shift[]): readonly string[] {
  if (spans.length === 0) {
    const counted = [...new Set(series.filter(({ name }) => isLoad(name)).map(({ service }) => service))];
    const risen = counted.filter((service) =>
      shifts.some((shift) => shift.service === service && shift.direction === "rose" && isLoad(shift.name)),
    );
    return counted.length >= 2 && risen.length === counted.length ? risen : [];
  }
  const called = new Set(callsOf(spans).map(({ callee }) => callee));
  const begins = new Set(spans.filter(({ parent }) => parent === null).map(({ service }) => service));
  return services.filter((service) => begins.has(service) && !called.has(service));
}

function callsOf(spans: readonly Span[]): readonly { caller: string; callee: string }[] {
  return summarizeTraces([], spans).calls;
}

/** Those that show most, first; a service whose callee shows something too may only be passing it on. */
function orderServices(signs: readonly Sign[], { alert, spans }: Seen): readonly string[] {
  const byService = groupBy(
    signs.filter(({ service, source }) => service !== null && source !== "alert"),
    ({ service }) => service ?? "",
  );
  const graph = createCallGraph(callsOf(spans));
  const failing = new Set(signs.filter(({ source }) => source === "log" || source === "trace").map(({ service }) => service));
  const all = [...new Set([...byService.keys(), ...(alert.service === null ? [] : [alert.service])])];
  const scored = all.map((service) => {
    const weight = (byService.get(service) ?? []).reduce((sum, sign) => sum + sign.weight, 0);
    const passed = graph.callees(service).some((callee) => failing.has(callee)) ? PASSED_ON : 1;
    return { service, score: (weight / (weight + ALERT_WEIGHT)) * passed + (service === alert.service ? ALERTED : 0) };
  });
  return scored.toSorted((a, b) => b.score - a.score).map(({ service }) => service);
}

/** The first of them that does not stay alone: one series on its own may have wandered off for its own reasons. */
function firstSign(times: readonly number[], noticedAt: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  const first = sorted.find((at, index) => (sorted[index + 1] ?? noticedAt) - at <= COMPANY_MS);
  return Math.min(noticedAt, first ?? noticedAt);
}

/** Directions that are no trouble: shorter, fewer failures, less used; more answered, more left. */
const BETTER_LOW =
  /latency|duration|error|5xx|fail|timeout|wait|lag\b|queue|backlog|restart|panic|cpu|memory|exhaust|cancel|slow/i;
const BETTER_HIGH = /hit_?rat|success|availab|uptime|ready|healthy|remaining|until|free/i;

function isTrouble({ name, direction }: Shift): boolean {
  if (BETTER_HIGH.test(name)) return direction === "fell";
  return direction === "rose" || !BETTER_LOW.test(name);
}

function shiftOf({ service, name, points }: NamedSeries, until: number): readonly Shift[] {
  const found = findFirstDeparture(points, until);
  return found === null ? [] : [{ service, name, ...found }].filter(isTrouble);
}

/** Where each service first says an error of a kind that was not there in the first half of the time before people were told. */
function firstNewErrors(lines: readonly ServiceLine[], noticedAt: number): readonly Shift[] {
  const before = lines.filter(({ at }) => at <= noticedAt).toSorted((a, b) => a.at - b.at);
  const start = before[0]?.at ?? noticedAt;
  const middle = start + (noticedAt - start) / 2;
  const kinds = tallyLogs(
    before.filter(({ at }) => at < middle),
    before.filter(({ at }) => at >= middle),
    [],
  );
  const fresh = kinds.filter(({ level, before: count, since }) => level === "error" && count === 0 && since > 0);
  return [...new Set(fresh.map(({ service }) => service))].flatMap((service) => {
    const first = before.find((line) => line.at >= middle && line.service === service && levelOf(line.text) === "error");
    return first === undefined ? [] : [{ service, name: "new errors", at: first.at, direction: "rose" as const }];
  });
}

function logSign({ service, example, level, before, since }: LogTally): readonly Sign[] {
  if (level === "other" || since === 0 || since < GROWN * before) return [];
  const weight = (level === "error" ? 1 : 0.6) * (1 + Math.log2(since) / 4);
  return [{ text: example, service, weight, source: "log" }];
}

function spanSign({ service, operation, text }: TellingSpan): readonly Sign[] {
  return [{ text: `${operation} ${text}`, service, weight: SPAN_WEIGHT, source: "trace" }];
}
