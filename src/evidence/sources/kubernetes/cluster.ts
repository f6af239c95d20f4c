/** What was seen of a cluster: facts as they are, without a judgement. Times are ages in milliseconds. */
import type { ClusterEvent } from "./events.js";

export type Labels = ReadonlyMap<string, string>;

export interface Port {
  readonly number: number;
  readonly name: string | null;
  readonly protocol: string; // "TCP", "UDP", "SCTP"
}
export interface Probe {
  readonly kind: "liveness" | "readiness" | "startup";
  readonly protocol: "http" | "https" | "grpc" | "tcp" | "exec" | "unknown";
  readonly port: string | null; // a number or the name of a port
  readonly delayS: number;
  readonly timeoutS: number;
  readonly periodS: number;
  readonly failures: number;
}
export interface ContainerState {
  readonly phase: "running" | "waiting" | "terminated" | "unknown";
  readonly reason: string;
  readonly exitCode: number | null;
  readonly message: string;
  readonly finishedAt: number | null; // milliseconds; null while it runs, or not told
}
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly Port[];
  readonly probes: readonly Probe[];
  readonly environment: ReadonlyMap<string, string>;
  readonly environmentFrom: readonly string[]; // names of config maps whose entries are variables too
  readonly command: readonly string[]; // command and arguments as written
  readonly requests: ReadonlyMap<string, string>;
  readonly limits: ReadonlyMap<string, string>;
  readonly ready: boolean | null; // null: a template, not a container
  readonly restarts: number;
  readonly state: ContainerState | null;
  readonly last: ContainerState | null;
}
export interface PodSummary {
  readonly name: string;
  readonly readyContainers: number;
  readonly containers: number;
  readonly status: string; // the STATUS column: "Running", "Pending", "CrashLoopBackOff" …
  readonly restarts: number;
  readonly restartedAgoMs: number | null; // since the last restart; null: none, or not told
  readonly ageMs: number;
  readonly node: string | null;
  readonly labels: Labels;
}
/** Of a pod that was described. */
export interface PodDetail {
  readonly name: string;
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly nodeSelector: Labels;
  readonly claims: readonly string[];
  readonly conditions: ReadonlyMap<string, string>;
  readonly events: readonly ClusterEvent[];
  readonly status: string;
  readonly message: string;
  readonly startedAt: number | null; // milliseconds; null: not placed on a node yet
}
/** A Deployment, StatefulSet or DaemonSet. */
export interface Workload {
  readonly kind: string; // lower case
  readonly name: string;
  readonly desired: number;
  readonly ready: number;
  readonly ageMs: number;
  readonly labels: Labels; // of its template
  readonly serviceAccount: string | null;
  readonly containers: readonly Container[];
  readonly claims: readonly string[];
  readonly configMaps: readonly string[];
  readonly events: readonly ClusterEvent[];
  readonly conditions: ReadonlyMap<string, string>; // type → "False MinimumReplicasUnavailable"
}
export interface ReplicaSet {
  readonly name: string;
  readonly owner: string | null; // name of its deployment
  readonly desired: number;
  readonly current: number;
  readonly ageMs: number;
  readonly events: readonly ClusterEvent[];
}
export interface ServicePort {
  readonly port: number;
  readonly name: string | null;
  readonly protocol: string;
  readonly target: string; // number or name
}
export interface Service {
  readonly name: string;
  readonly type: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  readonly endpoints: readonly string[]; // "10.0.0.7:8080"
  readonly externalName: string;
}
export interface ClusterNode {
  readonly name: string;
  readonly ready: boolean;
  readonly schedulable: boolean;
  readonly isControlPlane: boolean;
  readonly labels: Labels;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
  readonly taints: readonly string[];
  readonly events: readonly ClusterEvent[];
}
export interface Claim {
  readonly name: string;
  readonly bound: boolean;
  readonly storageClass: string;
  readonly usedBy: readonly string[];
  readonly events: readonly ClusterEvent[];
  readonly volume: string;
}
export interface Volume {
  readonly name: string;
  readonly status: string; // "Available", "Bound", "Released", "Failed"
  readonly claim: string; // "namespace/name"
  readonly storageClass: string;
  readonly capacity: string;
  readonly accessModes: readonly string[]; // "RWO", "ROX", "RWX", "RWOP"
  readonly labels: Labels;
}
export interface Quota {
  readonly name: string;
  readonly resource: string; // "requests.cpu", "pods", "services" …
  readonly used: string;
  readonly hard: string;
}
/** What a container uses now, as `top` says. */
export interface Usage {
  readonly pod: string;
  readonly container: string;
  readonly cpu: string;
  readonly memory: string;
}
/** The newest replica set of a deployment, when it replaced another one. */
export interface Rollout {
  readonly deployment: string;
  readonly hash: string;
  readonly previousHash: string;
  readonly ageMs: number;
  /** Why, as whoever made its newest revision wrote it down; null: not written, or not asked. */
  readonly changeCause: string | null;
}
export interface LogTail {
  readonly pod: string;
  readonly lines: readonly string[]; // oldest first
}
/** null: it was not or could not be asked, which is not the same as none. */
export interface Cluster {
  readonly namespace: string;
  readonly pods: readonly PodSummary[];
  readonly details: ReadonlyMap<string, PodDetail>;
  readonly workloads: readonly Workload[];
  readonly replicaSets: readonly ReplicaSet[];
  readonly services: readonly Service[] | null;
  readonly nodes: readonly ClusterNode[] | null;
  readonly claims: readonly Claim[] | null;
  readonly volumes: readonly Volume[] | null;
  readonly storageClasses: readonly string[] | null;
  readonly quotas: readonly Quota[] | null;
  readonly serviceAccounts: readonly string[] | null;
  readonly events: readonly ClusterEvent[]; // of the namespace, as listed; empty where they may not be, or a selector bounds the look
  readonly configMaps: ReadonlyMap<string, string>; // by name, as described: those that workloads use
  readonly logs: readonly LogTail[];
  readonly usage: readonly Usage[];
  readonly rollouts: readonly Rollout[];
}
