/** What other clusters do otherwise: traces of many lines, unseen labels, the past, several containers, other words. */
import { describe, expect, it } from "vitest";
import { requiredOf, suits } from "../../../src/evidence/sources/kubernetes/affinity.js";
import { checkAddresses } from "../../../src/evidence/sources/kubernetes/checks/addresses.js";
import { checkDatabases } from "../../../src/evidence/sources/kubernetes/checks/databases.js";
import { checkImages } from "../../../src/evidence/sources/kubernetes/checks/images.js";
import { checkProbes } from "../../../src/evidence/sources/kubernetes/checks/probes.js";
import { checkRoutes, readRoutes } from "../../../src/evidence/sources/kubernetes/checks/routes.js";
import { checkRuntime } from "../../../src/evidence/sources/kubernetes/checks/runtime.js";
import { checkScheduling } from "../../../src/evidence/sources/kubernetes/checks/scheduling.js";
import { checkServices } from "../../../src/evidence/sources/kubernetes/checks/services.js";
import { checkSlowCalls } from "../../../src/evidence/sources/kubernetes/checks/slow-calls.js";
import { checkSlowness } from "../../../src/evidence/sources/kubernetes/checks/slowness.js";
import { checkStorage } from "../../../src/evidence/sources/kubernetes/checks/storage.js";
import type { Measured } from "../../../src/evidence/sources/kubernetes/beside.js";
import { collectCluster } from "../../../src/evidence/sources/kubernetes/collect.js";
import { createKubectl, type RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";
import { readData } from "../../../src/evidence/sources/kubernetes/config-maps.js";
import type { Container, ContainerState, Probe } from "../../../src/evidence/sources/kubernetes/cluster.js";
import { joinEntries } from "../../../src/evidence/sources/kubernetes/entries.js";
import { readPodStatus } from "../../../src/evidence/sources/kubernetes/pod-status.js";
import { claimManifestOf, parseManifests } from "../../../src/evidence/sources/kubernetes/manifest.js";
import {
  aContainer,
  aDetail,
  anEvent,
  aNode,
  aPod,
  aService,
  aView,
  aWorkload,
  ORDERS,
  PAYMENTS,
  saidBy,
  withOrders,
} from "./cluster.js";

const ended = (reason: string, exitCode: number): ContainerState => ({
  phase: "terminated",
  reason,
  exitCode,
  message: "",
  finishedAt: null,
});
const restarted = (container: Partial<Container>, pod: Parameters<typeof withOrders>[1]) =>
  aView(
    withOrders(
      { containers: [aContainer({ restarts: 1, ...container })], status: "Running" },
      { status: "Running", restarts: 1, node: "node-a", ...pod },
    ),
  );

describe("hostile lengths", () => {
  it("of a line in a log do not hold up the checks", async () => {
    const line = `error ${"connection to server at ".repeat(40_000)}`;
    const table = [
      "NAME       READY   STATUS    RESTARTS   AGE   IP         NODE     LABELS",
      "orders-1   1/1     Running   0          5d    10.0.0.1   node-a   app=orders",
    ].join("\n");
    const run: RunKubectl = ([verb, what]) => {
      const stdout = verb === "logs" ? line : verb === "get" && what === "pods" ? table : "";
      return Promise.resolve({ stdout, stderr: "", exitCode: 0 });
    };
    const kubectl = createKubectl({ run, namespace: "shop", context: null, signal: AbortSignal.timeout(5_000) });
    const { cluster } = await collectCluster({ kubectl, selector: null });
    expect(cluster.logs[0]?.lines[0]).toHaveLength(4_000);
    const started = performance.now();
    checkDatabases(aView(cluster));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("of what aliases unfold to leave the other manifests readable", () => {
    const names = Array.from("abcdefghi");
    const bomb = names.map((name, index) => {
      const inner = index === 0 ? "x" : `*${names[index - 1] ?? ""}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(",")}]`;
    });
    expect(readPodStatus(bomb.join("\n"))).toEqual([]);
    expect(parseManifests(`${bomb.join("\n")}\n---\nkind: Service\nmetadata: {name: orders}\n`)).toHaveLength(1);
  });

  it("of a config map do not hold up the search for routes", () => {
    const started = performance.now();
    readRoutes("uri: lb://b".repeat(30_000), "shop");
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

it("takes no credentials for an address", () => {
  const environment = new Map([["BASIC_AUTH", "payments:12345"]]);
  const orders = aWorkload("orders", { containers: [aContainer({ environment })] });
  expect(saidBy(checkAddresses(aView({ workloads: [orders, aWorkload("payments")] })))).toEqual([]);
});

describe("log entries", () => {
  it("take the frames and causes of a trace with the line before them", () => {
    const lines = [
      "ERROR no order",
      "\tat a.B.c(B.java:7)",
      "Caused by: java.net.UnknownHostException: payments",
      "\t... 47 more",
      "INFO next",
    ];
    expect(joinEntries(lines)).toEqual([
      "ERROR no order at a.B.c(B.java:7) Caused by: java.net.UnknownHostException: payments ... 47 more",
      "INFO next",
    ]);
  });

  it("keep the times of lines out of it, and stay bounded", () => {
    const line = "2026-01-01T00:00:00.1Z     at a.B.c(B.java:7)";
    expect(joinEntries(["2026-01-01T00:00:00.1Z failed", line])).toHaveLength(1);
    expect(joinEntries(["failed", ...Array.from({ length: 500 }, () => line)])[0]?.length).toBeLessThan(2_100);
  });
});

describe("the past", () => {
  const oom = { last: ended("OOMKilled", 137), ready: true };
  it("of a container that runs for hours is a remark", () => {
    const view = restarted(oom, { readyContainers: 1, restartedAgoMs: 3 * 3_600_000 });
    expect(checkRuntime(view)).toMatchObject([{ reason: "EndedBefore", score: 0.2 }]);
  });

  it("of minutes ago is the present", () => {
    expect(saidBy(checkRuntime(restarted(oom, { readyContainers: 1, restartedAgoMs: 120_000 })))).toEqual([
      "container:OutOfMemory app/orders",
    ]);
  });

  it("is told by the times of the pod where the list does not", () => {
    const startedAt = Date.parse("Mon, 10 Nov 2025 08:00:00 +0000");
    const last = { ...ended("Error", 1), finishedAt: startedAt + 60_000 };
    const detail = aDetail(ORDERS, { containers: [aContainer({ restarts: 1, last })], startedAt });
    const pod = aPod(ORDERS, { restarts: 1, ageMs: 5 * 3_600_000 });
    expect(saidBy(checkRuntime(aView({ pods: [pod], details: new Map([[ORDERS, detail]]) })))).toEqual([
      "container:EndedBefore app/orders",
    ]);
  });

  it("of an image that came in the end explains nothing", () => {
    const failed = { events: [anEvent("Failed", 'Failed to pull image "x/y:1": not found')], status: "Running" };
    expect(
      checkImages(aView(withOrders(failed, { status: "Running", readyContainers: 1, restarts: 1, node: "node-a" }))),
    ).toEqual([]);
    expect(saidBy(checkImages(aView(withOrders(failed))))).toEqual(["image:NotFound app/orders"]);
  });
});

describe("a refusal of a registry", () => {
  const denied = (image: string) =>
    aView(
      withOrders({
        events: [
          anEvent(
            "Failed",
            `Failed to pull image "${image}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
          ),
        ],
      }),
    );
  it.each([
    ["registry.example/shop/ordres:v1", "image:NotFound app/orders"],
    ["registry.example/shpo/orders:v1", "image:NotFound app/orders"],
    ["registry.example/vault/orders:v1", "image:AccessDenied app/orders"],
  ])("of %s, beside an app that runs from registry.example/shop, is %s", (image, said) => {
    expect(saidBy(checkImages(denied(image)))).toEqual([said]);
  });
});

describe("probes of several containers", () => {
  const ask = (kind: Probe["kind"], protocol: Probe["protocol"], port: string): Probe => ({
    kind,
    protocol,
    port,
    delayS: 0,
    timeoutS: 1,
    periodS: 10,
    failures: 3,
  });
  it("are told apart by the port that was asked", () => {
    const proxy = aContainer({
      name: "proxy",
      ports: [{ number: 15_090, name: null, protocol: "TCP" }],
      probes: [ask("readiness", "http", "15021")],
      ready: true,
    });
    const server = aContainer({ probes: [ask("readiness", "tcp", "8080")], ready: false });
    const events = [anEvent("Unhealthy", "Readiness probe failed: dial tcp 10.1.0.7:8080: connect: connection refused")];
    expect(saidBy(checkProbes(aView(withOrders({ containers: [server, proxy], events }))))).toEqual([
      "readiness-probe:Failing app/orders",
    ]);
  });

  it("of a port that is open and never speaks gRPC speak another protocol", () => {
    const container = aContainer({ probes: [ask("liveness", "grpc", "8080"), ask("readiness", "tcp", "8080")], ready: true });
    const events = [
      anEvent(
        "Unhealthy",
        'Liveness probe failed: timeout: failed to connect service "10.1.0.7:8080" within 1s: context deadline exceeded',
      ),
    ];
    expect(saidBy(checkProbes(aView(withOrders({ containers: [container], events }))))).toEqual([
      "liveness-probe:ProtocolDiffers app/orders",
    ]);
  });
});

describe("placement", () => {
  const unplaced = (message: string, nodes: Parameters<typeof aView>[0] = {}) =>
    checkScheduling(
      aView({
        ...withOrders({ nodeSelector: new Map([["disk", "nvme"]]), events: [anEvent("FailedScheduling", message)] }),
        ...nodes,
      }),
    );
  it.each([
    ["1 node(s) had taint {dedicated: batch}, that the pod didn't tolerate", "UntoleratedTaint", 0.95],
    ["3 node(s) had untolerated taint(s)", "UntoleratedTaint", 0.95],
    ["1 node(s) were unschedulable, 3 node(s) didn't match node selector", "NodeSelectorUnmatched", 0.7],
    ["3 node(s) were unschedulable", "NodesCordoned", 0.95],
  ])("%s, and nodes that nobody may look at", (said, reason, score) => {
    expect(unplaced(`0/4 nodes are available: ${said}.`, { nodes: null })).toMatchObject([{ reason, score }]);
  });

  it("follows the affinity rules of the manifest", () => {
    const required = (operator: string, values: readonly string[]) => ({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator, values }] }],
      },
    });
    const inA = requiredOf(required("In", ["a"])) ?? [];
    expect(suits(aNode("n", { labels: new Map([["zone", "a"]]) }), inA)).toBe(true);
    expect(suits(aNode("n"), inA)).toBe(false);
    expect(suits(aNode("n"), requiredOf(required("NotIn", ["a"])) ?? [])).toBe(true);
    expect(requiredOf({ preferredDuringSchedulingIgnoredDuringExecution: [] })).toBeNull();
  });
});

describe("services", () => {
  const stray = aService("orders", { selector: new Map([["app", "order"]]), endpoints: [] });
  it("select nothing only where labels were seen", () => {
    expect(saidBy(checkServices(aView({ services: [stray] })))).toEqual(["service:SelectsNothing app/orders"]);
    const blind = [aPod(ORDERS, { labels: new Map() })];
    expect(checkServices(aView({ services: [stray], pods: blind }))).toEqual([]);
  });

  it("with addresses behind them select something", () => {
    expect(checkServices(aView({ services: [{ ...stray, endpoints: ["10.1.0.7:8080"] }] }))).toEqual([]);
  });
});

describe("words of databases", () => {
  const said = (app: string, lines: readonly string[], more: Parameters<typeof aView>[0] = {}) =>
    saidBy(checkDatabases(aView({ ...more, logs: [{ pod: app, lines }] })));
  it.each([
    "login of visitor rejected: invalid credentials",
    "authentication failed for user bob",
    "cart is in read_only mode for guests",
    "[System] max_connections: 151",
  ])("are not: %s", (line) => expect(said(ORDERS, [line, line])).toEqual([]));

  it.each([
    ["com.mongodb.MongoSecurityException: Exception authenticating MongoCredential", "database:CredentialsRejected app/orders"],
    ["ERROR: cannot execute INSERT in a read-only transaction", "database:ReadOnly app/orders"],
    ["not primary and secondaryOk=false", "database:ReadOnly app/orders"],
    ["ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN", "database:CredentialsRejected app/orders"],
  ])("are: %s", (line, expected) => expect(said(ORDERS, [line, line])).toEqual([expected]));

  it("blame the one database that can be meant, though no address was seen", () => {
    const mysql = (name: string) => aWorkload(name, { containers: [aContainer({ image: "docker.io/x/percona:5.7" })] });
    const line = 'SQLNonTransientConnectionException: message from server: "Too many connections"';
    const workloads = [aWorkload("orders"), aWorkload("registry"), mysql("main-mysql"), mysql("registry-mysql")];
    expect(said(ORDERS, [line, line], { workloads })).toEqual(["database:ConnectionsExhausted app/main-mysql"]);
    const two = [aWorkload("orders"), mysql("one-mysql"), mysql("two-mysql")];
    expect(said(ORDERS, [line, line], { workloads: two })).toEqual(["database:ConnectionsExhausted app/orders"]);
  });

  it("of a database that repeats what its client says blame the client", () => {
    const database = {
      workloads: [aWorkload("orders"), aWorkload("payments", { containers: [aContainer({ image: "postgres:16" })] })],
    };
    const line = 'FATAL: password authentication failed for user "shop"';
    const logs = [ORDERS, PAYMENTS].map((pod) => ({ pod, lines: [line, line] }));
    expect(saidBy(checkDatabases(aView({ ...database, logs })))).toEqual(["database:CredentialsRejected app/orders"]);
  });
});

describe("ports that nobody offers", () => {
  const mysql = aWorkload("db", {
    containers: [aContainer({ image: "mysql:8", ports: [{ number: 3306, name: null, protocol: "TCP" }] })],
  });
  const database = aService("db", { ports: [{ port: 3306, name: null, protocol: "TCP", target: "3306" }] });
  it.each([
    ["13306", ["database-address:PortUnoffered app/orders"]],
    ["3306", []],
  ])("stand alone beside a host that is kept secret: %s", (port, said) => {
    const orders = aWorkload("orders", { containers: [aContainer({ environment: new Map([["ORDER_MYSQL_PORT", port]]) })] });
    expect(saidBy(checkAddresses(aView({ workloads: [orders, mysql], services: [database] })))).toEqual(said);
  });

  it("are named by callers: the service's mistake where its pods serve them, else the caller's", () => {
    const call = (port: number) => [{ pod: PAYMENTS, lines: [`I/O error on GET "http://orders:${port}/x": Connection refused`] }];
    expect(saidBy(checkAddresses(aView({ logs: call(8080) })))).toEqual(["service:PortUnexpected app/orders"]);
    expect(saidBy(checkAddresses(aView({ logs: call(9999) })))).toEqual(["address:PortUnoffered app/payments"]);
    expect(checkAddresses(aView({ logs: call(80) }))).toEqual([]);
  });
});

describe("routes", () => {
  it("inside the namespace are judged, through upstreams too; others are not", () => {
    const nginx =
      "upstream back { server orders.shop.svc.cluster.local:80; }\nlocation /a { proxy_pass http://back; }\nlocation /b { proxy_pass https://api.example.org; }";
    expect(readRoutes(nginx, "shop")).toEqual([{ path: "/a", host: "orders", port: 80, isRegistered: false }]);
  });

  it("that an own registry resolves are judged only beside some that the cluster knows", () => {
    const spring = (...hosts: readonly string[]) =>
      new Map([["gateway", hosts.map((host) => `- uri: lb://${host}\n  predicates:\n  - Path=/x/**\n`).join("")]]);
    expect(checkRoutes(aView({}, { manifests: spring("ORDERS-V2") }))).toEqual([]);
    expect(saidBy(checkRoutes(aView({}, { manifests: spring("payments", "odrers") })))).toEqual([
      "route:HostUnknown app/gateway",
    ]);
  });

  it("are read from the config map that a gateway mounts", () => {
    const described =
      "Name:  sites\n\nData\n====\nsite.conf:\n----\nlocation /api/payments { proxy_pass http://orders:80; }\n\nmode:\n----\nfast\n\n\nBinaryData\n====\n\nEvents:  <none>\n";
    expect([...readData(described)]).toEqual([
      ["site.conf", "location /api/payments { proxy_pass http://orders:80; }"],
      ["mode", "fast"],
    ]);
    const gateway = aWorkload("gateway", { configMaps: ["sites"] });
    expect(saidBy(checkRoutes(aView({ workloads: [gateway], configMaps: new Map([["sites", described]]) })))).toEqual([
      "route:Elsewhere app/gateway",
    ]);
  });
});

describe("storage", () => {
  it("that waits for its pod is not what keeps the pod waiting", () => {
    const events = [anEvent("WaitForFirstConsumer", "waiting for first consumer to be created before binding")];
    const claim = { name: "data", bound: false, storageClass: "standard", usedBy: [], events, volume: "" };
    expect(checkStorage(aView({ claims: [claim] }))).toEqual([]);
  });

  it("that nobody was seen to use is nobody's for sure", () => {
    const claim = { name: "data", bound: false, storageClass: "gone", usedBy: [], events: [], volume: "" };
    expect(checkStorage(aView({ claims: [claim] }))).toMatchObject([
      { reason: "StorageClassMissing", object: "namespace/shop", score: 0.6 },
    ]);
    const workloads = [aWorkload("orders", { claims: ["data"] })];
    expect(checkStorage(aView({ claims: [claim], workloads }))).toMatchObject([{ object: "app/orders", score: 0.95 }]);
  });

  it("of a StatefulSet is asked for by its template", () => {
    const yaml =
      "kind: StatefulSet\nmetadata: {name: db}\nspec:\n  template: {spec: {}}\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 9Gi}}}\n";
    expect(claimManifestOf("data-db-1", parseManifests(yaml))?.spec.resources.requests).toEqual({ storage: "9Gi" });
    expect(claimManifestOf("data-db-x", parseManifests(yaml))).toBeNull();
  });
});

describe("slowness", () => {
  const apps = ["a", "b", "c", "d", "e", "f", "g"];
  const pods = apps.map((app) => aPod(`${app}-5c6b47d9f-fghij`, { node: "node-a", labels: new Map([["app", app]]) }));
  const latency = (app: string, now: number): Measured => ({
    object: `app/${app}`,
    signal: "latency",
    before: 5,
    now,
    moved: now > 5,
    unit: "ms",
  });
  it("of two among many on a node is not the node's; the one that costs callers most comes first", () => {
    const measurements = apps.map((app) => latency(app, app === "b" ? 900 : app === "c" ? 40 : 5));
    expect(checkSlowness(aView({ pods, workloads: [] }, { measurements }))).toMatchObject([
      { reason: "Slow", object: "app/b", score: 0.9 },
      { reason: "Slow", object: "app/c", score: 0.6 },
    ]);
  });
});

describe("addresses", () => {
  const given = (value: string, lines: readonly string[]) => ({
    workloads: [
      aWorkload("orders", { containers: [aContainer({ environment: new Map([["PAYMENTS_ADDR", value]]) })] }),
      aWorkload("payments"),
    ],
    logs: [{ pod: ORDERS, lines }],
  });
  const failed = ["dial tcp: lookup payments.test: no such host"];
  it("in another namespace are wrong where calls fail and the service is here", () => {
    expect(saidBy(checkAddresses(aView(given("payments.test:80", failed))))).toEqual(["address:Unknown app/orders"]);
    expect(checkAddresses(aView(given("payments.test:80", ["all is well"])))).toEqual([]);
    expect(checkAddresses(aView(given("payments.shop.svc.cluster.local:80", failed)))).toEqual([]);
    expect(checkAddresses(aView(given("payments.example.org:80", ["payments.example.org: connection refused"])))).toEqual([]);
  });

  it("that were never set are missed by the app", () => {
    const lines = ['panic: environment variable "CATALOG_SERVICE_ADDR" not set'];
    expect(saidBy(checkAddresses(aView({ logs: [{ pod: ORDERS, lines }] })))).toEqual(["address:Unknown app/orders"]);
    expect(checkAddresses(aView({ logs: [{ pod: ORDERS, lines: ['environment variable "SHOP_MODE" not set'] }] }))).toEqual([]);
  });
});

describe("a pod whose events are gone", () => {
  const status = (lines: readonly string[]) => readPodStatus(["metadata: {name: orders-1}", "status:", ...lines].join("\n"));
  it("still says why it has no node", () => {
    const said = status([
      '  conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available: 3 Insufficient cpu."}]',
    ]);
    expect(said).toMatchObject([
      { reason: "FailedScheduling", message: "0/3 nodes are available: 3 Insufficient cpu.", object: "pod/orders-1" },
    ]);
    const view = aView(withOrders({ events: said }));
    expect(saidBy(checkScheduling(view))).toEqual(["pod:InsufficientCpu app/orders"]);
  });

  it.each([
    ["ErrImagePull", "rpc error: code = NotFound desc = x/y:1: not found", ["image:NotFound app/orders"]],
    [
      "ImagePullBackOff",
      'Back-off pulling image "x/y:1": ErrImagePull: dial tcp: lookup x on 10.0.0.10:53: no such host',
      ["image:RegistryNameUnresolved app/orders"],
    ],
    ["ImagePullBackOff", 'Back-off pulling image "x/y:1"', []],
  ])("still says why its image is not there: %s, %s", (reason, message, said) => {
    const events = status([
      `  containerStatuses: [{name: server, image: "x/y:1", state: {waiting: {reason: ${reason}, message: '${message}'}}}]`,
    ]);
    expect(saidBy(checkImages(aView(withOrders({ events }))))).toEqual(said);
  });

  it("says nothing when it is no pod", () => expect(readPodStatus("a: [")).toEqual([]));
});

describe("database calls in an app's log", () => {
  const said = (lines: readonly string[]) => checkSlowCalls(aView({ logs: [{ pod: ORDERS, lines }] }));
  it.each([
    [
      ["Database call completed in 9.01 seconds.", "Database call completed in 5.2 seconds.", "db query took 7000 ms"],
      "took 5.2 to 9.01 seconds",
    ],
    [Array.from({ length: 3 }, () => "LOG:  duration: 4002.117 ms  statement: SELECT 1"), "took 4 to 4 seconds"],
  ])("that take long are told: %s", (lines, words) => {
    expect(said(lines)).toMatchObject([{ reason: "SlowCalls", object: "app/orders", message: expect.stringContaining(words) }]);
  });

  it.each([
    [["query took 12 ms", "query took 9 ms", "query took 2000 ms"]],
    [["Database call completed in 9 seconds"]],
    [Array.from({ length: 9 }, () => "Started Application in 41.2 seconds")],
  ])("that do not, or hardly ever, are not: %s", (lines) => expect(said(lines)).toEqual([]));
});
