/** Brings spans into the words of the ranking: what each service spent itself on a visit, and what the ways between them took. Pure. */
import { median } from "../robust.js";
import { groupBy } from "./group.js";
import type { CallEdge, VisitSummary, WaySummary } from "./model.js";

export interface Span {
  readonly trace: string;
  readonly id: string;
  readonly parent: string | null; // null or unknown: the first of its trace
  readonly service: string;
  readonly operation: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
}
export interface TraceSummary {
  readonly visits: readonly VisitSummary[];
  readonly ways: readonly WaySummary[];
  readonly calls: readonly CallEdge[];
}

/** A visit: the spans of one service between being called and answering. Named after its first span. */
interface Visit {
  readonly service: string;
  readonly operation: string;
  readonly ownMs: number;
  readonly failed: boolean; // and none of its calls did
}
interface Way extends CallEdge {
  readonly ms: number;
}

export function summarizeTraces(before: readonly Span[], since: readonly Span[]): TraceSummary {
  const [old, recent] = [followVisits(before), followVisits(since)];
  const visits = pair(old.visits, recent.visits, ({ service, operation }) => `${service}\0${operation}`).map(({ one, a, b }) => ({
    service: one.service,
    operation: one.operation,
    before: visitFigures(a),
    since: visitFigures(b),
  }));
  const ways = pair(old.ways, recent.ways, ({ caller, callee }) => `${caller}\0${callee}`).map(({ one, a, b }) => ({
    caller: one.caller,
    callee: one.callee,
    before: wayFigures(a),
    since: wayFigures(b),
  }));
  return { visits, ways, calls: ways.map(({ caller, callee }) => ({ caller, callee })) };
}

interface Followed {
  readonly visits: readonly Visit[];
  readonly ways: readonly Way[];
}
interface Node {
  readonly span: Span;
  readonly parent: Node | null;
  readonly visit: OpenVisit;
}
interface OpenVisit {
  readonly first: Span;
  readonly calls: Span[]; // its spans that waited for another service
  failedCall: boolean;
}

function followVisits(spans: readonly Span[]): Followed {
  const nodes = linkSpans(spans);
  const firsts = nodes.filter(({ visit, span }) => visit.first === span);
  const ways = firsts.flatMap(({ span, parent }) => {
    if (parent === null) return [];
    const calling = parent.span;
    parent.visit.calls.push(calling);
    if (span.failed) parent.visit.failedCall = true;
    return [{ caller: calling.service, callee: span.service, ms: Math.max(0, lengthOf(calling) - lengthOf(span)) }];
  });
  const visits = firsts.map(({ span, visit }) => ({
    service: span.service,
    operation: span.operation,
    ownMs: lengthOf(span) - coveredMs(span, visit.calls),
    failed: span.failed && !visit.failedCall,
  }));
  return { visits, ways };
}

function lengthOf({ startMs, endMs }: Span): number {
  return Math.max(0, endMs - startMs);
}

/** Parents before children; a span whose parent is missing begins a visit, and a circle of parents is cut. */
function linkSpans(spans: readonly Span[]): readonly Node[] {
  const byId = new Map(spans.map((span) => [`${span.trace}\0${span.id}`, span]));
  const nodes = new Map<Span, Node>();
  const link = (span: Span, below: ReadonlySet<Span>): Node => {
    const known = nodes.get(span);
    if (known !== undefined) return known;
    const above = span.parent === null ? undefined : byId.get(`${span.trace}\0${span.parent}`);
    const parent = above === undefined || below.has(above) ? null : link(above, new Set([...below, above]));
    const joins = parent !== null && parent.span.service === span.service;
    const visit = joins ? parent.visit : { first: span, calls: [], failedCall: false };
    const node: Node = { span, parent, visit };
    nodes.set(span, node);
    return node;
  };
  return spans.map((span) => link(span, new Set([span])));
}

/** Calls may overlap: their union counts. */
function coveredMs({ startMs, endMs }: Span, calls: readonly Span[]): number {
  let covered = 0;
  let until = startMs;
  for (const call of calls.toSorted((a, b) => a.startMs - b.startMs)) {
    const [from, to] = [Math.max(call.startMs, until), Math.min(call.endMs, endMs)];
    if (to <= from) continue;
    covered += to - from;
    until = to;
  }
  return covered;
}

interface Pair<T> {
  readonly one: T;
  readonly a: readonly T[];
  readonly b: readonly T[];
}

function pair<T>(before: readonly T[], since: readonly T[], keyOf: (item: T) => string): readonly Pair<T>[] {
  const [old, recent] = [groupBy(before, keyOf), groupBy(since, keyOf)];
  return [...new Set([...old.keys(), ...recent.keys()])].flatMap((key) => {
    const [a, b] = [old.get(key) ?? [], recent.get(key) ?? []];
    const one = a[0] ?? b[0];
    return one === undefined ? [] : [{ one, a, b }];
  });
}

function visitFigures(visits: readonly Visit[]): VisitSummary["before"] {
  return {
    count: visits.length,
    ownMs: median(visits.map(({ ownMs }) => ownMs)) ?? 0,
    failed: visits.filter(({ failed }) => failed).length,
  };
}

function wayFigures(ways: readonly Way[]): WaySummary["before"] {
  return { count: ways.length, ms: median(ways.map(({ ms }) => ms)) ?? 0 };
}
