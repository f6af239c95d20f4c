/** More was seen than matters: neighbours with a past, warnings of long ago, complaints that mean nothing. */
import type { Recording } from "../recording.js";
import { listed, mapKubectl, mapLogs, type Disturbance, type Random } from "./edit.js";

/** What logs of healthy apps hold in any cluster; none of it belongs to a recorded fault. */
const COMPLAINTS: readonly string[] = [
  'level=warn msg="exporting spans failed: rpc error: code = Unavailable desc = dial tcp: lookup otel-collector: no such host"',
  "WARN  c.a.n.c.remote.client - [nacos] Fail to connect server, error = connection refused",
  "ERROR login of user bob failed: authentication failed",
  "WARN  request rejected: invalid credentials for user 4711",
  "ERROR [audit] permission denied: role viewer may not export orders",
  "W0101 12:00:00.000000 1 reflector.go:424] failed to list *v1.Secret: forbidden",
  "java.lang.IllegalStateException: cart is in read_only mode for guests",
  "ERROR upstream answered 503 Service Unavailable, retrying",
  "WARN  slow call: GET /api/v1/recommendations took 1893 ms",
  "java.net.SocketTimeoutException: Read timed out\n\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:283)",
  "ERROR could not write to /tmp/cache: no such file or directory",
  "panic recovered: runtime error: invalid memory address or nil pointer dereference",
];

function pick<T>(items: readonly T[], count: number, random: Random): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ item }) => item);
}

/** Each app complains about things that are nobody's fault, some again and again. */
function withComplaints(recording: Recording, random: Random): Recording {
  return mapLogs(recording, (lines) => {
    const said = pick(COMPLAINTS, 4, random).flatMap((line) => Array.from({ length: 1 + Math.floor(random() * 6) }, () => line));
    return random() < 0.5 ? [...lines, ...said] : [...said, ...lines];
  });
}

/** The same in the form of Spring Boot, with stack traces. */
function inJavaWords(recording: Recording): Recording {
  const wrap = (line: string, index: number): string =>
    line.trim() === ""
      ? line
      : `2026-01-01 11:59:${String(index % 60).padStart(2, "0")}.123 ERROR [app,6f1c2a9d,77b1] 1 --- [nio-8080-exec-${index % 9}] o.a.c.c.C.[.[.[/].[dispatcherServlet] : ${line}\n\tat org.springframework.web.servlet.FrameworkServlet.processRequest(FrameworkServlet.java:1014)\n\tat java.base/java.lang.Thread.run(Thread.java:840)`;
  return mapLogs(recording, (lines) => lines.map(wrap));
}

interface Neighbour {
  readonly app: string;
  readonly pod: string;
  readonly restarts: number;
  readonly reason: string; // of its last end
  readonly exitCode: number;
  readonly event: string;
}

const PAST: readonly Omit<Neighbour, "app" | "pod">[] = [
  {
    restarts: 0,
    reason: "",
    exitCode: 0,
    event:
      'Unhealthy|Readiness probe failed: Get "http://10.9.0.7:8080/health": dial tcp 10.9.0.7:8080: connect: connection refused',
  },
  { restarts: 3, reason: "Error", exitCode: 1, event: "BackOff|Back-off restarting failed container" },
  { restarts: 1, reason: "OOMKilled", exitCode: 137, event: "" },
  { restarts: 2, reason: "Error", exitCode: 143, event: "Killing|Container main failed liveness probe, will be restarted" },
  {
    restarts: 0,
    reason: "",
    exitCode: 0,
    event:
      "FailedScheduling|0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient memory. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.",
  },
  {
    restarts: 0,
    reason: "",
    exitCode: 0,
    event:
      'Failed|Failed to pull image "registry.example/tools/mailer:v9": rpc error: code = NotFound desc = failed to pull and unpack image: not found',
  },
  {
    restarts: 1,
    reason: "Completed",
    exitCode: 0,
    event: 'FailedMount|MountVolume.SetUp failed for volume "settings" : configmap "mailer-settings" not found',
  },
];

/** Neighbours that run well now. */
function withNeighbours(recording: Recording, random: Random): Recording {
  const { namespace } = recording;
  const node = /^(\S+)\s+Ready\s/m.exec(recording.kubectl[`kubectl get nodes -n ${namespace}`] ?? "")?.[1] ?? "worker-01";
  const neighbours = PAST.map((past, index): Neighbour => {
    const app = `mailer-${"abcdefgh".charAt(index)}`;
    const hash = Array.from({ length: 5 }, () => "bcdfghjklmnpqrst".charAt(Math.floor(random() * 16))).join("");
    return { ...past, app, pod: `${app}-6d9f7c5b8d-${hash}` };
  });
  const rows: Readonly<Record<string, (each: Neighbour) => Row>> = {
    pods: ({ app, pod, restarts }) => ({
      NAME: pod,
      READY: "1/1",
      STATUS: "Running",
      RESTARTS: restarts === 0 ? "0" : `${restarts} (6d2h ago)`,
      AGE: "13d",
      IP: "10.9.0.7",
      NODE: node,
      LABELS: `app=${app},pod-template-hash=6d9f7c5b8d`,
    }),
    deployments: ({ app }) => ({ NAME: app, READY: "1/1", "UP-TO-DATE": "1", AVAILABLE: "1", AGE: "13d", LABELS: `app=${app}` }),
    replicasets: ({ app }) => ({
      NAME: `${app}-6d9f7c5b8d`,
      DESIRED: "1",
      CURRENT: "1",
      READY: "1",
      AGE: "13d",
      LABELS: `app=${app}`,
    }),
    services: ({ app }) => ({
      NAME: app,
      TYPE: "ClusterIP",
      "CLUSTER-IP": "10.68.9.9",
      "PORT(S)": "8080/TCP",
      AGE: "13d",
      SELECTOR: `app=${app}`,
    }),
  };
  const grown = mapKubectl(recording, (output, command) => {
    const make = rows[listed(command) ?? ""];
    return make === undefined || output.trim() === "" ? output : append(output, neighbours.map(make));
  });
  const kubectl = Object.fromEntries(
    neighbours.flatMap((each) => [
      [`kubectl describe pods ${each.pod} -n ${namespace}`, describePod(each, node, namespace)],
      [`kubectl describe deployments ${each.app} -n ${namespace}`, describeDeployment(each, namespace)],
      [`kubectl describe services ${each.app} -n ${namespace}`, describeService(each, namespace)],
    ]),
  );
  return { ...grown, kubectl: { ...grown.kubectl, ...kubectl } };
}

type Row = Readonly<Record<string, string>>;

/** Rows under the columns of the header; what it does not name is left out. */
function append(table: string, rows: readonly Row[]): string {
  const [header = ""] = table.split("\n");
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, index }));
  const lines = rows.map((row) =>
    columns.reduce((line, { name, index }) => {
      const gap = line === "" ? "" : " ".repeat(Math.max(3, index - line.length));
      return `${line}${gap}${row[name] ?? "<none>"}`;
    }, ""),
  );
  return `${table.trimEnd()}\n${lines.join("\n")}\n`;
}

function describePod({ app, pod, restarts, reason, exitCode, event }: Neighbour, node: string, namespace: string): string {
  const [what = "", message = ""] = event.split("|");
  const last =
    restarts === 0
      ? ""
      : `    Last State:     Terminated\n      Reason:       ${reason}\n      Exit Code:    ${exitCode}\n      Started:      Mon, 01 Dec 2025 10:00:00 +0000\n      Finished:     Mon, 01 Dec 2025 10:11:00 +0000\n`;
  const events =
    event === ""
      ? "Events:  <none>\n"
      : `Events:\n  Type     Reason  Age   From     Message\n  ----     ------  ----  ----     -------\n  Warning  ${what}  57m (x3 over 58m)  kubelet  ${message}\n`;
  return `Name:             ${pod}
Namespace:        ${namespace}
Priority:         0
Node:             ${node}/10.0.0.9
Labels:           app=${app}
                  pod-template-hash=6d9f7c5b8d
Annotations:      <none>
Status:           Running
IP:               10.9.0.7
Controlled By:    ReplicaSet/${app}-6d9f7c5b8d
Containers:
  main:
    Image:          registry.example/tools/mailer:v8
    Port:           8080/TCP
    Host Port:      0/TCP
    State:          Running
      Started:      Mon, 01 Dec 2025 10:12:00 +0000
${last}    Ready:          True
    Restart Count:  ${restarts}
    Liveness:       http-get http://:8080/health delay=0s timeout=1s period=10s #success=1 #failure=3
    Readiness:      http-get http://:8080/health delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type              Status
  Initialized       True
  Ready             True
  ContainersReady   True
  PodScheduled      True
Volumes:          <none>
QoS Class:        BestEffort
Node-Selectors:   <none>
Tolerations:      node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
${events}`;
}

function describeDeployment({ app }: Neighbour, namespace: string): string {
  return `Name:                   ${app}
Namespace:              ${namespace}
Selector:               app=${app}
Replicas:               1 desired | 1 updated | 1 total | 1 available | 0 unavailable
Pod Template:
  Labels:  app=${app}
  Containers:
   main:
    Image:        registry.example/tools/mailer:v8
    Port:         8080/TCP
    Host Port:    0/TCP
    Liveness:     http-get http://:8080/health delay=0s timeout=1s period=10s #success=1 #failure=3
    Readiness:    http-get http://:8080/health delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment:  <none>
    Mounts:       <none>
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
Events:          <none>
`;
}

function describeService({ app }: Neighbour, namespace: string): string {
  return `Name:              ${app}
Namespace:         ${namespace}
Labels:            app=${app}
Selector:          app=${app}
Type:              ClusterIP
IP:                10.68.9.9
Port:              http  8080/TCP
TargetPort:        8080/TCP
Endpoints:         10.9.0.7:8080
Session Affinity:  None
Events:            <none>
`;
}

export const NOISE: readonly Disturbance[] = [
  { name: "complaints in every log", disturb: withComplaints },
  { name: "logs in the form of Spring Boot", disturb: inJavaWords },
  { name: "seven neighbours with a past", disturb: withNeighbours },
  {
    name: "neighbours and complaints",
    disturb: (recording, random) => withComplaints(withNeighbours(recording, random), random),
  },
];
