/** Where a request failed and where its time went, from its spans. Pure; tolerates missing parents, loops and skewed clocks. */
import { median } from "./robust.js";

export interface Span {
  readonly id: string;
  readonly parentId: string | null;
  readonly service: string;
  readonly operation: string;
  readonly startedAt: number; // ms since the epoch, with fractions
  readonly durationMs: number; // 0 or more
  readonly isError: boolean;
  readonly message: string | null; // what the span says about its failure
}
export interface Trace {
  readonly id: string;
  readonly spans: readonly Span[];
}
/** The failing span from which the others' failures came. */
export interface Failure {
  readonly origin: Span;
  readonly path: readonly string[]; // services from the outermost failing one to the origin, without repeats
}
export interface SlowOperation {
  readonly service: string;
  readonly operation: string;
  readonly beforeMs: number; // median of its own time, without that of the spans it waited for
  readonly sinceMs: number;
  readonly spans: number; // counted since the onset
  readonly firstAt: number;
}

const LEAST_SPANS = 5;
const SLOWER = 2;
const LEAST_GROWTH_MS = 10;

/**
 * A failure travels from callee to caller: its origin is the failing span with no failing span beneath it. Of several the one that
 * failed first, by its end, is taken: later ones are often its retries or its consequences.
 * @returns null when no span failed
 */
export function findFailure({ spans }: Trace): Failure | null {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const failed = spans.filter(({ isError }) => isError);
  const withFailingChild = new Set(failed.flatMap((span) => ancestorsOf(span, byId).map(({ id }) => id)));
  const origins = failed.filter(({ id }) => !withFailingChild.has(id));
  const [origin] = origins.toSorted((a, b) => endOf(a) - endOf(b) || a.startedAt - b.startedAt);
  if (origin === undefined) return null;
  const failing = [origin, ...ancestorsOf(origin, byId).filter(({ isError }) => isError)].toReversed();
  return { origin, path: failing.map(({ service }) => service).filter((service, index, all) => service !== all[index - 1]) };
}

/** Operations whose own time at least doubled, strongest growth first. Fewer than five spans on either side say nothing. */
export function findSlowOperations(before: readonly Trace[], since: readonly Trace[]): readonly SlowOperation[] {
  const [old, recent] = [groupOwnTimes(before), groupOwnTimes(since)];
  return [...recent.entries()]
    .flatMap(([key, { span, times, firstAt }]) => {
      const earlier = old.get(key)?.times ?? [];
      if (earlier.length < LEAST_SPANS || times.length < LEAST_SPANS) return [];
      const [beforeMs, sinceMs] = [median(earlier), median(times)];
      if (beforeMs === null || sinceMs === null || sinceMs < SLOWER * beforeMs || sinceMs - beforeMs < LEAST_GROWTH_MS) return [];
      const { service, operation } = span;
      return [{ service, operation, beforeMs, sinceMs, spans: times.length, firstAt }];
    })
    .toSorted((a, b) => b.sinceMs - b.beforeMs - (a.sinceMs - a.beforeMs));
}

interface OwnTimes {
  readonly span: Span;
  readonly times: number[];
  readonly firstAt: number;
}

function groupOwnTimes(traces: readonly Trace[]): ReadonlyMap<string, OwnTimes> {
  const groups = new Map<string, OwnTimes>();
  for (const { spans } of traces) {
    const children = groupByParent(spans);
    for (const span of spans) {
      const key = JSON.stringify([span.service, span.operation]);
      const group = groups.get(key) ?? { span, times: [], firstAt: span.startedAt };
      group.times.push(ownTime(span, children.get(span.id) ?? []));
      groups.set(key, { ...group, firstAt: Math.min(group.firstAt, span.startedAt) });
    }
  }
  return groups;
}

function groupByParent(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.parentId === null) continue;
    const siblings = children.get(span.parentId) ?? [];
    siblings.push(span);
    children.set(span.parentId, siblings);
  }
  return children;
}

/** Its duration without the times in which at least one of its children ran; children that outlive it are cut. */
function ownTime(span: Span, children: readonly Span[]): number {
  const end = endOf(span);
  let covered = 0;
  let reached = span.startedAt;
  for (const child of children.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const from = Math.max(child.startedAt, reached);
    const to = Math.min(endOf(child), end);
    covered += Math.max(0, to - from);
    reached = Math.max(reached, to);
  }
  return span.durationMs - covered;
}

/** Nearest first. A loop of parents ends where it begins again. */
function ancestorsOf(span: Span, byId: ReadonlyMap<string, Span>): readonly Span[] {
  const found = new Set<Span>();
  let parent = span.parentId === null ? undefined : byId.get(span.parentId);
  while (parent !== undefined && parent !== span && !found.has(parent)) {
    found.add(parent);
    parent = parent.parentId === null ? undefined : byId.get(parent.parentId);
  }
  return [...found];
}

function endOf({ startedAt, durationMs }: Span): number {
  return startedAt + durationMs;
}
