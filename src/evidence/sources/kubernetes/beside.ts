/** Other ways to look at a cluster than `kubectl`. All optional: what is not given was not looked at. */

/** One figure of an app or a node around the onset. */
export interface Measured {
  readonly object: string; // "app/checkout" or "node/worker-1"
  readonly signal: "latency" | "cpu" | "cpu-throttled" | "retransmissions" | "requests" | "errors" | "memory";
  readonly before: number;
  readonly now: number;
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
export interface Beside {
  /** YAML of one workload with what belongs to it, as applied; null when nothing is kept for it. */
  readonly manifests?: (app: string) => Promise<string | null>;
  readonly nodeServices?: () => Promise<readonly NodeService[] | null>;
  readonly connections?: () => Promise<readonly Connection[]>;
  readonly calls?: () => Promise<readonly Call[]>;
  readonly measurements?: () => Promise<readonly Measured[] | null>;
}
/** Its answers, with null for what was not looked at. */
export interface Seen {
  readonly manifests: ReadonlyMap<string, string>;
  readonly nodeServices: readonly NodeService[] | null;
  readonly connections: readonly Connection[] | null;
  readonly calls: readonly Call[];
  readonly measurements: readonly Measured[] | null;
}
