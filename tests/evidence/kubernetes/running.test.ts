import { describe, expect, it } from "vitest";
import { checkAddresses } from "../../../src/evidence/sources/kubernetes/checks/addresses.js";
import { checkDatabases } from "../../../src/evidence/sources/kubernetes/checks/databases.js";
import { checkFailures } from "../../../src/evidence/sources/kubernetes/checks/failures.js";
import { checkNames } from "../../../src/evidence/sources/kubernetes/checks/names.js";
import { checkNodes } from "../../../src/evidence/sources/kubernetes/checks/nodes.js";
import { checkProbes } from "../../../src/evidence/sources/kubernetes/checks/probes.js";
import { checkRoutes, readRoutes } from "../../../src/evidence/sources/kubernetes/checks/routes.js";
import { checkRuntime } from "../../../src/evidence/sources/kubernetes/checks/runtime.js";
import { checkServices } from "../../../src/evidence/sources/kubernetes/checks/services.js";
import { checkSlowness } from "../../../src/evidence/sources/kubernetes/checks/slowness.js";
import { checkUsage } from "../../../src/evidence/sources/kubernetes/checks/usage.js";
import type { Measured } from "../../../src/evidence/sources/kubernetes/beside.js";
import type { Probe } from "../../../src/evidence/sources/kubernetes/cluster.js";
import { createAppOfService } from "../../../src/evidence/sources/kubernetes/view.js";
import { aContainer, anEvent, aNode, aPod, aService, aView, aWorkload, ORDERS, PAYMENTS, saidBy, withOrders } from "./cluster.js";

const liveness: Probe = { kind: "liveness", protocol: "http", port: "8080", delayS: 5, timeoutS: 1, periodS: 10, failures: 6 };
const readiness: Probe = { ...liveness, kind: "readiness", protocol: "grpc" };

describe("probes", () => {
  const failing = (probes: readonly Probe[], message: string, killed = false) =>
    aView(
      withOrders({
        containers: [aContainer({ probes, ready: false })],
        events: [
          anEvent("Unhealthy", message),
          ...(killed ? [anEvent("Killing", "Container server failed liveness probe, will be restarted")] : []),
        ],
      }),
    );
  it.each([
    {
      name: "a port nobody serves",
      probes: [{ ...liveness, port: "8081" }],
      message: "Liveness probe failed: connection refused",
      said: "liveness-probe:PortUnserved",
    },
    {
      name: "a port name nobody has",
      probes: [{ ...readiness, port: "web" }],
      message: "Readiness probe failed: x",
      said: "readiness-probe:PortUnserved",
    },
    {
      name: "another language",
      probes: [liveness],
      message: 'Liveness probe failed: malformed HTTP response "x"',
      said: "liveness-probe:ProtocolDiffers",
    },
    {
      name: "another language than the content probe",
      probes: [liveness, readiness],
      message: "Liveness probe failed: EOF",
      said: "liveness-probe:ProtocolDiffers",
    },
    {
      name: "an honest failure",
      probes: [liveness],
      message: "Liveness probe failed: HTTP probe failed with statuscode: 500",
      said: "liveness-probe:Failing",
    },
  ])("finds $name", ({ probes, message, said }) => {
    expect(saidBy(checkProbes(failing(probes, message)))).toEqual([`${said} app/orders`]);
  });

  it("calls a probe impatient only when it kills before anything can start", () => {
    const hasty = { ...liveness, delayS: 0, periodS: 1, failures: 1 };
    const message = "Liveness probe failed: context deadline exceeded";
    expect(saidBy(checkProbes(failing([hasty], message, true)))).toEqual(["liveness-probe:Impatient app/orders"]);
    expect(saidBy(checkProbes(failing([hasty], message)))).toEqual(["liveness-probe:Failing app/orders"]);
    expect(saidBy(checkProbes(failing([liveness], message, true)))).toEqual(["liveness-probe:Failing app/orders"]);
  });
});

describe("containers", () => {
  const ended = (reason: string, exitCode: number) => ({
    phase: "terminated" as const,
    reason,
    exitCode,
    message: "",
    finishedAt: null,
  });
  it.each([
    {
      name: "killed for memory",
      last: ended("OOMKilled", 137),
      events: [],
      logs: [],
      said: ["container:OutOfMemory app/orders"],
    },
    { name: "crashing", last: ended("Error", 1), events: [], logs: [], said: ["container:Crashing app/orders"] },
    {
      name: "killed by a probe",
      last: ended("Error", 137),
      events: [anEvent("Killing", "Container server failed liveness probe")],
      logs: [],
      said: [],
    },
    { name: "done", last: ended("Completed", 0), events: [], logs: [], said: [] },
    {
      name: "kept from its files",
      last: ended("Error", 1),
      events: [],
      logs: ["can't open dump: Permission denied"],
      said: ["volume:PermissionDenied app/orders", "container:Crashing app/orders"],
    },
  ])("are $name", ({ last, events, logs, said }) => {
    const broken = withOrders({ containers: [aContainer({ last, restarts: 3 })], events });
    expect(saidBy(checkRuntime(aView({ ...broken, logs: [{ pod: ORDERS, lines: logs }] })))).toEqual(said);
  });

  it("share no port within a pod", () => {
    const pair = [aContainer(), aContainer({ name: "agent", ports: [], command: ["agent", "--listen=:8080"] })];
    expect(saidBy(checkRuntime(aView({ workloads: [aWorkload("orders", { containers: pair })] })))).toEqual([
      "container:PortConflict app/orders",
    ]);
    const apart = [aContainer(), aContainer({ name: "agent", ports: [], command: ["agent", "--listen=:18080"] })];
    expect(checkRuntime(aView({ workloads: [aWorkload("orders", { containers: apart })] }))).toEqual([]);
  });

  it("are missed when a service leads to a workload of zero", () => {
    const zero = [aWorkload("orders", { desired: 0, ready: 0 }), aWorkload("payments")];
    expect(checkRuntime(aView({ workloads: zero }))).toMatchObject([{ reason: "ScaledToZero", score: 0.95 }]);
    expect(checkRuntime(aView({ workloads: zero, services: [] }))).toMatchObject([{ reason: "ScaledToZero", score: 0.4 }]);
  });

  it("are remarked when nearly at their limit", () => {
    const limits = new Map([["memory", "100Mi"]]);
    const workloads = [aWorkload("orders", { containers: [aContainer({ limits })] })];
    const usage = (memory: string) => [{ pod: ORDERS, container: "server", cpu: "1m", memory }];
    expect(saidBy(checkUsage(aView({ workloads, usage: usage("95Mi") })))).toEqual(["container:NearMemoryLimit app/orders"]);
    expect(checkUsage(aView({ workloads, usage: usage("50Mi") }))).toEqual([]);
  });
});

describe("services", () => {
  const port = { port: 80, name: "http", protocol: "TCP", target: "8080" };
  it.each([
    {
      name: "selects labels that nothing has",
      service: aService("orders", { selector: new Map([["app", "order"]]), endpoints: [] }),
      said: ["service:SelectsNothing app/orders"],
    },
    {
      name: "selects somebody else's pods",
      service: aService("orders", { selector: new Map([["app", "payments"]]) }),
      said: ["service:SelectsOther app/orders"],
    },
    {
      name: "leads to a port nobody serves",
      service: aService("orders", { ports: [{ ...port, target: "8081" }] }),
      said: ["service:TargetPortUnserved app/orders"],
    },
    {
      name: "leads to a name no port has",
      service: aService("orders", { ports: [{ ...port, target: "web" }], endpoints: ["10.1.0.7"] }),
      said: ["service:TargetPortUnserved app/orders"],
    },
    { name: "leads to a name that resolved", service: aService("orders", { ports: [{ ...port, target: "web" }] }), said: [] },
    {
      name: "carries another protocol",
      service: aService("orders", { ports: [{ ...port, protocol: "UDP" }] }),
      said: ["service:ProtocolDiffers app/orders"],
    },
    {
      name: "is an alias though it has pods",
      service: aService("orders", { type: "ExternalName", externalName: "x.example" }),
      said: ["dns:NameElsewhere app/orders"],
    },
    { name: "is well", service: aService("orders"), said: [] },
  ])("$name", ({ service, said }) => expect(saidBy(checkServices(aView({ services: [service] })))).toEqual(said));
});

describe("addresses", () => {
  const calling = (variables: Record<string, string>, logs: readonly string[] = []) =>
    aView({
      workloads: [
        aWorkload("orders", { containers: [aContainer({ environment: new Map(Object.entries(variables)) })] }),
        aWorkload("payments"),
        aWorkload("db"),
      ],
      services: [
        aService("orders"),
        aService("payments"),
        aService("orders-db", { ports: [{ port: 3306, name: null, protocol: "TCP", target: "3306" }] }),
      ],
      logs: [{ pod: ORDERS, lines: logs }],
    });
  it.each([
    { name: "are right", variables: { PAYMENTS_ADDR: "payments:80", DB_HOST: "orders-db", DB_PORT: "3306" }, said: [] },
    {
      name: "name a port that is not offered",
      variables: { PAYMENTS_ADDR: "payments:81" },
      said: ["address:PortUnoffered app/orders"],
    },
    {
      name: "name the pods' port instead of the service's",
      variables: { PAYMENTS_ADDR: "payments:8080" },
      said: ["service:PortUnexpected app/payments"],
    },
    { name: "misspell a service", variables: { PAYMENTS_ADDR: "paymnets:80" }, said: ["address:Unknown app/orders"] },
    { name: "lead to another service", variables: { PAYMENTS_ADDR: "orders:80" }, said: ["address:OtherService app/orders"] },
    { name: "name an app without a service", variables: { STORE_ADDR: "db:80" }, said: ["service:Missing app/db"] },
    {
      name: "split a database's wrong port in two variables",
      variables: { ORDERS_MYSQL_HOST: "orders-db", ORDERS_MYSQL_PORT: "3307" },
      said: ["database-address:PortUnoffered app/orders"],
    },
    { name: "lead outside", variables: { API_URL: "https://api.example.com/v1", BROKERS: "a:1,b:2" }, said: [] },
  ])("$name", ({ variables, said }) => expect(saidBy(checkAddresses(calling(variables)))).toEqual(said));

  it("of nothing count only when they are missed", () => {
    const variables = { ASSISTANT_ADDR: "assistant:80" };
    expect(checkAddresses(calling(variables))).toEqual([]);
    expect(saidBy(checkAddresses(calling(variables, ["ERROR cannot reach assistant:80: timed out"])))).toEqual([
      "address:Unknown app/orders",
    ]);
  });
});

describe("databases and names, by what logs say", () => {
  const logged = (line: string, count = 3) => ({ logs: [{ pod: ORDERS, lines: Array.from({ length: count }, () => line) }] });
  const withDb = {
    workloads: [
      aWorkload("orders", { containers: [aContainer({ environment: new Map([["DB_HOST", "orders-db"]]) })] }),
      aWorkload("orders-db"),
    ],
    services: [aService("orders"), aService("orders-db")],
    pods: [aPod(ORDERS), aPod("orders-db-5c6b47d9f-fghij", { labels: new Map([["app", "orders-db"]]) })],
  };
  it.each([
    ["FATAL: sorry, too many clients already", ["database:ConnectionsExhausted app/orders-db"]],
    ["The MySQL server is running with the --read-only option", ["database:ReadOnly app/orders-db"]],
    ["Access denied for user 'shop'@'10.1.0.7'", ["database:CredentialsRejected app/orders"]],
    ["Communications link failure", ["database:Unreachable app/orders"]],
  ])("%s", (line, said) => expect(saidBy(checkDatabases(aView({ ...withDb, ...logged(line) })))).toEqual(said));

  it("do not resolve though the service is there", () => {
    const line = "dial tcp: lookup payments on 10.0.0.10:53: no such host";
    expect(checkNames(aView(logged(line, 30)))).toMatchObject([{ reason: "Unresolved", object: "app/orders", score: 0.85 }]);
    expect(checkNames(aView(logged("lookup elsewhere: no such host", 30)))).toEqual([]);
    const passed = [...Array.from({ length: 5 }, () => line), ...Array.from({ length: 60 }, () => "ok")];
    expect(checkNames(aView({ logs: [{ pod: ORDERS, lines: passed }] }))).toEqual([]);
  });

  it("are asked elsewhere by the pod's own settings", () => {
    const yaml =
      "kind: Deployment\nmetadata: {name: orders}\nspec: {template: {spec: {dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1]}, containers: []}}}\n";
    expect(saidBy(checkNames(aView({}, { manifests: new Map([["orders", yaml]]) })))).toEqual([
      "dns:SettingsElsewhere app/orders",
    ]);
  });
});

describe("routes", () => {
  const nginx = (to: string) => `location /api/payments { proxy_set_header a b; proxy_pass http://${to}; }`;
  it.each([
    ["payments:80", []],
    ["nowhere:80", ["route:HostUnknown app/gateway"]],
    ["payments:81", ["route:PortUnoffered app/gateway"]],
    ["orders:80", ["route:Elsewhere app/gateway"]],
  ])("to %s", (to, said) => {
    expect(saidBy(checkRoutes(aView({}, { manifests: new Map([["gateway", nginx(to)]]) })))).toEqual(said);
  });

  it("are read from a Spring gateway's settings too", () => {
    const text = "routes:\n- id: a\n  uri: lb://orders\n  predicates:\n  - Path=/api/orders/**\n";
    expect(readRoutes(text, "shop")).toMatchObject([{ path: "/api/orders/**", host: "orders", port: null }]);
  });
});

describe("nodes", () => {
  const condition = (type: string, status: string, message: string) => ({ conditions: [{ type, status, reason: "x", message }] });
  it.each([
    { node: condition("Ready", "Unknown", "Kubelet stopped posting node status."), said: "node:KubeletSilent node/node-a" },
    { node: condition("Ready", "False", "container runtime is down"), said: "node:RuntimeNotReady node/node-a" },
    { node: condition("DiskPressure", "True", "disk"), said: "node:DiskPressure node/node-a" },
  ])("say $said", ({ node, said }) => expect(saidBy(checkNodes(aView({ nodes: [aNode("node-a", node)] })))).toEqual([said]));

  it("lose services that answer elsewhere", () => {
    const from = (node: string, open: boolean) =>
      ["orders", "payments"].map((service) => ({ service, port: 80, from: node, open }));
    expect(saidBy(checkNodes(aView({}, { connections: [...from("node-a", false), ...from("node-b", true)] })))).toEqual([
      "node:ServicesUnreachable node/node-a",
    ]);
    expect(checkNodes(aView({}, { connections: [...from("node-a", false), ...from("node-b", false)] }))).toEqual([]);
    const nodeServices = [
      { node: "node-a", service: "kube-proxy", active: false },
      { node: "node-b", service: "kubelet", active: true },
    ];
    expect(saidBy(checkNodes(aView({}, { nodeServices })))).toEqual(["node-service:ProxyInactive node/node-a"]);
  });
});

describe("slowness", () => {
  const slow = (app: string, now = 900): Measured => ({
    object: `app/${app}`,
    signal: "latency",
    before: 5,
    now,
    moved: now > 5,
    unit: "ms",
  });
  const fast = (app: string): Measured => slow(app, 5);
  const calls = [
    { from: "web", to: "orders" },
    { from: "web", to: "payments" },
    { from: "admin", to: "payments" },
  ];
  const pods = ["web", "orders", "payments", "admin"].map((app) =>
    aPod(`${app}-5c6b47d9f-fghij`, {
      node: app === "web" || app === "admin" ? "node-b" : "node-a",
      labels: new Map([["app", app]]),
    }),
  );
  const look = (measurements: readonly Measured[]) =>
    saidBy(checkSlowness(aView({ pods, workloads: [] }, { calls, measurements })));
  it.each([
    {
      name: "is the app's that calls nothing slow",
      measured: [slow("web"), slow("orders"), fast("payments")],
      said: ["app:Slow app/orders"],
    },
    {
      name: "is not the app's that serves another caller as fast as ever",
      measured: [slow("web"), slow("payments"), fast("admin"), fast("orders")],
      said: ["app:Slow app/web"],
    },
    {
      name: "is the node's where several begin",
      measured: [slow("web"), slow("orders"), slow("payments"), slow("admin")],
      said: ["node:AppsSlow node/node-a"],
    },
    {
      name: "is the caller's where what it calls accounts for next to nothing of its time",
      measured: [slow("web"), slow("orders", 40), fast("payments"), fast("admin")],
      said: ["app:Slow app/web"],
    },
    { name: "is nobody's when nothing is slow", measured: [fast("web"), fast("orders")], said: [] },
  ])("$name", ({ measured, said }) => expect(look(measured)).toEqual(said));

  it("is not what never left its usual band", () => {
    expect(look([{ ...slow("orders"), moved: false }])).toEqual([]);
    const busy: Measured = { object: "app/orders", signal: "cpu", before: 0.1, now: 2, moved: false, unit: "cores" };
    expect(look([busy])).toEqual([]);
    expect(look([{ ...busy, moved: true }])).toEqual(["app:CpuBusy app/orders"]);
  });

  it("is explained by a processor that is held back, or by packets that are lost", () => {
    const throttled: Measured = {
      object: "app/orders",
      signal: "cpu-throttled",
      before: 0,
      now: 0.7,
      moved: true,
      unit: "ratio",
    };
    expect(look([slow("web"), slow("orders"), throttled])).toEqual(["app:CpuThrottled app/orders"]);
    const lost: Measured = { object: "node/node-a", signal: "retransmissions", before: 0.01, now: 8, moved: true, unit: null };
    expect(look([slow("web"), slow("orders"), lost])).toEqual(["node:PacketsLost node/node-a"]);
  });
});

describe("where requests fail", () => {
  const errors = (app: string, now: number, before = 0): Measured => ({
    object: `app/${app}`,
    signal: "errors",
    before,
    now,
    moved: now - before > 0.02,
    unit: "ratio",
  });
  const ring = [
    { from: "web", to: "orders" },
    { from: "orders", to: "payments" },
    { from: "payments", to: "web" },
  ];
  const chain = ring.slice(0, 2);
  it.each([
    {
      name: "the app whose callees are well",
      measured: [errors("web", 0.4), errors("orders", 0.5), errors("payments", 0)],
      calls: chain,
      said: ["app:Failing app/orders"],
    },
    {
      name: "the last of a chain",
      measured: [errors("web", 0.4), errors("payments", 0.5)],
      calls: chain,
      said: ["app:Failing app/payments"],
    },
    { name: "nobody who failed as much before", measured: [errors("web", 0.4, 0.39)], calls: chain, said: [] },
    { name: "an app alone in a ring of calls", measured: [errors("orders", 0.5)], calls: ring, said: ["app:Failing app/orders"] },
    {
      name: "an app once, whose callers see more of it than itself",
      measured: [errors("orders", 0.1), errors("orders", 0.9)],
      calls: chain,
      said: ["app:Failing app/orders"],
    },
    { name: "nobody where nothing is measured", measured: null, calls: chain, said: [] },
  ])("blames $name", ({ measured, calls, said }) => {
    expect(saidBy(checkFailures(aView({}, { calls, measurements: measured })))).toEqual(said);
  });
});

describe("memory of an app", () => {
  const MIB = 2 ** 20;
  it.each([
    { name: "that doubled", before: 200 * MIB, now: 400 * MIB, moved: true, said: ["app:MemoryGrew app/orders"] },
    { name: "that doubled but is small", before: 10 * MIB, now: 20 * MIB, moved: true, said: [] },
    { name: "that always goes up and down", before: 200 * MIB, now: 400 * MIB, moved: false, said: [] },
  ])("$name says $said", ({ before, now, moved, said }) => {
    const measured: Measured = { object: "app/orders", signal: "memory", before, now, moved, unit: "bytes" };
    expect(saidBy(checkUsage(aView({}, { measurements: [measured] })))).toEqual(said);
  });
});

it("names nobody in a shop that is well", () => {
  const view = aView({ pods: [aPod(ORDERS), aPod(PAYMENTS)] });
  const checks = [
    checkAddresses,
    checkDatabases,
    checkNames,
    checkNodes,
    checkProbes,
    checkRoutes,
    checkRuntime,
    checkServices,
    checkSlowness,
    checkUsage,
  ];
  expect(checks.flatMap((check) => check(view))).toEqual([]);
});

describe("the app behind a service", () => {
  const services = [
    aService("orders-svc", { selector: new Map([["app", "orders"]]) }),
    aService("headless", { selector: new Map() }),
    aService("gone", { selector: new Map([["app", "gone"]]) }),
  ];
  const workloads = [
    aWorkload("orders", {
      labels: new Map([
        ["app", "orders"],
        ["tier", "back"],
      ]),
    }),
  ];
  it.each([
    { service: "orders-svc", app: "app/orders" },
    { service: "headless", app: "app/headless" },
    { service: "gone", app: "app/gone" },
    { service: "InboundPassthroughCluster", app: null },
  ])("$service is $app", ({ service, app }) => expect(createAppOfService({ services, workloads })(service)).toBe(app));

  it("is of the same name where services could not be listed", () => {
    expect(createAppOfService({ services: null, workloads })("orders")).toBe("app/orders");
  });
});
