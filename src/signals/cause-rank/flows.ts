/** What each service adds to a trouble that travels along calls: additional time, additional failures. Pure. */
import { median } from "../robust.js";
import type { CallGraph } from "./call-graph.js";
import { measureDeviation, type Deviation } from "./deviation.js";
import { groupBy } from "./group.js";
import type { CallSeries, ServiceSeries, Stretch } from "./model.js";

/** One view of the same trouble in all services: one statistic, or the calls as their ends see them. */
export interface View {
  readonly name: string;
  readonly weight: number;
  /** Additional time (or share of failures) of one request to the service. */
  readonly excess: ReadonlyMap<string, Excess>;
  /** The same for calls of one service to another, where the caller measures them. Key: `caller` NUL `callee`. */
  readonly perCall: ReadonlyMap<string, Excess>;
}
export interface Excess {
  readonly before: number;
  readonly now: number;
  readonly amount: number; // > 0
  readonly certainty: number; // 0…1
  readonly onsetAt: number | null;
  /** The part that only callers see: on the way, not in the service. */
  readonly onTheWay: number;
}
export interface Blame {
  readonly share: number; // 0…1: of all the additional time or failures that no callee accounts for
  readonly own: number; // 0…1: the part of its own excess that its callees do not account for
  readonly excess: Excess;
  /** The callee that accounts for most of it. */
  readonly mostly: string | null;
}

/** How often a request of one service may call another, as traffic suggests: beyond these bounds the figure says more about gaps. */
const LEAST_CALLS = 0.1;
const MOST_CALLS = 10;
const FAILURE_FLOOR = 0.005;
/** Statistics of the slowest requests: those that made the call, however many others did not. */
const QUANTILE = /(?:^|[^a-z])p\d{2,3}(?:$|[^a-z0-9])/i;

function edgeKey(caller: string, callee: string): string {
  return `${caller}\0${callee}`;
}

/** Views by statistic of the services' own series. Availability counts as its complement. */
export function viewsOf(series: readonly ServiceSeries[], kind: "latency" | "failures", window: Stretch): readonly View[] {
  const own = series.filter(({ side, kind: each }) => side === "server" && flowOf(each) === kind);
  const byName = groupBy(own, ({ name }) => name);
  return [...byName].map(([name, group]) => ({
    name,
    weight: Math.max(...group.map(({ weight }) => weight)),
    excess: new Map(group.flatMap((each) => entryOf(each.service, excessOf(each, window)))),
    perCall: new Map(),
  }));
}

/** The view of the calls: a service's excess is what its callers see, or what it sees itself where no caller measures. */
export function viewOfCalls(calls: readonly CallSeries[], window: Stretch): View {
  const measured = new Map(calls.map((each) => [each, measureDeviation(each.points, window)] as const));
  const seenBy = (side: CallSeries["seenBy"]): ReadonlyMap<string, Deviation> =>
    new Map(
      [...measured].flatMap(([{ caller, callee, seenBy: by }, found]) =>
        by === side && found !== null ? [[edgeKey(caller, callee), found] as const] : [],
      ),
    );
  const [outside, inside] = [seenBy("caller"), seenBy("callee")];
  const perCall = new Map(
    [...new Set([...outside.keys(), ...inside.keys()])].flatMap((key) =>
      entryOf(key, callExcess(outside.get(key), inside.get(key))),
    ),
  );
  const callees = new Set(calls.map(({ callee }) => callee));
  const excess = new Map([...callees].flatMap((callee) => entryOf(callee, meanExcess(callsTo(callee, perCall, calls)))));
  return { name: "calls", weight: 1, excess, perCall };
}

/** Shares out what is additional: a service keeps what its callees do not account for. */
export function shareBlame(
  view: View,
  graph: CallGraph,
  trafficOf: (service: string) => number | null,
  candidates: ReadonlySet<string>,
): ReadonlyMap<string, Blame> {
  const rows = [...candidates].flatMap((service) => {
    const excess = view.excess.get(service);
    if (excess === undefined) return [];
    const parts = graph.callees(service).flatMap((callee) => partOf(service, callee, view, trafficOf));
    const explained = parts.reduce((sum, part) => sum + part.amount, 0);
    const own = Math.max(0, excess.amount - explained) / excess.amount;
    const most = parts.toSorted((a, b) => b.amount - a.amount)[0]?.callee ?? null;
    const impact = own * excess.amount * excess.certainty * (trafficOf(service) ?? 1);
    return [{ service, excess, own, mostly: own < 0.5 ? most : null, impact }];
  });
  const total = rows.reduce((sum, { impact }) => sum + impact, 0);
  return new Map(
    rows.map(({ service, impact, ...rest }) => [service, { ...rest, share: total === 0 ? 0 : impact / total }] as const),
  );
}

function partOf(
  caller: string,
  callee: string,
  view: View,
  trafficOf: (service: string) => number | null,
): readonly { callee: string; amount: number }[] {
  const seen = view.perCall.get(edgeKey(caller, callee)) ?? view.excess.get(callee);
  if (seen === undefined) return [];
  const [ours, theirs] = [trafficOf(caller), trafficOf(callee)];
  const least = QUANTILE.test(view.name) ? 1 : LEAST_CALLS;
  const calls = ours === null || theirs === null || ours === 0 ? 1 : Math.min(MOST_CALLS, Math.max(least, theirs / ours));
  return [{ callee, amount: seen.amount * calls * seen.certainty }];
}

function flowOf(kind: ServiceSeries["kind"]): "latency" | "failures" | null {
  if (kind === "latency") return "latency";
  return kind === "errors" || kind === "availability" ? "failures" : null;
}

function excessOf({ kind, points }: ServiceSeries, window: Stretch): Excess | null {
  if (kind === "latency") return toExcess(measureDeviation(points, window));
  const failed = kind === "errors" ? points : points.map(({ at, value }) => ({ at, value: 1 - value }));
  return toExcess(measureDeviation(failed, window, FAILURE_FLOOR));
}

function toExcess(deviation: Deviation | null): Excess | null {
  if (deviation === null || deviation.delta <= 0 || deviation.certainty === 0) return null;
  const { before, now, delta, certainty, onsetAt } = deviation;
  return { before, now, amount: delta, certainty, onsetAt, onTheWay: 0 };
}

function callExcess(outside: Deviation | undefined, inside: Deviation | undefined): Excess | null {
  const seen = toExcess(outside ?? inside ?? null);
  if (seen === null || outside === undefined || inside === undefined) return seen;
  return { ...seen, onTheWay: Math.max(0, Math.min(seen.amount, outside.delta - Math.max(0, inside.delta))) };
}

function callsTo(callee: string, perCall: ReadonlyMap<string, Excess>, calls: readonly CallSeries[]): readonly (Excess | null)[] {
  const callers = new Set(calls.filter((each) => each.callee === callee).map(({ caller }) => caller));
  return [...callers].map((caller) => perCall.get(edgeKey(caller, callee)) ?? null);
}

/** A caller that sees nothing counts as nothing: what is wrong with a service shows to most of its callers. */
function meanExcess(all: readonly (Excess | null)[]): Excess | null {
  const some = all.filter((each) => each !== null);
  const mean = (pick: (excess: Excess) => number): number => some.reduce((sum, each) => sum + pick(each), 0) / all.length;
  const [first] = some.toSorted((a, b) => b.certainty - a.certainty);
  if (first === undefined) return null;
  const onsets = some.flatMap(({ onsetAt }) => (onsetAt === null ? [] : [onsetAt]));
  return {
    before: median(some.map(({ before }) => before)) ?? first.before,
    now: median(some.map(({ now }) => now)) ?? first.now,
    amount: mean(({ amount }) => amount),
    certainty: mean(({ certainty }) => certainty),
    onsetAt: onsets.length === 0 ? null : Math.min(...onsets),
    onTheWay: mean(({ onTheWay }) => onTheWay),
  };
}

function entryOf(key: string, excess: Excess | null): readonly (readonly [string, Excess])[] {
  return excess === null ? [] : [[key, excess]];
}
