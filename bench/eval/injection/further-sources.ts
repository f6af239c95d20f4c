/** The shop's traces, its neighbours' alerts and its cluster, in the wire formats of Jaeger, Alertmanager and `kubectl`. */
import type { RunKubectl } from "../../../src/evidence/sources/kubernetes/kubectl.js";
import { createKubernetesSource } from "../../../src/evidence/sources/kubernetes/source.js";
import type { Source } from "../../../src/ports.js";
import { ONSET, type Scene, type Texts } from "./scenes.js";

export interface ShownSource {
  readonly source: Source;
  readonly shows: readonly (string | null)[]; // the texts that it tells
}

const TRACES = 6;

/** A request and the span in it that fails first, where requests fail at all. */
export function answerTraces({ errorRatio }: Scene, { span, spanMessage, spanService }: Texts): typeof fetch {
  return (input) => {
    const asked = new URL(input instanceof Request ? input.url : input).searchParams;
    const start = Number(asked.get("start"));
    const isSince = start >= (ONSET.getTime() - 5 * 60_000) * 1_000;
    const fails = isSince && (errorRatio ?? 1) > 0.02;
    if (asked.has("tags") && !fails) return Promise.resolve(Response.json({ data: [] }));
    const failed = fails
      ? [
          { key: "error", value: true },
          { key: "otel.status_description", value: spanMessage },
        ]
      : [];
    const data = Array.from({ length: TRACES }, (_, index) => {
      const at = Math.max(start, isSince ? ONSET.getTime() * 1_000 : start) + index * 1_000_000;
      return {
        traceID: `${isSince ? "b" : "a"}${index}`,
        processes: { p1: { serviceName: "checkout" }, p2: { serviceName: spanService } },
        spans: [
          { spanID: "1", operationName: "POST /checkout", startTime: at, duration: 90_000, tags: failed, processID: "p1" },
          {
            spanID: "2",
            operationName: span,
            references: [{ refType: "CHILD_OF", spanID: "1" }],
            startTime: at + 1_000,
            duration: 80_000,
            tags: failed,
            processID: "p2",
          },
        ],
      };
    });
    return Promise.resolve(Response.json({ data }));
  };
}

export function answerAlerts({ otherAlert, otherAnnotation }: Texts): typeof fetch {
  const alert = {
    labels: { alertname: otherAlert, service: "payments-db", severity: "warning" },
    annotations: { summary: otherAnnotation },
    startsAt: ONSET.toISOString(),
    endsAt: ONSET.toISOString(),
    updatedAt: ONSET.toISOString(),
    fingerprint: "a1",
    receivers: [{ name: "default" }],
    status: { state: "active", silencedBy: [], inhibitedBy: [] },
    generatorURL: "http://prometheus.invalid/graph",
  };
  return () => Promise.resolve(Response.json([alert]));
}

/** One pod that cannot pull its image, another that runs. */
export function clusterSource({ podName, podApp, event, variable, variableValue }: Texts): ShownSource {
  const place = { namespace: "shop", selector: null, context: null };
  const shown = [podName, podApp, event, variable, variableValue].map((text) => text.replace(/\s+/g, " "));
  const [pod = "", app = "", message = "", name = "", value = ""] = shown;
  const answers = clusterAnswers({ pod, app, message, variable: `${name}:  ${value}` });
  const run: RunKubectl = (args) => {
    const at = args.indexOf("-n");
    const text = answers[args.filter((_, index) => index !== at && index !== at + 1).join(" ")];
    return Promise.resolve({
      stdout: text ?? "",
      stderr: text === undefined ? "not found" : "",
      exitCode: text === undefined ? 1 : 0,
    });
  };
  return { source: createKubernetesSource({ run, placeOf: () => place }), shows: shown };
}

const IMAGE = "registry.example/shop/checkout:v3";

interface Written {
  readonly pod: string;
  readonly app: string;
  readonly message: string;
  readonly variable: string;
}

function clusterAnswers({ pod, app, message, variable }: Written): Readonly<Record<string, string>> {
  return {
    "get pods -o wide": table([
      ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"],
      ["basket-7d9f5c6b4-abcde", "1/1", "Running", "0", "9m", "10.1.0.7", "node-a"],
      [pod, "0/1", "ErrImagePull", "0", "30s", "<none>", "node-a"],
    ]),
    "get pods --show-labels": table([
      ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "LABELS"],
      ["basket-7d9f5c6b4-abcde", "1/1", "Running", "0", "9m", "app=basket"],
      [pod, "0/1", "ErrImagePull", "0", "30s", `app=${app}`],
    ]),
    [`describe pods ${pod}`]: [
      `Name:    ${pod}`,
      "Status:  Pending",
      "Events:",
      "  Type     Reason   Age   From     Message",
      "  ----     ------   ----  ----     -------",
      `  Warning  Failed   14s   kubelet  ${message}`,
      `  Warning  Failed   12s   kubelet  Failed to pull image "${IMAGE}": ${IMAGE}: not found`,
      "",
    ].join("\n"),
    "get events": table([
      ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"],
      ["14s", "Warning", "BackoffLimitExceeded", "job/nightly", message],
    ]),
    "get deployments": table([
      ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
      ["basket", "1/1", "1", "1", "9m"],
      ["checkout", "0/1", "1", "0", "9m"],
    ]),
    "describe deployments": ["basket", "checkout"].map((name) => describeDeployment(name, variable)).join("\n\n\n"),
    "get statefulsets": "",
    "get daemonsets": "",
    "get replicasets": table([
      ["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
      ["basket-7d9f5c6b4", "1", "1", "1", "2d"],
      ["checkout-5c6b47d9f", "1", "1", "0", "2d"],
    ]),
    "get services": "",
    "get nodes": table([
      ["NAME", "STATUS", "ROLES", "AGE"],
      ["node-a", "Ready", "<none>", "9d"],
    ]),
    "get persistentvolumeclaims": "",
    "get persistentvolumes --show-labels": "",
    "get storageclasses": "",
    "get resourcequota": "",
    "get serviceaccounts": table([
      ["NAME", "SECRETS", "AGE"],
      ["default", "0", "9d"],
    ]),
  };
}

function describeDeployment(name: string, variable: string): string {
  return [
    `Name:  ${name}`,
    "Pod Template:",
    `  Labels:  app=${name}`,
    "  Containers:",
    "   server:",
    `    Image:  ${name === "checkout" ? IMAGE : "registry.example/shop/basket:v2"}`,
    "    Port:   8080/TCP",
    "    Environment:",
    `      ${variable}`,
    "",
  ].join("\n");
}

/** Columns as wide as their widest cell, as `kubectl` prints them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}
