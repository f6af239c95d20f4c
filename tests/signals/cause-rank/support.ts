import type { Point } from "../../../src/signals/metric-change.js";
import type { CallEdge, CallSeries, MetricKind, ServiceEvidence, ServiceSeries } from "../../../src/signals/cause-rank/model.js";

export const ONSET = 1_700_000_000_000;
export const MINUTE = 60_000;

/** Half an hour of small steady noise around `before`, then five minutes of `since`. */
export function points(before: number, since: number): readonly Point[] {
  const wiggle = (index: number): number => 1 + ((index * 7) % 5) / 200;
  const usual = Array.from({ length: 30 }, (_, index) => ({ at: ONSET - (30 - index) * MINUTE, value: before * wiggle(index) }));
  const now = Array.from({ length: 5 }, (_, index) => ({ at: ONSET + index * MINUTE, value: since * wiggle(index) }));
  return [...usual, ...now];
}

export function series(service: string, kind: MetricKind, before: number, since: number): ServiceSeries {
  return { service, kind, name: kind, side: "server", weight: 1, points: points(before, since) };
}

export function calls(caller: string, callee: string, seenBy: CallSeries["seenBy"], before: number, since: number): CallSeries {
  return { caller, callee, seenBy, points: points(before, since) };
}

export function chain(...services: readonly string[]): readonly CallEdge[] {
  return services.slice(1).map((callee, index) => ({ caller: services[index] ?? "", callee }));
}

export function evidence(overrides: Partial<ServiceEvidence>): ServiceEvidence {
  return {
    services: ["shop", "cart", "store"],
    outsiders: new Set(),
    calls: chain("shop", "cart", "store"),
    noticedAt: "shop",
    window: { from: ONSET, to: ONSET + 5 * MINUTE },
    symptom: null,
    series: [],
    callSeries: [],
    logs: [],
    visits: [],
    ways: [],
    ...overrides,
  };
}
