/** Nodes that are not ready, and the services on them that Kubernetes rests on. */
import type { Connection } from "../beside.js";
import type { ClusterNode } from "../cluster.js";
import type { Said, View } from "../view.js";

export function checkNodes(view: View): readonly Said[] {
  return [
    ...(view.cluster.nodes ?? []).flatMap(checkNode),
    ...checkNodeServices(view),
    ...checkReach(view.seen.connections ?? []),
  ];
}

function checkNode({ name, conditions }: ClusterNode): readonly Said[] {
  return conditions.flatMap(({ type, status, reason, message }) => {
    const word =
      type === "Ready" ? wordForNotReady(status, `${reason} ${message}`) : status === "True" ? PRESSURES[type] : undefined;
    return word === undefined ? [] : [say(`node/${name}`, "node", word, `${type} is ${status}: ${reason} ${message}`, 0.9)];
  });
}

const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: "MemoryPressure",
  DiskPressure: "DiskPressure",
  PIDPressure: "PidPressure",
  NetworkUnavailable: "NetworkUnavailable",
};

function wordForNotReady(status: string, why: string): string | undefined {
  if (status === "True" || status === "") return undefined;
  if (/container runtime|PLEG|runtime service|containerd|docker/i.test(why)) return "RuntimeNotReady";
  if (/network plugin|cni/i.test(why)) return "NetworkPluginFailing";
  return /stopped posting|NodeStatusUnknown/i.test(why) || status === "Unknown" ? "KubeletSilent" : "NotReady";
}

const SERVICES: Readonly<Record<string, string>> = {
  kubelet: "KubeletInactive",
  containerd: "RuntimeInactive",
  docker: "RuntimeInactive",
  crio: "RuntimeInactive",
  "kube-proxy": "ProxyInactive",
  "kube-scheduler": "SchedulerInactive",
  "kube-apiserver": "ApiServerInactive",
  "kube-controller-manager": "ControllerInactive",
  etcd: "StoreInactive",
};

function checkNodeServices({ seen }: View): readonly Said[] {
  return (seen.nodeServices ?? [])
    .filter(({ active }) => !active)
    .map(({ node, service }) =>
      say(`node/${node}`, "node-service", SERVICES[service] ?? "Inactive", `${service} is not running`, 0.95),
    );
}

/** Service addresses that one node cannot reach while others can: its own forwarding is broken, not the services. */
function checkReach(connections: readonly Connection[]): readonly Said[] {
  const nodes = [...new Set(connections.flatMap(({ from }) => from ?? []))];
  if (nodes.length < 2) return [];
  const openElsewhere = new Set(connections.filter(({ open }) => open).map(({ service, port }) => `${service}:${port}`));
  return nodes.flatMap((node) => {
    const tried = connections.filter(({ from, service, port }) => from === node && openElsewhere.has(`${service}:${port}`));
    const failed = tried.filter(({ open }) => !open);
    if (tried.length < 2 || failed.length < tried.length * 0.8) return [];
    return [
      say(
        `node/${node}`,
        "node",
        "ServicesUnreachable",
        `${failed.length} of ${tried.length} services that answer other nodes do not answer from here`,
        0.9,
      ),
    ];
  });
}

function say(object: string, of: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of, reason, object, message, ageMs: 0, score };
}
