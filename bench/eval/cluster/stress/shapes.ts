/** The same fault in another shape of workload: other containers, a sidecar, StatefulSets and DaemonSets. */
import { parseTable } from "../../../../src/evidence/sources/kubernetes/table.js";
import type { Recording } from "../recording.js";
import { described, listed, mapKubectl, mapRows, mapTexts, type Disturbance } from "./edit.js";

function withOtherContainerNames(recording: Recording): Recording {
  return mapKubectl(recording, (output) =>
    output.replace(/^( +)server:$/gm, "$1main-app:").replace(/\bcontainer server\b/g, "container main-app"),
  );
}

const SIDECAR_TEMPLATE = `   istio-proxy:
    Image:      docker.io/istio/proxyv2:1.22.1
    Port:       15090/TCP
    Host Port:  0/TCP
    Limits:
      cpu:     2
      memory:  1Gi
    Requests:
      cpu:        10m
      memory:     40Mi
    Readiness:    http-get http://:15021/healthz/ready delay=0s timeout=3s period=15s #success=1 #failure=4
    Environment:
      POD_NAME:   (v1:metadata.name)
    Mounts:       <none>
`;

function sidecarOfPod(isRunning: boolean): string {
  const state = isRunning
    ? "Running\n      Started:      Mon, 10 Nov 2025 21:28:13 +0800"
    : "Waiting\n      Reason:       PodInitializing";
  return `  istio-proxy:
    Image:          docker.io/istio/proxyv2:1.22.1
    Port:           15090/TCP
    Host Port:      0/TCP
    State:          ${state}
    Ready:          ${isRunning ? "True" : "False"}
    Restart Count:  0
    Readiness:      http-get http://:15021/healthz/ready delay=0s timeout=3s period=15s #success=1 #failure=4
    Environment:    <none>
    Mounts:         <none>
`;
}

/** Every pod gets a proxy that works as long as the pod is on a node. */
function withSidecars(recording: Recording): Recording {
  const isPlaced = (row: string): boolean => !/\s(?:Pending|ContainerCreating|Init:\S+)\s/.test(row);
  return mapKubectl(recording, (output, command) => {
    if (listed(command) === "pods") {
      return mapRows(output, (row) =>
        row.replace(
          /(\d)\/(\d)/,
          (_whole, ready: string, all: string) => `${Number(ready) + (isPlaced(row) ? 1 : 0)}/${Number(all) + 1}`,
        ),
      );
    }
    const what = described(command);
    if (what?.kind === "pods")
      return output.replace(/^Conditions:$/m, `${sidecarOfPod(/^Status: +Running/m.test(output))}Conditions:`);
    if (what?.kind === "deployments" || what?.kind === "replicasets")
      return output.replace(/^ {2}Volumes:/m, `${SIDECAR_TEMPLATE}  Volumes:`);
    return output;
  });
}

/** Deployments become StatefulSets: pods with numbers, no replica sets, the controller's own words. */
function asStatefulSets(recording: Recording): Recording {
  return asOtherKind(recording, {
    kind: "StatefulSet",
    podOf: (app, _pod, index) => `${app}-${index}`,
    list: (rows) =>
      table(
        ["NAME", "READY", "AGE"],
        rows.map(({ name, ready, age }) => [name, ready, age]),
      ),
    refusal: (app, why) => `create Pod ${app}-0 in StatefulSet ${app} failed error: pods "${app}-0" is forbidden: ${why}`,
    replicas: (ready) => `Replicas:           ${ready.split("/")[1] ?? "1"} desired | ${ready.split("/")[0] ?? "0"} total`,
    controller: "statefulset-controller",
  });
}

function asDaemonSets(recording: Recording): Recording {
  return asOtherKind(recording, {
    kind: "DaemonSet",
    podOf: (app, pod) => `${app}-${pod.slice(-5)}`,
    list: (rows) =>
      table(
        ["NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE SELECTOR", "AGE"],
        rows.map(({ name, ready, age }) => {
          const [now = "0", all = "1"] = ready.split("/");
          return [name, all, now, now, all, now, "<none>", age];
        }),
      ),
    refusal: (app, why) => `Error creating: pods "${app}-" is forbidden: ${why}`,
    replicas: (ready) =>
      `Desired Number of Nodes Scheduled: ${ready.split("/")[1] ?? "1"}\nCurrent Number of Nodes Scheduled: ${ready.split("/")[0] ?? "0"}`,
    controller: "daemonset-controller",
  });
}

interface OtherKind {
  readonly kind: string;
  readonly podOf: (app: string, pod: string, index: number) => string; // of the app's pods
  readonly list: (rows: readonly { readonly name: string; readonly ready: string; readonly age: string }[]) => string;
  readonly refusal: (app: string, why: string) => string;
  readonly replicas: (ready: string) => string;
  readonly controller: string;
}

function rowsOf(text: string): readonly { readonly name: string; readonly ready: string; readonly age: string }[] {
  return parseTable(text).map((row) => ({ name: row["NAME"] ?? "", ready: row["READY"] ?? "", age: row["AGE"] ?? "" }));
}

function asOtherKind(given: Recording, other: OtherKind): Recording {
  const { namespace } = given;
  const deployments = rowsOf(given.kubectl[`kubectl get deployments -n ${namespace}`] ?? "");
  if (deployments.length === 0) return given;
  const podNames = parseTable(given.kubectl[`kubectl get pods -n ${namespace}`] ?? "").map((row) => row["NAME"] ?? "");
  const renames = deployments.flatMap(({ name }) =>
    podNames
      .filter((pod) => pod.startsWith(`${name}-`) && /^[a-z0-9]+-[a-z0-9]{5}$/.test(pod.slice(name.length + 1)))
      .map((pod, index) => [pod, other.podOf(name, pod, index)] as const),
  );
  const recording = mapTexts(given, (text) => renames.reduce((done, [from, to]) => done.replaceAll(from, to), text));
  const plural = `${other.kind.toLowerCase()}s`;
  const setOf = (app: string): readonly string[] =>
    Object.entries(recording.kubectl).flatMap(([command, output]) =>
      described(command)?.kind === "replicasets" && output !== null && output.includes(`Deployment/${app}\n`) ? [output] : [],
    );
  const refusals = (app: string): string => {
    const found = setOf(app).flatMap((text) => [
      ...text.matchAll(
        /^ +Warning +FailedCreate +(\S+(?: \(x\d+ over \S+\))?) +\S+ +Error creating: pods "[^"]*" is forbidden: (.*)$/gm,
      ),
    ]);
    const rows = found.map(
      ([, age = "", why = ""]) => `  Warning  FailedCreate  ${age}  ${other.controller}  ${other.refusal(app, why)}`,
    );
    return rows.length === 0
      ? "Events:  <none>\n"
      : `Events:\n  Type     Reason        Age   From                    Message\n  ----     ------        ----  ----                    -------\n${rows.join("\n")}\n`;
  };
  const kubectl: Record<string, string | null> = {};
  for (const [command, output] of Object.entries(recording.kubectl)) {
    const what = described(command);
    if (what?.kind === "deployments") {
      const ready = deployments.find(({ name }) => name === what.name)?.ready ?? "1/1";
      const text = (output ?? "")
        .replace(/^Replicas: .*$/m, other.replicas(ready))
        .replace(/^(?:StrategyType|MinReadySeconds|RollingUpdateStrategy|OldReplicaSets|NewReplicaSet): .*\n/gm, "")
        .replace(/^Conditions:\n(?: .*\n)*/m, "");
      kubectl[command.replace("describe deployments", `describe ${plural}`)] = text.replace(
        /^Events:[\s\S]*$/m,
        refusals(what.name),
      );
    } else if (listed(command) === "deployments" || listed(command) === "replicasets") kubectl[command] = "";
    else if (listed(command) === plural) kubectl[command] = other.list([...rowsOf(output ?? ""), ...deployments]);
    else if (what?.kind !== "replicasets") kubectl[command] = output;
  }
  const probes = Object.fromEntries(
    Object.entries(recording.probes).map(([name, output]) => [
      name,
      typeof output === "string" ? output.replace("kind: Deployment", `kind: ${other.kind}`) : output,
    ]),
  );
  return { ...recording, kubectl, probes };
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, index) => Math.max(name.length, ...rows.map((row) => (row[index] ?? "").length)) + 3);
  return `${[header, ...rows]
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("")
        .trimEnd(),
    )
    .join("\n")}\n`;
}

export const SHAPES: readonly Disturbance[] = [
  { name: "other container names", disturb: withOtherContainerNames },
  { name: "a sidecar in every pod", disturb: withSidecars },
  { name: "StatefulSets for Deployments", disturb: asStatefulSets },
  { name: "DaemonSets for Deployments", disturb: asDaemonSets },
];
