/** What speaks for a service in the traces: time of its own, ways to or from it, failures that begin in it. Pure. */
import type { ServiceReason, VisitSummary, WaySummary } from "./model.js";
import { sayNumber, sayPercent } from "./say.js";

/** Smaller moves of one visit or call are noise, whatever the share. */
const FLOOR_MS = 5;
/** With fewer visits on either side nothing is claimed. */
const MIN_COUNT = 2;
const FAILURES = 0.8;
/** Of the two ends of a single slow way the one that is called is the likelier. */
const CALLER = 0.9;

interface Impact {
  readonly ms: number; // per stretch
  readonly certainty: number;
  readonly what: string;
}

export function weighTraces(
  visits: readonly VisitSummary[],
  ways: readonly WaySummary[],
): ReadonlyMap<string, readonly ServiceReason[]> {
  const own = ownImpacts(visits);
  const onTheWay = wayImpacts(ways);
  const total = sum([...own.values(), ...ways.flatMap((way) => wayImpact(way) ?? [])].map(({ ms }) => ms));
  const services = new Set([...own.keys(), ...onTheWay.keys(), ...visits.map(({ service }) => service)]);
  return new Map(
    [...services].map((service) => {
      const time = [own.get(service), onTheWay.get(service)].flatMap((impact) =>
        impact === undefined || total === 0 ? [] : [toReason(impact, Math.min(1, impact.ms / total))],
      );
      return [service, [...time, ...failures(visits.filter((visit) => visit.service === service))]] as const;
    }),
  );
}

function toReason({ certainty, what }: Impact, share: number): ServiceReason {
  return { kind: "time", what: `${what}; ${sayPercent(share)} of the time added in the traces`, strength: share * certainty };
}

function ownImpacts(visits: readonly VisitSummary[]): ReadonlyMap<string, Impact> {
  const impacts = new Map<string, Impact>();
  for (const { service, operation, before, since } of visits) {
    if (before.count < MIN_COUNT || since.count < MIN_COUNT) continue;
    const found = impactOf(before.ownMs, since.ownMs, since.count);
    const known = impacts.get(service);
    if (found === null) continue;
    const what = `own time of ${operation} went from ${sayNumber(before.ownMs)} to ${sayNumber(since.ownMs)} ms`;
    const clearer = known === undefined || found.ms > known.ms ? { ...found, what } : known;
    impacts.set(service, { ...clearer, ms: found.ms + (known?.ms ?? 0) });
  }
  return impacts;
}

/**
 * A way has two ends. Whose fault it is shows in the others: an end is suspected by the share of its ways, of the same direction,
 * that became slower.
 */
function wayImpacts(ways: readonly WaySummary[]): ReadonlyMap<string, Impact> {
  const ends = new Set(ways.flatMap(({ caller, callee }) => [caller, callee]));
  return new Map(
    [...ends].flatMap((service) => {
      const sides = [
        sideImpact(
          ways.filter((way) => way.callee === service),
          "calls to it",
          1,
        ),
        sideImpact(
          ways.filter((way) => way.caller === service),
          "calls it makes",
          CALLER,
        ),
      ];
      const [most] = sides.flatMap((side) => side ?? []).toSorted((a, b) => b.ms - a.ms);
      return most === undefined ? [] : [[service, most] as const];
    }),
  );
}

function sideImpact(ways: readonly WaySummary[], side: string, worth: number): Impact | null {
  const slower = ways.flatMap((way) => {
    const impact = wayImpact(way);
    return impact === null ? [] : [{ way, impact }];
  });
  const all = sum(ways.map(({ since }) => since.count));
  if (slower.length === 0 || all === 0) return null;
  const affected = sum(slower.map(({ way }) => way.since.count)) / all;
  const ms = sum(slower.map(({ impact }) => impact.ms)) * affected * worth;
  const worst = slower.toSorted((a, b) => b.impact.ms - a.impact.ms)[0];
  const move = worst === undefined ? "" : ` (${sayNumber(worst.way.before.ms)} to ${sayNumber(worst.way.since.ms)} ms)`;
  const certainty = Math.max(...slower.map(({ impact }) => impact.certainty));
  return { ms, certainty, what: `the way of ${side} became slower${move}, ${sayPercent(affected)} of them` };
}

function wayImpact({ before, since }: WaySummary): Impact | null {
  if (before.count < MIN_COUNT || since.count < MIN_COUNT) return null;
  return impactOf(before.ms, since.ms, since.count);
}

function impactOf(before: number, since: number, count: number): Impact | null {
  const more = since - before;
  if (more < FLOOR_MS) return null;
  const size = more / Math.max(before, FLOOR_MS);
  return { ms: more * count, certainty: (size / (size + 1)) * (count / (count + 2)), what: "" };
}

function failures(visits: readonly VisitSummary[]): readonly ServiceReason[] {
  return visits.flatMap(({ operation, before, since }) => {
    const [was, is] = [before.failed / Math.max(1, before.count), since.failed / Math.max(1, since.count)];
    if (since.failed < MIN_COUNT || is <= was) return [];
    const what = `failures begin in ${operation}: ${since.failed} of ${since.count}, before ${before.failed} of ${before.count}`;
    return [{ kind: "failures", what, strength: FAILURES * (is - was) * (since.failed / (since.failed + 2)) }];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
