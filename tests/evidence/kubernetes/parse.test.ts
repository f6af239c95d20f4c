import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readContainers } from "../../../src/evidence/sources/kubernetes/containers.js";
import { nodeOf, readObject, splitObjects } from "../../../src/evidence/sources/kubernetes/describe.js";
import { parseEventList } from "../../../src/evidence/sources/kubernetes/events.js";
import {
  byName,
  parseNode,
  parsePodDetail,
  parsePods,
  parseQuotas,
  parseChangeCause,
  parseRollouts,
  parseService,
  parseVolumes,
  parseWorkload,
} from "../../../src/evidence/sources/kubernetes/objects.js";
import { parseManifests } from "../../../src/evidence/sources/kubernetes/manifest.js";
import { parseAge, parseQuantity } from "../../../src/evidence/sources/kubernetes/quantity.js";
import { parseTable } from "../../../src/evidence/sources/kubernetes/table.js";

const POD = `Name:             orders-7d9f5c6b4-abcde
Namespace:        shop
Labels:           app=orders
                  pod-template-hash=7d9f5c6b4
Status:           Pending
Containers:
  server:
    Image:          registry.example/shop/orders:v2
    Port:           8080/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  4
    Limits:
      memory:  64Mi
    Liveness:   http-get http://:8081/health delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  grpc <pod>:8080  delay=0s timeout=1s period=5s #success=1 #failure=2
    Environment:
      REDIS_ADDR:  cache:6379
      EMPTY:
Conditions:
  Type           Status
  PodScheduled   True 
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  orders-data
Node-Selectors:  disk=ssd
                 zone=a
Events:
  Type     Reason     Age                From     Message
  ----     ------     ----               ----     -------
  Warning  Unhealthy  12s (x4 over 2m)   kubelet  Liveness probe failed: connection refused
`;

describe("parseTable", () => {
  it("keeps empty cells apart, and cells with single spaces together", () => {
    const rows = parseTable(
      ["NAME     STATUS    VOLUME   AGE", "data     Pending            2m", "other    Bound     pv-1     3d (old)"].join("\n"),
    );
    expect(rows).toEqual([
      { NAME: "data", STATUS: "Pending", VOLUME: "", AGE: "2m" },
      { NAME: "other", STATUS: "Bound", VOLUME: "pv-1", AGE: "3d (old)" },
    ]);
  });

  it("takes a name that is wider than its column", () => {
    expect(parseTable("NAME   READY\na-very-long-name   1/1")).toEqual([{ NAME: "a-very-long-name", READY: "1/1" }]);
  });

  it.each(["", "No resources found in shop namespace.", "just a line"])("finds no rows in %j", (text) => {
    expect(parseTable(text)).toEqual([]);
  });

  it("never throws, whatever is printed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseTable(text))).toBe(true);
      }),
    );
  });
});

describe("quantities and ages", () => {
  it.each([
    ["500m", 0.5],
    ["2", 2],
    ["1Gi", 2 ** 30],
    ["3G", 3e9],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["much", null],
    ["", null],
  ])("reads %s as %s", (text, value) => expect(parseQuantity(text)).toBe(value));

  it.each([
    ["12s", 12_000],
    ["2m13s", 133_000],
    ["113d", 113 * 86_400_000],
    ["1s (x9 over 81s)", 1_000],
    ["<unknown>", null],
  ])("reads %s as %s ms", (text, value) => expect(parseAge(text)).toBe(value));
});

describe("what describe prints", () => {
  it("reads a pod with its containers, probes, volumes and events", () => {
    const pod = parsePodDetail(POD);
    expect(pod).toMatchObject({ name: "orders-7d9f5c6b4-abcde", status: "Pending", claims: ["orders-data"] });
    expect([...pod.nodeSelector]).toEqual([
      ["disk", "ssd"],
      ["zone", "a"],
    ]);
    expect(pod.conditions.get("PodScheduled")).toBe("True");
    expect(pod.containers).toMatchObject([
      {
        name: "server",
        ports: [{ number: 8080, protocol: "TCP" }],
        ready: false,
        restarts: 4,
        state: { phase: "waiting", reason: "CrashLoopBackOff" },
        last: { phase: "terminated", reason: "OOMKilled", exitCode: 137 },
        probes: [
          { kind: "liveness", protocol: "http", port: "8081", delayS: 5, periodS: 10, failures: 3 },
          { kind: "readiness", protocol: "grpc", port: "8080", failures: 2 },
        ],
      },
    ]);
    expect(pod.containers[0]?.environment.get("REDIS_ADDR")).toBe("cache:6379");
    expect(pod.containers[0]?.limits.get("memory")).toBe("64Mi");
    expect(pod.events).toEqual([
      {
        type: "Warning",
        reason: "Unhealthy",
        object: "pod/orders-7d9f5c6b4-abcde",
        message: "Liveness probe failed: connection refused",
        ageMs: 12_000,
        count: 4,
      },
    ]);
  });

  it("separates several objects of one answer", () => {
    expect(splitObjects(`${POD}\n\n${POD}`)).toHaveLength(2);
    expect(splitObjects("Error from server")).toEqual([]);
  });

  it("gives nothing for what has another form", () => {
    expect(readContainers(nodeOf(readObject("nonsense"), "Containers"))).toEqual([]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parsePodDetail(text).name).toBe("string");
      }),
    );
  });
});

describe("objects", () => {
  it("joins what two listings of pods tell", () => {
    const wide =
      "NAME     READY   STATUS    RESTARTS     AGE   IP       NODE\norders   0/1     Pending   2 (5s ago)   30s   <none>   <none>";
    const labels =
      "NAME     READY   STATUS    RESTARTS   AGE   LABELS\norders   0/1     Pending   2          30s   app=orders,tier=web";
    expect(parsePods(wide, labels)).toMatchObject([
      { name: "orders", containers: 1, readyContainers: 0, restarts: 2, node: null },
    ]);
    expect(parsePods(wide, labels)[0]?.labels.get("tier")).toBe("web");
  });

  it("reads a workload's template, and its numbers from the list", () => {
    const rows = byName("NAME     READY   UP-TO-DATE   AGE\norders   1/3     3            2m");
    const text = [
      "Name:   orders",
      "Replicas:  3 desired | 3 updated",
      "Pod Template:",
      "  Labels:           app=orders",
      "  Service Account:  clerk",
      "  Containers:",
      "   server:",
      "    Port:  8080/TCP",
      "    Environment:",
      "      PORT:  8080",
      "Conditions:",
      "  Type       Status  Reason",
      "  ----       ------  ------",
      "  Available  False   MinimumReplicasUnavailable",
    ].join("\n");
    const workload = parseWorkload("deployment", text, rows);
    expect(workload).toMatchObject({ name: "orders", desired: 3, ready: 1, serviceAccount: "clerk" });
    expect(workload.containers).toMatchObject([{ name: "server", ready: null }]);
    expect(workload.conditions.get("Available")).toBe("False MinimumReplicasUnavailable");
  });

  it("reads ports, targets and endpoints of a service", () => {
    const text = [
      "Name:        orders",
      "Selector:    app=orders,tier=web",
      "Type:        ClusterIP",
      "Port:        grpc  80/TCP",
      "TargetPort:  web/TCP",
      "Endpoints:   10.1.0.7:8080,10.1.0.8:8080",
      "Port:        <unset>  53/UDP",
      "TargetPort:  5353/UDP",
    ].join("\n");
    expect(parseService(text)).toMatchObject({
      ports: [
        { port: 80, name: "grpc", protocol: "TCP", target: "web" },
        { port: 53, name: null, protocol: "UDP", target: "5353" },
      ],
      endpoints: ["10.1.0.7:8080", "10.1.0.8:8080"],
    });
  });

  it("reads whether a node is ready, cordoned and part of the control plane", () => {
    const rows = byName(
      "NAME      STATUS                     ROLES           AGE\ncontrol   Ready,SchedulingDisabled   control-plane   9d",
    );
    const text = [
      "Name:    control",
      "Taints:  dedicated=gpu:NoSchedule",
      "         node.kubernetes.io/unschedulable:NoSchedule",
      "Conditions:",
      "  Type   Status   LastHeartbeatTime   Reason             Message",
      "  ----   ------   -----------------   ------             -------",
      "  Ready  Unknown  Mon, 10 Nov 2025    NodeStatusUnknown  Kubelet stopped posting node status.",
    ].join("\n");
    expect(parseNode(text, rows)).toMatchObject({
      ready: false,
      schedulable: false,
      isControlPlane: true,
      taints: ["dedicated=gpu:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule"],
      conditions: [{ type: "Ready", status: "Unknown", message: "Kubelet stopped posting node status." }],
    });
  });

  it("reads quotas, volumes, events and rollouts", () => {
    expect(
      parseQuotas(
        "NAME   AGE   REQUEST                          LIMIT\nq      2m    pods: 3/5, requests.cpu: 900m/1   limits.cpu: 1/2",
      ),
    ).toEqual([
      { name: "q", resource: "pods", used: "3", hard: "5" },
      { name: "q", resource: "requests.cpu", used: "900m", hard: "1" },
      { name: "q", resource: "limits.cpu", used: "1", hard: "2" },
    ]);
    expect(
      parseVolumes(
        "NAME   CAPACITY   ACCESS MODES   STATUS      CLAIM   STORAGECLASS   LABELS\npv-1   1Gi        RWO,ROX        Available           fast           disk=ssd",
      ),
    ).toMatchObject([{ name: "pv-1", accessModes: ["RWO", "ROX"], claim: "", storageClass: "fast" }]);
    expect(
      parseEventList(
        "LAST SEEN   TYPE      REASON    OBJECT            MESSAGE\n5s          Warning   BackOff   Pod/orders-1      Back-off restarting",
      ),
    ).toMatchObject([{ object: "pod/orders-1", ageMs: 5_000, reason: "BackOff" }]);
    expect(
      parseRollouts(
        "NAME               DESIRED   AGE\norders-7d9f5c6b4   1         2m\norders-5c6b47d9f   0         9d\npayments-66bb88dd   1   9d",
      ),
    ).toEqual([{ deployment: "orders", hash: "7d9f5c6b4", previousHash: "5c6b47d9f", ageMs: 120_000 }]);
  });

  it.each([
    {
      name: "the newest revision's, in whatever order they are listed",
      text: "deployment.apps/orders \nREVISION  CHANGE-CAUSE\n10        raise the limit\n9         <none>\n",
      cause: "raise the limit",
    },
    { name: "none where the newest has none", text: "REVISION  CHANGE-CAUSE\n1         first\n2         <none>\n", cause: null },
    { name: "none in an empty answer", text: "", cause: null },
  ])("reads a change cause: $name", ({ text, cause }) => {
    expect(parseChangeCause(text)).toBe(cause);
  });

  it("reads manifests, opens lists, and leaves out what is not one", () => {
    const yaml = `kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}, selector: {matchLabels: {disk: ssd}}}
---
kind: DeploymentList
items:
  - {kind: Deployment, metadata: {name: orders}, spec: {template: {spec: {dnsPolicy: None, containers: []}}}}
---
not: [a, manifest
`;
    expect(parseManifests(yaml)).toMatchObject([
      { kind: "PersistentVolumeClaim", spec: { resources: { requests: { storage: "3Gi" } } } },
      { kind: "Deployment", spec: { template: { spec: { dnsPolicy: "None" } } } },
    ]);
  });
});
