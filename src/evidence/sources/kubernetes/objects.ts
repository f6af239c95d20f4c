/** From `kubectl`'s text to facts, an object each. Pure. */
import type {
  Claim,
  ClusterNode,
  PodDetail,
  PodSummary,
  Quota,
  ReplicaSet,
  Rollout,
  Service,
  ServicePort,
  Usage,
  Volume,
  Workload,
} from "./cluster.js";
import { readClaims, readConditions, readConfigMaps, readContainers, readTime } from "./containers.js";
import { listOf, nodeOf, pairsOf, readNodes, readObject, valueOf, type Node } from "./describe.js";
import { readDescribedEvents } from "./events.js";
import { parseAge } from "./quantity.js";
import { parseTable, type Row } from "./table.js";

/** `get pods -o wide` and `get pods --show-labels` tell different columns of the same pods. */
export function parsePods(wide: string, labelled: string): readonly PodSummary[] {
  const labels = new Map(parseTable(labelled).map((row) => [row["NAME"], pairsOf([row["LABELS"] ?? ""])]));
  return parseTable(wide).map((row) => {
    const [ready = "0", all = "0"] = (row["READY"] ?? "").split("/");
    return {
      name: row["NAME"] ?? "",
      readyContainers: Number(ready),
      containers: Number(all),
      status: row["STATUS"] ?? "",
      restarts: Number.parseInt(row["RESTARTS"] ?? "0", 10) || 0,
      restartedAgoMs: parseAge(/\((\S+) ago\)/.exec(row["RESTARTS"] ?? "")?.[1] ?? ""),
      ageMs: ageOf(row),
      node: row["NODE"] ? row["NODE"] : null,
      labels: labels.get(row["NAME"]) ?? new Map<string, string>(),
    };
  });
}

function ageOf(row: Row): number {
  return parseAge(row["AGE"] ?? "") ?? 0;
}

export function parsePodDetail(text: string): PodDetail {
  const nodes = readObject(text);
  const name = valueOf(nodes, "Name");
  return {
    name,
    initContainers: readContainers(nodeOf(nodes, "Init Containers")),
    containers: readContainers(nodeOf(nodes, "Containers")),
    nodeSelector: pairsOf(listOf(nodes, "Node-Selectors")),
    claims: readClaims(nodeOf(nodes, "Volumes")),
    conditions: readConditions(nodeOf(nodes, "Conditions")),
    events: readDescribedEvents(nodeOf(nodes, "Events"), `pod/${name}`),
    status: valueOf(nodes, "Status"),
    message: listOf(nodes, "Message").join(" "),
    startedAt: readTime(valueOf(nodes, "Start Time")),
  };
}

/** `Replicas: 1 desired | 1 updated | 1 total | 0 available | 1 unavailable`; a StatefulSet says `1 desired | 1 total`. */
export function parseWorkload(kind: string, text: string, counted: ReadonlyMap<string, Row>): Workload {
  const nodes = readObject(text);
  const name = valueOf(nodes, "Name");
  const template = nodeOf(nodes, "Pod Template");
  const inside = template === null ? [] : readNodes(template.lines);
  const row = counted.get(name) ?? {};
  const [ready = "0", desired] = (row["READY"] ?? "").split("/");
  const account = valueOf(inside, "Service Account");
  return {
    kind,
    name,
    desired: Number(desired ?? /(\d+) desired/.exec(valueOf(nodes, "Replicas"))?.[1] ?? row["DESIRED"] ?? 0),
    ready: Number(ready) || 0,
    ageMs: ageOf(row),
    labels: pairsOf(listOf(inside, "Labels")),
    serviceAccount: account === "" ? null : account,
    containers: readContainers(nodeOf(inside, "Containers")),
    claims: readClaims(nodeOf(inside, "Volumes")),
    configMaps: readConfigMaps(nodeOf(inside, "Volumes")),
    events: readDescribedEvents(nodeOf(nodes, "Events"), `${kind}/${name}`),
    conditions: readConditions(nodeOf(nodes, "Conditions")),
  };
}

/** What the list alone tells, where a description was refused. */
export function readWorkloadRow(kind: string, name: string, row: Row): Workload {
  return parseWorkload(kind, `Name:  ${name}`, new Map([[name, row]]));
}

/** Its name, type and ports: `80:30080/TCP,9090/TCP`. Whom it selects and where a port leads is not told. */
export function readServiceRow(name: string, row: Row): Service {
  const ports = [...(row["PORT(S)"] ?? "").matchAll(/(\d+)(?::\d+)?\/([A-Z]+)/g)];
  return {
    name,
    type: row["TYPE"] ?? "",
    selector: new Map(),
    ports: ports.map(([, port, protocol]) => ({ port: Number(port), name: null, protocol: protocol ?? "TCP", target: "" })),
    externalName: "",
    endpoints: [],
  };
}

export function readClaimRow(name: string, row: Row): Claim {
  return {
    name,
    bound: row["STATUS"] === "Bound",
    storageClass: row["STORAGECLASS"] ?? "",
    usedBy: [],
    events: [],
    volume: row["VOLUME"] ?? "",
  };
}

export function parseReplicaSet(text: string, counted: ReadonlyMap<string, Row>): ReplicaSet {
  const nodes = readObject(text);
  const name = valueOf(nodes, "Name");
  const replicas = valueOf(nodes, "Replicas");
  return {
    name,
    owner: /^Deployment\/(.+)$/.exec(valueOf(nodes, "Controlled By"))?.[1] ?? null,
    current: Number(/(\d+) current/.exec(replicas)?.[1] ?? 0),
    desired: Number(/(\d+) desired/.exec(replicas)?.[1] ?? 0),
    ageMs: ageOf(counted.get(name) ?? {}),
    events: readDescribedEvents(nodeOf(nodes, "Events"), `replicaset/${name}`),
  };
}

/** Replica sets of one deployment by age: a second one means that the first was replaced. */
export function parseRollouts(replicaSets: string): readonly Omit<Rollout, "changeCause">[] {
  const sets = parseTable(replicaSets).flatMap((row) => {
    const found = /^(.+)-([a-z0-9]{4,10})$/.exec(row["NAME"] ?? "");
    return found === null ? [] : [{ deployment: found[1] ?? "", hash: found[2] ?? "", ageMs: ageOf(row) }];
  });
  return [...new Set(sets.map(({ deployment }) => deployment))].flatMap((deployment) => {
    const [newest, before] = sets.filter((each) => each.deployment === deployment).toSorted((a, b) => a.ageMs - b.ageMs);
    return newest === undefined || before === undefined ? [] : [{ ...newest, previousHash: before.hash }];
  });
}

/** `rollout history`: one revision a line, the newest with the highest number. null: it gives no cause. */
export function parseChangeCause(history: string): string | null {
  const revisions = [...history.matchAll(/^(\d{1,9})\s+(\S.*)$/gm)].map(([, number, cause = ""]) => ({
    number: Number(number),
    cause,
  }));
  const [newest] = revisions.toSorted((a, b) => b.number - a.number);
  return newest === undefined || newest.cause.trim() === "<none>" ? null : newest.cause.trim();
}

/** `top pods --containers` */
export function parseUsage(text: string): readonly Usage[] {
  return parseTable(text).map((row) => ({
    pod: row["POD"] ?? "",
    container: row["NAME"] ?? "",
    cpu: row["CPU(cores)"] ?? "",
    memory: row["MEMORY(bytes)"] ?? "",
  }));
}

export function parseService(text: string): Service {
  const nodes = readObject(text);
  return {
    name: valueOf(nodes, "Name"),
    type: valueOf(nodes, "Type"),
    selector: pairsOf(listOf(nodes, "Selector")),
    ports: readServicePorts(nodes),
    externalName: valueOf(nodes, "External Name"),
    endpoints: nodes
      .filter(({ key }) => key === "Endpoints")
      .flatMap(({ value }) => value.split(","))
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  };
}

/** `Port: grpc 7000/TCP` and the `TargetPort: 7000/TCP` that follows it. */
function readServicePorts(nodes: readonly Node[]): readonly ServicePort[] {
  return nodes.flatMap(({ key, value }, index) => {
    const found = key === "Port" ? /^(?:(\S+)\s+)?(\d+)\/([A-Z]+)$/.exec(value) : null;
    if (found === null) return [];
    const next = nodes.slice(index + 1).find((each) => each.key === "TargetPort");
    const name = found[1] ?? "";
    return [
      {
        port: Number(found[2]),
        name: name === "" || name === "<unset>" ? null : name,
        protocol: found[3] ?? "TCP",
        target: (next?.value ?? "").split("/")[0] ?? "",
      },
    ];
  });
}

export function parseNode(text: string, counted: ReadonlyMap<string, Row>): ClusterNode {
  const nodes = readObject(text);
  const name = valueOf(nodes, "Name");
  const status = (counted.get(name)?.["STATUS"] ?? "").split(",");
  const roles = counted.get(name)?.["ROLES"] ?? valueOf(nodes, "Roles");
  const labels = pairsOf(listOf(nodes, "Labels"));
  const conditions = parseTable(conditionTable(nodeOf(nodes, "Conditions"))).map((row) => ({
    type: row["Type"] ?? "",
    status: row["Status"] ?? "",
    reason: row["Reason"] ?? "",
    message: row["Message"] ?? "",
  }));
  const ready = conditions.find(({ type }) => type === "Ready");
  return {
    name,
    ready: ready === undefined ? status.includes("Ready") : ready.status === "True",
    schedulable: !status.includes("SchedulingDisabled") && valueOf(nodes, "Unschedulable") !== "true",
    isControlPlane: /\b(?:master|control-plane)\b/.test(roles),
    labels,
    conditions,
    taints: listOf(nodes, "Taints"),
    events: readDescribedEvents(nodeOf(nodes, "Events"), `node/${name}`),
  };
}

/** Two spaces of indent, and a line of dashes under the header. */
function conditionTable(block: Node | null): string {
  return (block?.lines ?? [])
    .filter((line) => !/^\s*-{2,}/.test(line))
    .map((line) => line.trimStart())
    .join("\n");
}

export function parseClaim(text: string): Claim {
  const nodes = readObject(text);
  const name = valueOf(nodes, "Name");
  return {
    name,
    bound: valueOf(nodes, "Status") === "Bound",
    storageClass: valueOf(nodes, "StorageClass"),
    usedBy: listOf(nodes, "Used By"),
    events: readDescribedEvents(nodeOf(nodes, "Events"), `persistentvolumeclaim/${name}`),
    volume: valueOf(nodes, "Volume"),
  };
}

/** `get persistentvolumes --show-labels` */
export function parseVolumes(text: string): readonly Volume[] {
  return parseTable(text).map((row) => ({
    name: row["NAME"] ?? "",
    status: row["STATUS"] ?? "",
    claim: row["CLAIM"] ?? "",
    storageClass: row["STORAGECLASS"] ?? "",
    capacity: row["CAPACITY"] ?? "",
    accessModes: (row["ACCESS MODES"] ?? "").split(",").filter((mode) => mode !== ""),
    labels: pairsOf([row["LABELS"] ?? ""]),
  }));
}

/** `get resourcequota`: `requests.cpu: 10/10, pods: 3/5` under REQUEST, limits under LIMIT. */
export function parseQuotas(text: string): readonly Quota[] {
  return parseTable(text).flatMap((row) =>
    [...`${row["REQUEST"] ?? ""}, ${row["LIMIT"] ?? ""}`.matchAll(/([\w./-]+): ([^/,\s]+)\/([^,\s]+)/g)].map((found) => ({
      name: row["NAME"] ?? "",
      resource: found[1] ?? "",
      used: found[2] ?? "",
      hard: found[3] ?? "",
    })),
  );
}

export function byName(text: string): ReadonlyMap<string, Row> {
  return new Map(parseTable(text).map((row) => [row["NAME"] ?? "", row]));
}
