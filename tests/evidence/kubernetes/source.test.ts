import { describe, expect, it } from "vitest";
import { gatherEvidence, type GatherRequest } from "../../../src/evidence/gather.js";
import { PartialAnswerError } from "../../../src/evidence/unavailable.js";
import type { Look } from "../../../src/evidence/sources/kubernetes/beside.js";
import type { RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";
import { createKubernetesSource, type KubernetesOptions } from "../../../src/evidence/sources/kubernetes/source.js";
import { readStatement } from "../../../src/evidence/statement.js";
import { MAX_OBSERVATIONS } from "../../../src/incident/facts.js";
import type { Finding } from "../../../src/ports.js";
import { anAlert, aRequest, aService, NOW, ONSET } from "../support/world.js";

/** Answers by the words of a command without its namespace; anything else is refused as a cluster would. */
function aKubectl(answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const run: RunKubectl = (args) => {
    const at = args.indexOf("-n");
    const words = args.filter((_, index) => index !== at && index !== at + 1).join(" ");
    asked.push(words);
    const text = answers[words];
    return Promise.resolve(
      text === undefined
        ? { stdout: "", stderr: `Error from server (Forbidden): ${words}`, exitCode: 1 }
        : { stdout: text, stderr: "", exitCode: 0 },
    );
  };
  return { run, asked };
}

const HEALTHY: Readonly<Record<string, string>> = {
  "get pods -o wide":
    "NAME                     READY   STATUS    RESTARTS   AGE   IP         NODE\norders-7d9f5c6b4-abcde   1/1     Running   0          9m    10.1.0.7   node-a",
  "get pods --show-labels":
    "NAME                     READY   STATUS    RESTARTS   AGE   LABELS\norders-7d9f5c6b4-abcde   1/1     Running   0          9m    app=orders",
  "get deployments": "NAME     READY   UP-TO-DATE   AVAILABLE   AGE\norders   1/1     1            1           9m",
  "describe deployments":
    "Name:   orders\nPod Template:\n  Labels:  app=orders\n  Containers:\n   server:\n    Image:  registry.example/shop/orders:v2\n    Port:   8080/TCP\n",
  "get statefulsets": "",
  "get daemonsets": "",
  "get replicasets":
    "NAME               DESIRED   CURRENT   READY   AGE\norders-7d9f5c6b4   1         1         1       2m\norders-5c6b47d9f   0         0         0       9d",
  "get services": "NAME     TYPE        CLUSTER-IP   PORT(S)\norders   ClusterIP   10.9.0.1     80/TCP",
  "describe services":
    "Name:        orders\nSelector:    app=orders\nType:        ClusterIP\nPort:        http  80/TCP\nTargetPort:  8080/TCP\nEndpoints:   10.1.0.7:8080\n",
  "get nodes": "NAME     STATUS   ROLES    AGE\nnode-a   Ready    <none>   9d",
  "describe nodes":
    "Name:   node-a\nConditions:\n  Type   Status  Reason        Message\n  ----   ------  ------        -------\n  Ready  True    KubeletReady  kubelet is posting ready status\n",
  "get persistentvolumeclaims": "",
  "get persistentvolumes --show-labels": "",
  "get storageclasses": "",
  "get resourcequota": "",
  "get serviceaccounts": "NAME      SECRETS   AGE\ndefault   0         9d",
  "get pods -o wide kube-system": "",
};

const PULL = "registry.example/shop/orders:v3: not found";
const BROKEN = {
  ...HEALTHY,
  "get pods -o wide":
    "NAME                     READY   STATUS         RESTARTS   AGE   IP       NODE\norders-7d9f5c6b4-abcde   0/1     ErrImagePull   0          30s   <none>   node-a",
  "describe pods orders-7d9f5c6b4-abcde": `Name:    orders-7d9f5c6b4-abcde\nStatus:  Pending\nEvents:\n  Type     Reason  Age   From     Message\n  ----     ------  ----  ----     -------\n  Warning  Failed  12s   kubelet  Failed to pull image "registry.example/shop/orders:v3": ${PULL}\n`,
};

const place = { namespace: "shop", selector: null, context: null };
function observe(run: RunKubectl, options: Partial<KubernetesOptions> = {}): Promise<readonly Finding[]> {
  return createKubernetesSource({ run, placeOf: () => place, ...options }).observe(aRequest());
}

function said(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => {
    const statement = readStatement(finding);
    return statement === null ? [] : [`${statement.of}:${statement.reason} ${statement.object}`];
  });
}

const aGathering = (): GatherRequest => ({
  service: aService(),
  alerts: [anAlert()],
  onset: ONSET,
  attempt: 1,
  now: NOW,
  windows: { logsMs: 60_000, changesMs: 60_000 },
});

describe("the Kubernetes source", () => {
  it("says that all is well, and when something was rolled out", async () => {
    const findings = await observe(aKubectl(HEALTHY).run);
    expect(said(findings)).toEqual(["cluster:Healthy namespace/shop"]);
    expect(findings.filter(({ detail }) => detail.kind === "change")).toMatchObject([
      {
        subject: "app/orders",
        detail: { of: "deployment", ref: { outside: "7d9f5c6b4" } },
        at: new Date(NOW.getTime() - 120_000),
      },
    ]);
  });

  it("says what is wrong with which object, and since when", async () => {
    const findings = await observe(aKubectl(BROKEN).run);
    expect(said(findings)).toEqual(["image:NotFound app/orders"]);
    expect(findings[0]).toMatchObject({
      detail: { kind: "state" },
      at: new Date(NOW.getTime() - 12_000),
      query: "image:NotFound",
    });
  });

  it("asks with verbs that read, only the namespace, and only what the selector takes", async () => {
    const { run, asked } = aKubectl(HEALTHY);
    await observe(run, { placeOf: () => ({ ...place, selector: "app=orders" }) }).catch(() => undefined);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((words) => !/^(?:get|describe|logs|top) /.test(words))).toEqual([]);
    expect(asked).toContain("get pods -o wide -l app=orders");
    expect(asked.filter((words) => /secret|^get events/.test(words))).toEqual([]);
  });

  it("describes one by one where all at once is refused", async () => {
    const { "describe services": _, ...rest } = HEALTHY;
    const service =
      "Name:        orders\nSelector:    app=other\nType:        ClusterIP\nPort:        http  80/TCP\nTargetPort:  8080/TCP\n";
    expect(said(await observe(aKubectl({ ...rest, "describe services orders": service }).run))).toEqual([
      "service:SelectsNothing app/orders",
    ]);
  });

  it("says why something was rolled out where somebody wrote it down, and hides secrets in that", async () => {
    const history = {
      "rollout history deployment/orders": "REVISION  CHANGE-CAUSE\n1  <none>\n2  new pool, password=hunter2secret",
    };
    const { run, asked } = aKubectl({ ...HEALTHY, ...history });
    const [rollout] = (await observe(run)).filter(({ detail }) => detail.kind === "change");
    expect(rollout?.summary.outside).toMatch(/replaced 5c6b47d9f; its newest revision says: new pool, password=\[redacted/);
    expect(asked.filter((words) => words.startsWith("rollout"))).toHaveLength(1);
  });

  it("tells warnings of what nobody described, as remarks", async () => {
    const events = [
      "LAST SEEN   TYPE      REASON                   OBJECT                            MESSAGE",
      "2m          Warning   FailedGetScale           horizontalpodautoscaler/orders    no matches, password=hunter2secret",
      "1m          Warning   BackoffLimitExceeded     job/nightly-report                Job has reached the specified backoff limit",
      "3m          Warning   Evicted                  pod/orders-7d9f5c6b4-zzzzz        The node was low on resource: memory",
      "3m          Warning   Unhealthy                deployment/orders                 told where it is described",
      "3m          Normal    Pulled                   pod/orders-7d9f5c6b4-abcde        nothing to warn of",
      "3h          Warning   Evicted                  pod/orders-7d9f5c6b4-older        long ago",
    ].join("\n");
    const findings = await observe(aKubectl({ ...HEALTHY, "get events": events }).run);
    expect(said(findings)).toEqual([
      "job:BackoffLimitExceeded namespace/shop",
      "horizontalpodautoscaler:FailedGetScale app/orders",
      "pod:Evicted app/orders",
      "cluster:Healthy namespace/shop",
    ]);
    expect(findings[1]?.summary.outside).toMatch(
      /^horizontalpodautoscaler FailedGetScale: orders: no matches, password=\[redacted/,
    );
  });

  it("asks a container that restarted beside others for its own last words", async () => {
    const pod = "orders-7d9f5c6b4-abcde";
    const row = (columns: string, end: string): string =>
      `NAME                     READY   STATUS    RESTARTS      AGE   ${columns}\n${pod}   2/2     Running   1 (2m ago)    9m    ${end}`;
    const containers = ["proxy", "server"].map(
      (name, index) =>
        `  ${name}:\n    Image:  registry.example/shop/${name}:v2\n    Ready:  True\n    Restart Count:  ${index}\n`,
    );
    const { run, asked } = aKubectl({
      ...HEALTHY,
      "get pods -o wide": row("IP         NODE", "10.1.0.7   node-a"),
      "get pods --show-labels": row("LABELS", "app=orders"),
      [`describe pods ${pod}`]: `Name:    ${pod}\nStatus:  Running\nContainers:\n${containers.join("")}`,
      [`logs ${pod} --previous --tail 300 -c server`]: "fatal error: cannot open the ledger",
    });
    const lines = (await observe(run)).filter(({ detail }) => detail.kind === "log");
    expect(asked.filter((words) => words.includes("--previous"))).toEqual([`logs ${pod} --previous --tail 300 -c server`]);
    expect(lines.map(({ summary }) => summary.outside)).toEqual([expect.stringContaining("cannot open the ledger")]);
  });

  it("says when an answer was longer than it reads", async () => {
    const long = `${HEALTHY["get serviceaccounts"]}\n${"x   0         9d\n".repeat(200_000)}`;
    const findings = await observe(aKubectl({ ...HEALTHY, "get serviceaccounts": long }).run);
    expect(findings.filter(({ query }) => query === "cluster:NotSeen").map(({ summary }) => summary.outside)).toEqual([
      "cluster NotSeen: kubectl get serviceaccounts: the answer was cut",
    ]);
  });

  it("says of how many pods it looked at, the sickest first", async () => {
    const names = Array.from({ length: 70 }, (_, index) => `orders-7d9f5c6b4-${String(index).padStart(5, "a")}`);
    const head = "NAME                     READY   STATUS    RESTARTS   AGE   ";
    const rows = names.map((name, index) => `${name}   0/1     ${index === 69 ? "Error  " : "Running"}   0          9m    `);
    const { run, asked } = aKubectl({
      ...HEALTHY,
      "get pods -o wide": [`${head}IP         NODE`, ...rows.map((row) => `${row}10.1.0.7   node-a`)].join("\n"),
      "get pods --show-labels": [`${head}LABELS`, ...rows.map((row) => `${row}app=orders`)].join("\n"),
    });
    const findings = await observe(run);
    const gaps = findings.filter(({ query }) => query === "cluster:NotSeen").map(({ summary }) => summary.outside);
    expect(gaps).toContain("cluster NotSeen: pods that are not well: 40 of 70 were read");
    expect(gaps).toContain("cluster NotSeen: logs of pods: 60 of 70 were read");
    expect(asked).toContain(`describe pods ${names[69]}`);
    expect(asked).toContain(`logs ${names[69]} --tail 300`);
  });

  it("says what it was not allowed to see, and is no less available for it", async () => {
    const { "get nodes": _, ...rest } = HEALTHY;
    const findings = await observe(aKubectl(rest).run);
    expect(said(findings)).toEqual(["cluster:Healthy namespace/shop", "cluster:NotSeen namespace/shop"]);
  });

  it("asks for figures around the onset, of the apps and nodes that it saw", async () => {
    const looks: Look[] = [];
    const measured = { object: "app/orders", signal: "cpu", before: 0.1, now: 3, moved: true, unit: "cores" } as const;
    const metrics = (look: Look) => (looks.push(look), Promise.resolve({ measurements: [measured], calls: [], unanswered: [] }));
    expect(said(await observe(aKubectl(HEALTHY).run, { beside: { metrics } }))).toEqual(["app:CpuBusy app/orders"]);
    expect(looks).toMatchObject([{ namespace: "shop", onset: ONSET, window: { to: NOW }, nodes: ["node-a"] }]);
    expect(looks[0]?.appOf("orders-7d9f5c6b4-abcde")).toBe("app/orders");
  });

  it("keeps what it saw when figures could not be asked, and says so", async () => {
    const unanswered = ["cpu of cadvisor could not be asked: it is down.", "memory of cadvisor could not be asked: it is down."];
    const metrics = () => Promise.resolve({ measurements: [], calls: [], unanswered });
    const error: unknown = await observe(aKubectl(HEALTHY).run, { beside: { metrics } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialAnswerError);
    expect(error).toMatchObject({
      message: "The cluster was seen without 2 kinds of figures: cpu of cadvisor could not be asked: it is down.",
      mayHeal: false,
    });
    expect(error instanceof PartialAnswerError && said(error.findings)).toEqual(["cluster:Healthy namespace/shop"]);
  });

  it("is unavailable, with the reason, when not even pods can be listed", async () => {
    const source = createKubernetesSource({ run: aKubectl({}).run, placeOf: () => place });
    const request = aGathering();
    const { coverage } = await gatherEvidence(request, [source], { sleep: () => Promise.resolve() });
    expect(coverage[0]).toMatchObject({
      source: "kubernetes",
      answer: "unavailable",
      why: { outside: expect.stringContaining("Forbidden") as string },
    });
  });

  it("says that nothing is there, which a wrong namespace or label looks like", async () => {
    const empty = Object.fromEntries(Object.keys(HEALTHY).map((words) => [words, ""]));
    const [finding] = await observe(aKubectl(empty).run);
    expect(said(finding ? [finding] : [])).toEqual(["cluster:NotSeen namespace/shop"]);
    expect(finding?.summary.outside).toMatch(/no pod and no workload is there: check namespace and selector/);
  });

  it("asks nothing about a service that runs elsewhere", async () => {
    const { run, asked } = aKubectl(HEALTHY);
    expect(await observe(run, { placeOf: () => null })).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("tells kinds of log lines that complain, by app, and hides secrets in them", async () => {
    const lines = Array.from(
      { length: 200 },
      (_, n) => `2026-11-20T04:40:0${n % 10}Z ERROR request ${n} failed: password=hunter2secret${n}`,
    );
    const log = { "logs orders-7d9f5c6b4-abcde --tail 300": [...lines, "INFO fine"].join("\n") };
    const findings = (await observe(aKubectl({ ...HEALTHY, ...log }).run)).filter(({ detail }) => detail.kind === "log");
    expect(findings).toMatchObject([{ subject: "app/orders", detail: { count: 200, newSinceOnset: false } }]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  it("stays small however much goes wrong", async () => {
    const names = Array.from({ length: 300 }, (_, n) => `app${n}-7d9f5c6b4-abcde`);
    const wide = [
      "NAME   READY   STATUS   RESTARTS   AGE   IP   NODE",
      ...names.map((name) => `${name}   0/1   Error   9   9m   10.1.0.7   node-a`),
    ];
    const { run, asked } = aKubectl({ ...HEALTHY, "get pods -o wide": wide.join("\n") });
    const source = createKubernetesSource({ run, placeOf: () => place });
    const request = aGathering();
    const { observations } = await gatherEvidence(request, [source], { sleep: () => Promise.resolve() });
    expect(observations.length).toBeLessThanOrEqual(MAX_OBSERVATIONS);
    expect(asked.length).toBeLessThan(250);
  });
});
