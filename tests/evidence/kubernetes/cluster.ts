/** A small shop in a cluster, all well; each test breaks what it is about. */
import type { Seen } from "../../../src/evidence/sources/kubernetes/beside.js";
import type {
  Cluster,
  ClusterNode,
  Container,
  PodDetail,
  PodSummary,
  Service,
  Workload,
} from "../../../src/evidence/sources/kubernetes/cluster.js";
import type { ClusterEvent } from "../../../src/evidence/sources/kubernetes/events.js";
import { createView, type View } from "../../../src/evidence/sources/kubernetes/view.js";

export function aContainer(overrides: Partial<Container> = {}): Container {
  return {
    name: "server",
    image: "registry.example/shop/orders:v1",
    ports: [{ number: 8080, name: null, protocol: "TCP" }],
    probes: [],
    environment: new Map(),
    environmentFrom: [],
    command: [],
    requests: new Map(),
    limits: new Map(),
    ready: true,
    restarts: 0,
    state: { phase: "running", reason: "", exitCode: null, message: "", finishedAt: null },
    last: null,
    ...overrides,
  };
}

export function aPod(name: string, overrides: Partial<PodSummary> = {}): PodSummary {
  const app = name.replace(/-[^-]+-[^-]+$/, "");
  return {
    name,
    readyContainers: 1,
    containers: 1,
    status: "Running",
    restarts: 0,
    restartedAgoMs: null,
    ageMs: 600_000,
    node: "node-a",
    labels: new Map([["app", app]]),
    ...overrides,
  };
}

export function aDetail(name: string, overrides: Partial<PodDetail> = {}): PodDetail {
  return {
    name,
    initContainers: [],
    containers: [aContainer()],
    nodeSelector: new Map(),
    claims: [],
    conditions: new Map(),
    events: [],
    status: "Pending",
    message: "",
    startedAt: null,
    ...overrides,
  };
}

export function anEvent(reason: string, message: string, overrides: Partial<ClusterEvent> = {}): ClusterEvent {
  return { type: "Warning", reason, object: "pod/orders-7d9f5c6b4-abcde", message, ageMs: 5_000, count: 1, ...overrides };
}

export function aWorkload(name: string, overrides: Partial<Workload> = {}): Workload {
  return {
    kind: "deployment",
    name,
    desired: 1,
    ready: 1,
    ageMs: 600_000,
    labels: new Map([["app", name]]),
    serviceAccount: null,
    containers: [aContainer()],
    claims: [],
    configMaps: [],
    events: [],
    conditions: new Map(),
    ...overrides,
  };
}

export function aService(name: string, overrides: Partial<Service> = {}): Service {
  return {
    name,
    type: "ClusterIP",
    selector: new Map([["app", name]]),
    ports: [{ port: 80, name: "http", protocol: "TCP", target: "8080" }],
    endpoints: ["10.1.0.7:8080"],
    externalName: "",
    ...overrides,
  };
}

export function aNode(name: string, overrides: Partial<ClusterNode> = {}): ClusterNode {
  return {
    name,
    ready: true,
    schedulable: true,
    isControlPlane: false,
    labels: new Map([["kubernetes.io/hostname", name]]),
    conditions: [],
    taints: [],
    events: [],
    ...overrides,
  };
}

export const ORDERS = "orders-7d9f5c6b4-abcde";
export const PAYMENTS = "payments-5c6b47d9f-fghij";

export function aCluster(overrides: Partial<Cluster> = {}): Cluster {
  return {
    namespace: "shop",
    pods: [aPod(ORDERS), aPod(PAYMENTS, { node: "node-b" })],
    details: new Map(),
    workloads: [aWorkload("orders"), aWorkload("payments")],
    replicaSets: [],
    services: [aService("orders"), aService("payments")],
    nodes: [aNode("control", { isControlPlane: true, schedulable: false }), aNode("node-a"), aNode("node-b")],
    claims: [],
    volumes: [],
    storageClasses: ["standard"],
    quotas: [],
    serviceAccounts: ["default", "orders", "payments"],
    logs: [],
    usage: [],
    rollouts: [],
    configMaps: new Map(),
    events: [],
    ...overrides,
  };
}

export function aView(overrides: Partial<Cluster> = {}, seen: Partial<Seen> = {}): View {
  return createView(aCluster(overrides), {
    manifests: new Map(),
    nodeServices: null,
    connections: null,
    calls: [],
    measurements: null,
    ...seen,
  });
}

/** The orders pod is not well, with these details. */
export function withOrders(detail: Partial<PodDetail>, pod: Partial<PodSummary> = {}): Partial<Cluster> {
  return {
    pods: [aPod(ORDERS, { readyContainers: 0, status: "Pending", node: null, ...pod }), aPod(PAYMENTS, { node: "node-b" })],
    details: new Map([[ORDERS, aDetail(ORDERS, detail)]]),
  };
}

/** "of:reason object", the strongest first. */
export function saidBy(
  said: readonly { readonly of: string; readonly reason: string; readonly object: string; readonly score: number }[],
): string[] {
  return said.toSorted((a, b) => b.score - a.score).map(({ of, reason, object }) => `${of}:${reason} ${object}`);
}
