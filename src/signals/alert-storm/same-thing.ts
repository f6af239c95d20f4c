/** Which names stand for one thing: a deployment, its pods and its service. Pure. */
import { groupBy } from "../cause-rank/group.js";
import type { Entity } from "./model.js";

export interface Thing {
  readonly entities: readonly Entity[];
  /** How people write it: "product-catalog". */
  readonly stem: string;
}

const WORKLOADS = /^(?:Pod|Service|Deployment|ReplicaSet|StatefulSet|DaemonSet|Container|ServiceOperation|Endpoint)$/;

export function gatherThings(entities: readonly Entity[], aliases: readonly (readonly string[])[]): readonly Thing[] {
  const leader = new Map(entities.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    const up = leader.get(id) ?? id;
    return up === id ? id : find(up);
  };
  const join = (ids: readonly string[]): void => {
    const [first, ...rest] = ids.filter((id) => leader.has(id)).map(find);
    if (first !== undefined) for (const id of rest) leader.set(id, first);
  };
  for (const names of aliases) join(names);
  const workloads = groupBy(
    entities.filter(({ kind }) => WORKLOADS.test(kind)),
    (entity) => squeeze(stemOf(entity)),
  );
  for (const same of workloads.values()) join(same.map(({ id }) => id));
  return [...groupBy(entities, ({ id }) => find(id)).values()].map((group) => ({ entities: group, stem: shortestStem(group) }));
}

export function isWorkload({ kind }: Entity): boolean {
  return WORKLOADS.test(kind);
}

/** Without what a cluster adds: its namespace, the kind, a number. */
export function stemOf({ id, namespace }: Entity): string {
  const bare = id.startsWith(`${namespace}-`) && namespace !== "" ? id.slice(namespace.length + 1) : id;
  const stem = bare
    .replace(/(?:-\d+)?$/, "")
    .replace(/-(?:pod|service|svc|deployment|statefulset|endpoint|configmap|config)$/, "");
  return stem.replace(/(?<=[a-z]{3})service$/, "");
}

export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function shortestStem(group: readonly Entity[]): string {
  const stems = group.map(stemOf).toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return stems[0] ?? "";
}
