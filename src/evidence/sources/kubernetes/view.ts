/** What the checks look at: the facts, what was seen beside them, and whose pod is whose. Pure. */
import type { Seen } from "./beside.js";
import type { Cluster, Container, Labels, LogTail, PodDetail, PodSummary, Service, Workload } from "./cluster.js";
import { isSettled } from "./pod-health.js";
import { joinEntries } from "./entries.js";
import { parseManifests, type Manifest } from "./manifest.js";
import { withoutHash } from "./pod-name.js";
import type { Statement } from "../../statement.js";

/** A statement with when it held and how much it says, 0 to 1. */
export interface Said extends Statement {
  readonly ageMs: number;
  readonly score: number;
}
export type Check = (view: View) => readonly Said[];

export interface View {
  readonly cluster: Cluster;
  readonly seen: Seen;
  readonly manifests: readonly Manifest[];
  /** "app/checkout" of a pod's name. */
  readonly appOf: (pod: string) => string;
  /** Pods that are not well, with what `describe` said. */
  readonly unwell: readonly Described[];
  /** Pods that are well and were not, long ago: their past explains nothing that began now. */
  readonly settled: readonly Described[];
  readonly logsByApp: ReadonlyMap<string, readonly string[]>;
}

export interface Described {
  readonly pod: PodSummary;
  readonly detail: PodDetail;
  readonly app: string;
  readonly restartedAgoMs: number | null; // null: never, or not told
  /** Everything in it has started and is ready at the moment: what kept it from starting is over. */
  readonly isReady: boolean;
}

export function createView(cluster: Cluster, seen: Seen): View {
  const appOf = createAppOf(cluster);
  const described = cluster.pods.flatMap((pod): readonly Described[] => {
    const detail = cluster.details.get(pod.name);
    const isReady = pod.status === "Running" && pod.readyContainers === pod.containers;
    if (detail === undefined) return [];
    const restartedAgoMs = pod.restartedAgoMs ?? restartedAgo(pod, detail);
    return [{ pod, detail, app: appOf(pod.name), isReady, restartedAgoMs }];
  });
  const isPast = ({ pod, restartedAgoMs }: Described): boolean => isSettled({ ...pod, restartedAgoMs });
  return {
    cluster,
    seen,
    manifests: [...seen.manifests.values()].flatMap(parseManifests),
    appOf,
    unwell: described.filter((each) => !isPast(each)),
    settled: described.filter(isPast),
    logsByApp: groupLogs(cluster.logs, appOf),
  };
}

export function createAppOf({ pods, workloads }: Pick<Cluster, "pods" | "workloads">): View["appOf"] {
  const owners = new Map(pods.map((pod) => [pod.name, ownerOf(pod, workloads)]));
  return (pod) => `app/${owners.get(pod) ?? withoutHash(pod)}`;
}

/**
 * "app/checkout" of the service in front of it: the workload that it selects, else by its own name.
 * @returns null for a service that is not there; where services could not be listed, any may be
 */
export function createAppOfService({ services, workloads }: Pick<Cluster, "services" | "workloads">) {
  return (name: string): string | null => {
    const service = services?.find((each) => each.name === name);
    if (service === undefined) return services === null ? `app/${name}` : null;
    return `app/${workloadBehind(service, workloads)?.name ?? name}`;
  };
}

/** The workload that a service selects. */
export function workloadBehind({ selector }: Service, workloads: readonly Workload[]): Workload | undefined {
  return workloads.find(({ labels }) => selector.size > 0 && isSubset(selector, labels));
}

/** Where the list does not tell: its age, less the time from its start to the last end of a container. */
function restartedAgo({ ageMs }: PodSummary, { startedAt, containers }: PodDetail): number | null {
  const ended = Math.max(...containers.map(({ last }) => last?.finishedAt ?? Number.NEGATIVE_INFINITY));
  return startedAt === null || !Number.isFinite(ended) ? null : ageMs - (ended - startedAt);
}

/** The workload whose template labels it wears, else its own label, else its name without the hashes. */
function ownerOf(pod: PodSummary, workloads: readonly Workload[]): string {
  const owner = workloads.find(({ labels }) => labels.size > 0 && isSubset(labels, pod.labels));
  return owner?.name ?? pod.labels.get("app.kubernetes.io/name") ?? pod.labels.get("app") ?? withoutHash(pod.name);
}

export function isSubset(few: Labels, many: Labels): boolean {
  return [...few].every(([key, value]) => many.get(key) === value);
}

function groupLogs(logs: readonly LogTail[], appOf: View["appOf"]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const { pod, lines } of logs) groups.set(appOf(pod), [...(groups.get(appOf(pod)) ?? []), ...joinEntries(lines)]);
  return groups;
}

/** Containers as they are in the pod, else as the workload's template has them. */
export function containersOf(view: View, app: string): readonly Container[] {
  const unwell = view.unwell.find((each) => each.app === app);
  return unwell?.detail.containers ?? workloadOf(view, app)?.containers ?? [];
}

function workloadOf({ cluster }: View, app: string): Workload | null {
  return cluster.workloads.find(({ name }) => `app/${name}` === app) ?? null;
}

/** One statement, of the highest score and the youngest, for everything that says the same of the same object. */
export function mergeSaid(said: readonly Said[]): readonly Said[] {
  const best = new Map<string, Said>();
  for (const each of said) {
    const key = `${each.kind} ${each.of} ${each.reason} ${each.object}`;
    const known = best.get(key);
    const isYounger = each.score === known?.score && each.ageMs < known.ageMs;
    if (known === undefined || each.score > known.score || isYounger) best.set(key, each);
  }
  return [...best.values()];
}
