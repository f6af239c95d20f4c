import { describe, expect, it } from "vitest";
import { checkAdmission } from "../../../src/evidence/sources/kubernetes/checks/admission.js";
import { checkImages } from "../../../src/evidence/sources/kubernetes/checks/images.js";
import { checkScheduling, readRejections } from "../../../src/evidence/sources/kubernetes/checks/scheduling.js";
import { checkStartup } from "../../../src/evidence/sources/kubernetes/checks/startup.js";
import { checkStorage } from "../../../src/evidence/sources/kubernetes/checks/storage.js";
import type { Cluster } from "../../../src/evidence/sources/kubernetes/cluster.js";
import { aContainer, aDetail, aNode, anEvent, aPod, aView, aWorkload, ORDERS, PAYMENTS, saidBy, withOrders } from "./cluster.js";

const waiting = (why: string) =>
  anEvent("FailedScheduling", `0/3 nodes are available: ${why}. preemption: 0/3 nodes are available.`);

describe("why a pod is not placed", () => {
  it("reads how many nodes rejected it for what", () => {
    expect(readRejections("0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: no")).toEqual([
      { nodes: 1, why: "node(s) were unschedulable" },
      { nodes: 2, why: "Insufficient cpu" },
    ]);
  });

  it.each([
    { why: "1 node(s) were unschedulable, 2 Insufficient cpu", said: ["pod:InsufficientCpu app/orders"] },
    { why: "2 Insufficient memory", said: ["pod:InsufficientMemory app/orders"] },
    { why: "2 Insufficient example.com/gpu", said: ["pod:InsufficientOther app/orders"] },
    { why: "2 node(s) didn't match pod anti-affinity rules", said: ["pod:AntiAffinity app/orders"] },
    { why: "2 node(s) had untolerated taint {dedicated: gpu}", said: ["pod:UntoleratedTaint app/orders"] },
    { why: "2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }", said: [] },
    { why: "3 node(s) were unschedulable", said: ["pod:NodesCordoned app/orders"] },
    {
      why: "1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector",
      said: ["pod:NodeAffinityUnmatched app/orders"],
    },
    { why: "pod has unbound immediate PersistentVolumeClaims", said: ["pod:UnboundClaim app/orders"] },
  ])("says $said for: $why", ({ why, said }) => {
    expect(saidBy(checkScheduling(aView(withOrders({ events: [waiting(why)] }))))).toEqual(said);
  });

  const byLabels = "1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector";
  const nodeSelector = new Map([["disk", "ssd"]]);
  const labelled = { labels: nodeSelector };
  it.each([
    { name: "no node has the labels", nodes: [aNode("node-a")], said: ["pod:NodeSelectorUnmatched app/orders"] },
    {
      name: "the node that has them is tainted",
      nodes: [aNode("node-a", { ...labelled, taints: ["dedicated=db:NoSchedule"] })],
      said: ["pod:UntoleratedTaint app/orders"],
    },
    {
      name: "the node that has them is cordoned",
      nodes: [aNode("node-a", { ...labelled, schedulable: false })],
      said: ["pod:NodesCordoned app/orders"],
    },
    { name: "the node that has them is down", nodes: [aNode("node-a", { ...labelled, ready: false })], said: [] },
    {
      name: "a node has them, so it is another rule",
      nodes: [aNode("node-a", labelled)],
      said: ["pod:NodeAffinityUnmatched app/orders"],
    },
  ])("looks at the nodes a selector asks for: $name", ({ nodes, said }) => {
    const view = aView({ ...withOrders({ nodeSelector, events: [waiting(byLabels)] }), nodes });
    expect(saidBy(checkScheduling(view))).toEqual(said);
  });

  it("notices that the scheduler says nothing at all, after a while", () => {
    expect(saidBy(checkScheduling(aView(withOrders({}, { ageMs: 60_000 }))))).toEqual(["scheduler:Silent node/control"]);
    expect(checkScheduling(aView(withOrders({}, { ageMs: 5_000 })))).toEqual([]);
  });

  it("forgets what was said before the pod was placed", () => {
    const placed = { events: [waiting("2 Insufficient cpu")], conditions: new Map([["PodScheduled", "True"]]) };
    expect(checkScheduling(aView(withOrders(placed)))).toEqual([]);
  });
});

describe("why an image is not pulled", () => {
  const ours = "registry.example/shop/orders:v2";
  it.each([
    { image: ours, why: "rpc error: manifest unknown", said: "NotFound" },
    { image: ours, why: `failed to resolve reference: ${ours}: not found`, said: "NotFound" },
    {
      image: "ghcr.io/acme/x:v1",
      why: "failed to authorize: failed to fetch anonymous token: 403 Forbidden",
      said: "AccessDenied",
    },
    {
      image: "other.example/acme/x:v1",
      why: "pull access denied, repository does not exist or may require authorization",
      said: "AccessDenied",
    },
    { image: ours, why: "pull access denied, repository does not exist or may require authorization", said: "NotFound" },
    {
      image: "pythn:3",
      why: 'failed to resolve reference "docker.io/library/pythn:3": unexpected status: 403 Forbidden',
      said: "NotFound",
    },
    { image: ours, why: "dial tcp: lookup registry.example on 10.0.0.2:53: no such host", said: "RegistryNameUnresolved" },
    { image: ours, why: "dial tcp 10.2.0.1:443: i/o timeout", said: "RegistryUnreachable" },
  ])("takes $why of $image for $said", ({ image, why, said }) => {
    const view = aView(withOrders({ events: [anEvent("Failed", `Failed to pull image "${image}": ${why}`)] }));
    expect(saidBy(checkImages(view))).toEqual([`image:${said} app/orders`]);
  });

  it("notices a pull secret that is not there", () => {
    const event = anEvent("FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets (regcred)");
    expect(saidBy(checkImages(aView(withOrders({ events: [event] }))))).toEqual(["image:PullSecretMissing app/orders"]);
  });
});

describe("why a container does not start", () => {
  it.each([
    { event: anEvent("Failed", 'Error: secret "db" not found'), said: "container:SecretMissing app/orders" },
    {
      event: anEvent("FailedMount", 'MountVolume.SetUp failed for volume "c" : configmap "settings" not found'),
      said: "container:ConfigMapMissing app/orders",
    },
    {
      event: anEvent("Failed", "container init was OOM-killed (memory limit too low?)"),
      said: "container:OutOfMemory app/orders",
    },
    {
      event: anEvent("Failed", 'exec: "serve": executable file not found in $PATH'),
      said: "container:CommandNotFound app/orders",
    },
    {
      event: anEvent("FailedCreatePodSandBox", "dial unix /run/containerd/containerd.sock: connect: no such file"),
      said: "node:RuntimeUnreachable node/node-a",
    },
    {
      event: anEvent("FailedCreatePodSandBox", "network plugin is not ready: cni config uninitialized"),
      said: "node:NetworkPluginFailing node/node-a",
    },
  ])("says $said", ({ event, said }) => {
    expect(saidBy(checkStartup(aView(withOrders({ events: [event] }, { node: "node-a" }))))).toEqual([said]);
  });
});

describe("what was refused", () => {
  const short = (message: string, rest: Partial<Cluster> = {}) =>
    aView({
      replicaSets: [
        { name: "orders-1", owner: "orders", desired: 1, current: 0, ageMs: 1, events: [anEvent("FailedCreate", message)] },
      ],
      ...rest,
    });
  it.each([
    ["requests.cpu=1", "quota:CpuExceeded"],
    ["limits.memory=1Gi", "quota:MemoryExceeded"],
    ["pods=1", "quota:PodsExceeded"],
    ["requests.storage=1Gi", "quota:StorageExceeded"],
    ["count/widgets=1", "quota:OtherExceeded"],
  ])("blames the namespace for %s", (requested, said) => {
    const message = `Error creating: pods "orders-" is forbidden: exceeded quota: q, requested: ${requested}, used: x, limited: y`;
    expect(saidBy(checkAdmission(short(message)))).toEqual([`${said} namespace/shop`]);
  });

  it("blames the app for an account that does not exist, and nobody once it does", () => {
    const message =
      'Error creating: pods "orders-" is forbidden: error looking up service account shop/clerk: serviceaccount "clerk" not found';
    expect(saidBy(checkAdmission(short(message)))).toEqual(["workload:ServiceAccountMissing app/orders"]);
    expect(checkAdmission(short(message, { serviceAccounts: ["clerk"] }))).toEqual([]);
  });

  it("finds the service that a full quota kept out", () => {
    const quotas = [{ name: "q", resource: "services", used: "1", hard: "1" }];
    const [, payments] = aView().cluster.services ?? [];
    const services = payments === undefined ? [] : [payments];
    expect(saidBy(checkAdmission(aView({ quotas, services })))).toEqual(["quota:ServicesExceeded namespace/shop"]);
    expect(checkAdmission(aView({ quotas }))).toEqual([]);
  });
});

describe("why a claim waits", () => {
  const claim = { name: "data", bound: false, storageClass: "", usedBy: [ORDERS], events: [], volume: "" };
  const volume = {
    name: "pv-1",
    status: "Available",
    claim: "",
    storageClass: "",
    capacity: "1Gi",
    accessModes: ["RWO"],
    labels: new Map<string, string>(),
  };
  const manifest = (spec: string) => ({
    manifests: new Map([["orders", `kind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: ${spec}\n`]]),
  });
  const asks = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
  it.each([
    {
      name: "a volume that is too small",
      volume,
      spec: "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 3Gi}}}",
      said: "VolumeTooSmall",
    },
    {
      name: "another access mode",
      volume,
      spec: "{accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}",
      said: "AccessModeDiffers",
    },
    {
      name: "labels the volume lacks",
      volume,
      spec: "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, selector: {matchLabels: {disk: ssd}}}",
      said: "SelectorUnmatched",
    },
    {
      name: "a volume of somebody else",
      volume: { ...volume, status: "Bound", claim: "shop/other" },
      spec: asks,
      said: "VolumeTaken",
    },
    { name: "a volume of another class", volume: { ...volume, storageClass: "fast" }, spec: asks, said: "StorageClassDiffers" },
  ])("names $name", ({ volume: offered, spec, said }) => {
    const view = aView({ claims: [claim], volumes: [offered] }, manifest(spec));
    expect(saidBy(checkStorage(view))).toEqual([`claim:${said} app/orders`]);
  });

  it("names a class that does not exist before anything else", () => {
    const view = aView({ claims: [{ ...claim, storageClass: "fats" }], volumes: [volume] });
    expect(saidBy(checkStorage(view))).toEqual(["claim:StorageClassMissing app/orders"]);
  });

  it("claims less when it does not know what is asked for", () => {
    const [said] = checkStorage(aView({ claims: [claim], volumes: [{ ...volume, storageClass: "fast" }] }));
    expect(said?.score).toBeLessThan(0.9);
  });

  it("leaves a claim alone that is bound", () => {
    expect(checkStorage(aView({ claims: [{ ...claim, bound: true }], volumes: [volume] }))).toEqual([]);
  });
});

describe("whose pod it is", () => {
  it("is its workload by labels, else its label, else its name", () => {
    const view = aView({
      pods: [
        aPod(ORDERS),
        aPod("stray-5c6b47d9f-fghij", { labels: new Map([["app", "wanderer"]]) }),
        aPod("bare-7d9f5c6b4-abcde", { labels: new Map() }),
      ],
      workloads: [aWorkload("orders", { containers: [aContainer()] })],
      details: new Map([[PAYMENTS, aDetail(PAYMENTS)]]),
    });
    expect([ORDERS, "stray-5c6b47d9f-fghij", "bare-7d9f5c6b4-abcde", "db-0"].map(view.appOf)).toEqual([
      "app/orders",
      "app/wanderer",
      "app/bare",
      "app/db",
    ]);
  });
});
