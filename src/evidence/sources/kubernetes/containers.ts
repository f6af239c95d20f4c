/** The container blocks of `describe pod` and of the pod templates in `describe deployment`. Pure. */
import type { Container, ContainerState, Port, Probe } from "./cluster.js";
import { listOf, nodeOf, readNodes, valueOf, type Node } from "./describe.js";

export function readContainers(block: Node | null): readonly Container[] {
  return block === null ? [] : readNodes(block.lines).map(readContainer);
}

function readContainer({ key, lines }: Node): Container {
  const nodes = readNodes(lines);
  const ready = nodeOf(nodes, "Ready");
  return {
    name: key,
    image: valueOf(nodes, "Image"),
    ports: readPorts(nodes),
    probes: PROBES.flatMap(([title, kind]) => readProbe(kind, valueOf(nodes, title))),
    environment: readEnvironment(nodeOf(nodes, "Environment")),
    environmentFrom: listOf(nodes, "Environment Variables from").flatMap((line) => /^(\S+)\s+ConfigMap\b/.exec(line)?.[1] ?? []),
    command: [...listOf(nodes, "Command"), ...listOf(nodes, "Args")],
    requests: readAmounts(nodeOf(nodes, "Requests")),
    limits: readAmounts(nodeOf(nodes, "Limits")),
    ready: ready === null ? null : ready.value === "True",
    restarts: Number(valueOf(nodes, "Restart Count")) || 0,
    state: readState(nodeOf(nodes, "State")),
    last: readState(nodeOf(nodes, "Last State")),
  };
}

/** `Port: 8080/TCP` or `Ports: 8080/TCP (http), 9090/TCP (metrics)`; the name in brackets where the version prints it. */
function readPorts(nodes: readonly Node[]): readonly Port[] {
  const text = [...listOf(nodes, "Port"), ...listOf(nodes, "Ports")].join(", ");
  return [...text.matchAll(/(\d+)\/([A-Z]+)(?: \(([^)]+)\))?/g)].map(([, number, protocol, name]) => ({
    number: Number(number),
    name: name ?? null,
    protocol: protocol ?? "TCP",
  }));
}

const PROBES = [
  ["Liveness", "liveness"],
  ["Readiness", "readiness"],
  ["Startup", "startup"],
] as const;

/** `http-get http://:8080/health delay=5s timeout=1s period=10s #success=1 #failure=3` */
function readProbe(kind: Probe["kind"], text: string): readonly Probe[] {
  if (text === "") return [];
  const number = (name: string): number => Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1] ?? 0);
  const [how = ""] = text.split(" ");
  return [
    {
      kind,
      protocol: how === "http-get" ? (text.includes("https://") ? "https" : "http") : (PROBE_KINDS[how] ?? "unknown"),
      port: PROBE_PORT.exec(text)?.[1] ?? null,
      delayS: number("delay"),
      timeoutS: number("timeout"),
      periodS: number("period"),
      failures: number("#failure"),
    },
  ];
}

const PROBE_KINDS: Readonly<Record<string, Probe["protocol"]>> = { grpc: "grpc", "tcp-socket": "tcp", exec: "exec" };
const PROBE_PORT = /^(?:http-get https?:\/\/[^:/\s]*:|tcp-socket [^:\s]*:|grpc <pod>:)([\w-]+)/;

function readEnvironment(block: Node | null): ReadonlyMap<string, string> {
  if (block === null) return new Map();
  return new Map(readNodes(block.lines).map(({ key, value }) => [key, value]));
}

function readAmounts(block: Node | null): ReadonlyMap<string, string> {
  return new Map(block === null ? [] : readNodes(block.lines).map(({ key, value }) => [key, value]));
}

function readState(block: Node | null): ContainerState | null {
  if (block === null) return null;
  const nodes = readNodes(block.lines);
  const exit = valueOf(nodes, "Exit Code");
  return {
    phase: PHASES[block.value] ?? "unknown",
    reason: valueOf(nodes, "Reason"),
    exitCode: exit === "" ? null : Number(exit),
    message: listOf(nodes, "Message").join(" "),
    finishedAt: readTime(valueOf(nodes, "Finished")),
  };
}

/** `Mon, 10 Nov 2025 21:28:13 +0800` in milliseconds; null when it is no time. */
export function readTime(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

const PHASES: Readonly<Record<string, ContainerState["phase"]>> = {
  Running: "running",
  Waiting: "waiting",
  Terminated: "terminated",
};

/** Names of the claims among the volumes. */
export function readClaims(volumes: Node | null): readonly string[] {
  return readVolumes(volumes, (nodes) => valueOf(nodes, "ClaimName"));
}

/** Names of the config maps among the volumes. */
export function readConfigMaps(volumes: Node | null): readonly string[] {
  return readVolumes(volumes, (nodes) => (valueOf(nodes, "Type").startsWith("ConfigMap") ? valueOf(nodes, "Name") : ""));
}

function readVolumes(volumes: Node | null, read: (nodes: readonly Node[]) => string): readonly string[] {
  return volumes === null
    ? []
    : readNodes(volumes.lines)
        .map(({ lines }) => read(readNodes(lines)))
        .filter((name) => name !== "");
}

/** `Type Status [Reason]` tables: "Ready" → "False", "Available" → "False MinimumReplicasUnavailable". */
export function readConditions(block: Node | null): ReadonlyMap<string, string> {
  const rows = (block?.lines ?? []).map((line) => line.trim().split(/\s{2,}/)).filter(([type = ""]) => !/^(Type|-+)$/.test(type));
  return new Map(rows.map(([type = "", ...rest]) => [type, rest.join(" ").trim()]));
}
