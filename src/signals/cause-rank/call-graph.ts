/** Who calls whom. Pure; calls may go in circles. */
import type { CallEdge } from "./model.js";

export interface CallGraph {
  callees(service: string): readonly string[];
  callers(service: string): readonly string[];
  /** The service and everything its answers depend on. */
  dependsOn(service: string): ReadonlySet<string>;
}

export function createCallGraph(edges: readonly CallEdge[]): CallGraph {
  const down = group(edges, ({ caller, callee }) => [caller, callee]);
  const up = group(edges, ({ caller, callee }) => [callee, caller]);
  const callees = (service: string): readonly string[] => down.get(service) ?? [];
  return { callees, callers: (service) => up.get(service) ?? [], dependsOn: (service) => reach(service, callees) };
}

function group(
  edges: readonly CallEdge[],
  ends: (edge: CallEdge) => readonly [string, string],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const edge of edges) {
    const [from, to] = ends(edge);
    if (from === to) continue;
    const known = groups.get(from) ?? new Set();
    groups.set(from, known.add(to));
  }
  return new Map([...groups].map(([from, to]) => [from, [...to]]));
}

function reach(start: string, next: (service: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([start]);
  for (const service of seen) for (const each of next(service)) seen.add(each);
  return seen;
}
