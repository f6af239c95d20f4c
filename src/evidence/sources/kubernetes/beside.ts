/** Other ways to look at a cluster than `kubectl`. All optional: what is not given was not looked at. */
import type { Window } from "../../../ports.js";
import type { ClusterSignal } from "../../packs/cluster-metrics.js";

/** One figure of an app or a node around the onset. */
export interface Measured {
  readonly object: string; // "app/checkout" or "node/worker-1"
  readonly signal: ClusterSignal;
  readonly before: number;
  readonly now: number;
  readonly moved: boolean; // outside the band it kept before: what always wobbles has not moved
  readonly unit: string | null;
}
export interface Connection {
  readonly service: string;
  readonly port: number;
  readonly from: string | null; // node it was tried from; null: not said
  readonly open: boolean;
}
export interface NodeService {
  readonly node: string;
  readonly service: string; // "kubelet", "containerd", "kube-proxy", "kube-scheduler" …
  readonly active: boolean;
}
export interface Call {
  readonly from: string; // app
  readonly to: string;
}
/** What figures are asked for: when, and whose pod is whose. */
export interface Look {
  readonly namespace: string;
  readonly onset: Date;
  readonly window: Window;
  readonly appOf: (pod: string) => string; // "app/checkout"
  readonly appOfService: (service: string) => string | null; // null: the cluster has no such service
  readonly nodes: readonly string[]; // by name
  readonly signal: AbortSignal;
}
export interface Metrics {
  readonly measurements: readonly Measured[] | null; // null: nothing is measured
  readonly calls: readonly Call[];
  readonly unanswered: readonly string[]; // what could not be asked, and why, a sentence each
}
export interface Beside {
  /** YAML of one workload with what belongs to it, as applied; null when nothing is kept for it. */
  readonly manifests?: (app: string) => Promise<string | null>;
  readonly nodeServices?: () => Promise<readonly NodeService[] | null>;
  /** Of recordings alone: no live source tries which node reaches what. */
  readonly connections?: () => Promise<readonly Connection[]>;
  readonly metrics?: (look: Look) => Promise<Metrics>;
}
/** Its answers, with null for what was not looked at. */
export interface Seen {
  readonly manifests: ReadonlyMap<string, string>;
  readonly nodeServices: readonly NodeService[] | null;
  readonly connections: readonly Connection[] | null;
  readonly calls: readonly Call[];
  readonly measurements: readonly Measured[] | null;
}
