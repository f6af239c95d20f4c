/** The cluster a service runs in, through the runner's `kubectl`: what is wrong with which object, said in fixed words. */
import type { Finding, SourceRequest } from "../../../ports.js";
import type { TimedSource } from "../../timed-source.js";
import { readAddresses } from "./addresses.js";
import { PartialAnswerError } from "../../unavailable.js";
import type { Beside, Call, Look, Metrics, Seen } from "./beside.js";
import { checkAddresses } from "./checks/addresses.js";
import { checkAdmission } from "./checks/admission.js";
import { checkDatabases } from "./checks/databases.js";
import { checkEvents } from "./checks/events.js";
import { checkFailures } from "./checks/failures.js";
import { checkImages } from "./checks/images.js";
import { checkNames, UNRESOLVED } from "./checks/names.js";
import { checkNodes } from "./checks/nodes.js";
import { checkProbes } from "./checks/probes.js";
import { checkRoutes } from "./checks/routes.js";
import { checkRuntime } from "./checks/runtime.js";
import { checkScheduling } from "./checks/scheduling.js";
import { checkServices } from "./checks/services.js";
import { checkSlowCalls } from "./checks/slow-calls.js";
import { checkSlowness } from "./checks/slowness.js";
import { checkStartup } from "./checks/startup.js";
import { checkStorage } from "./checks/storage.js";
import { checkUsage } from "./checks/usage.js";
import type { Cluster, Workload } from "./cluster.js";
import { collectCluster, type Collected } from "./collect.js";
import { isSettled, isWell } from "./pod-health.js";
import { createKubectl, type Kubectl, type RunKubectl } from "./kubectl.js";
import { lookLive, readClaimManifests } from "./live.js";
import { duration } from "../../phrases.js";
import { findComplaints } from "./logs.js";
import { findRollouts } from "./rollouts.js";
import { toFinding } from "../../statement.js";
import { createAppOf, createAppOfService, createView, mergeSaid, type Check, type Said, type View } from "./view.js";

/** Where a service of the catalogue runs. */
export interface KubernetesPlace {
  readonly namespace: string;
  readonly selector: string | null; // labels: "app=checkout"; null: the whole namespace
  readonly context: string | null;
}
export interface KubernetesOptions {
  readonly run: RunKubectl;
  /** null: the service does not run in a cluster, and nothing is asked. */
  readonly placeOf: (service: SourceRequest["service"]) => KubernetesPlace | null;
  readonly beside?: Beside;
  readonly timeoutMs?: number;
}

/** Many small questions: longer than a single query may take. */
const KUBERNETES_TIMEOUT_MS = 45_000;

const CHECKS: readonly Check[] = [
  checkAdmission,
  checkScheduling,
  checkStorage,
  checkImages,
  checkStartup,
  checkRuntime,
  checkProbes,
  checkUsage,
  checkServices,
  checkAddresses,
  checkRoutes,
  checkNames,
  checkDatabases,
  checkSlowCalls,
  checkNodes,
  checkSlowness,
  checkFailures,
  checkEvents,
];

export function createKubernetesSource(options: KubernetesOptions): TimedSource {
  const { run, placeOf, beside = {}, timeoutMs = KUBERNETES_TIMEOUT_MS } = options;
  const observe = async ({ service, onset, logs, changes, signal }: SourceRequest): Promise<readonly Finding[]> => {
    const place = placeOf(service);
    if (place === null) return [];
    const kubectl = createKubectl({ run, namespace: place.namespace, context: place.context, signal });
    const collected = await collectCluster({ kubectl, selector: place.selector });
    const metrics = await lookAtMetrics(beside, collected, { onset, window: logs, signal });
    const view = createView(collected.cluster, await lookBeside(beside, collected, kubectl, metrics));
    const rollouts = findRollouts(view, { now: logs.to, onset, since: changes.from });
    const findings = [...describeCluster(view, collected.unanswered, logs.to), ...rollouts];
    if (metrics.unanswered.length > 0) throw new PartialAnswerError(describeUnanswered(metrics.unanswered), findings, false);
    return findings;
  };
  return { name: "kubernetes", timeoutMs, concerns: (service) => placeOf(service) !== null, observe };
}

/** Every finding about a cluster, unordered. Pure. */
export function describeCluster(view: View, unanswered: readonly string[], now: Date): readonly Finding[] {
  const said = mergeSaid(CHECKS.flatMap((check) => check(view)));
  const whole = said.some(({ score }) => score >= 0.5) ? [] : describeHealth(view);
  const findings = [
    ...said,
    ...whole,
    ...[...unanswered, ...nothingThere(view)].map((message) => describeGap(message, view)),
  ].map(({ ageMs, ...rest }) => toFinding("kubernetes", { ...rest, at: new Date(now.getTime() - ageMs) }));
  return [...findings, ...findComplaints(view, now)];
}

/** A wrong namespace or label looks like this. */
function nothingThere({ cluster: { pods, workloads } }: View): readonly string[] {
  const isEmpty = pods.length === 0 && workloads.length === 0;
  return isEmpty ? ["no pod and no workload is there: check namespace and selector under kubernetes of the service"] : [];
}

/** How long everything has to be ready again to count as recovered. */
const RECOVERED_MS = 10 * 60_000;

/** Said only when every pod is well and every workload has all it asks for. */
function describeHealth({ cluster }: View): readonly Said[] {
  const { pods, workloads, nodes, namespace } = cluster;
  const isHealthy =
    pods.length > 0 &&
    pods.every((pod) => isWell(pod) || isSettled(pod, RECOVERED_MS)) &&
    workloads.every(({ ready, desired }) => ready >= desired) &&
    (nodes ?? []).every(({ ready }) => ready);
  if (!isHealthy) return [];
  const last = Math.min(...pods.map(({ restartedAgoMs }) => restartedAgoMs ?? Number.POSITIVE_INFINITY));
  const restarted = Number.isFinite(last) ? `the last restart was ${duration(last)} ago` : "none restarted";
  const message = `${pods.length} pods run and are ready, ${restarted}; ${workloads.length} workloads have all their replicas`;
  return [{ kind: "state", of: "cluster", reason: "Healthy", object: `namespace/${namespace}`, message, ageMs: 0, score: 0.4 }];
}

function describeGap(message: string, { cluster }: View): Said {
  return {
    kind: "state",
    of: "cluster",
    reason: "NotSeen",
    object: `namespace/${cluster.namespace}`,
    message,
    ageMs: 0,
    score: 0.05,
  };
}

const NOT_MEASURED: Metrics = { measurements: null, calls: [], unanswered: [] };

async function lookAtMetrics(
  { metrics }: Beside,
  { cluster }: Collected,
  when: Pick<Look, "onset" | "window" | "signal">,
): Promise<Metrics> {
  const nodes = [...(cluster.nodes ?? []).map(({ name }) => name), ...cluster.pods.flatMap(({ node }) => node ?? [])];
  if (metrics === undefined) return NOT_MEASURED;
  return metrics({
    ...when,
    namespace: cluster.namespace,
    appOf: createAppOf(cluster),
    appOfService: createAppOfService(cluster),
    nodes: [...new Set(nodes)],
  });
}

function describeUnanswered(unanswered: readonly string[]): string {
  const [first = ""] = unanswered;
  return unanswered.length === 1
    ? `The cluster was seen without some figures: ${first}`
    : `The cluster was seen without ${unanswered.length} kinds of figures: ${first}`;
}

/** Manifests are asked for where they matter: of what lacks pods or cannot resolve names, and of claims that wait. */
async function lookBeside(given: Beside, { cluster }: Collected, kubectl: Kubectl, metrics: Metrics): Promise<Seen> {
  const beside: Beside = { ...lookLive(kubectl), ...given };
  const apps = cluster.workloads
    .filter((workload) => given.manifests !== undefined || isShort(workload) || missesNames(workload, cluster))
    .map(({ name }) => name);
  const texts = await Promise.all(
    apps.slice(0, MOST_MANIFESTS).map(async (app) => [app, (await beside.manifests?.(app)) ?? null] as const),
  );
  const waits = (cluster.claims ?? []).some(({ bound }) => !bound);
  const claims = waits && given.manifests === undefined ? await readClaimManifests(kubectl) : null;
  return {
    manifests: new Map([...texts, ["", claims] as const].flatMap(([app, text]) => (text === null ? [] : [[app, text] as const]))),
    nodeServices: (await beside.nodeServices?.()) ?? null,
    connections: (await beside.connections?.()) ?? null,
    calls: metrics.calls.length > 0 ? metrics.calls : callsByAddress(cluster),
    measurements: metrics.measurements,
  };
}

const MOST_MANIFESTS = 100;

function isShort({ ready, desired }: Workload): boolean {
  return ready < desired;
}

/** Its DNS settings stand in its manifest alone. */
function missesNames({ name }: Workload, { logs }: Cluster): boolean {
  return logs.some(({ pod, lines }) => pod.startsWith(`${name}-`) && lines.some((line) => UNRESOLVED.test(line)));
}

/** Who is given whose address calls it, as far as anyone can tell. */
function callsByAddress({ workloads, namespace }: Cluster): readonly Call[] {
  const names = new Set(workloads.map(({ name }) => name));
  return readAddresses(workloads, namespace)
    .filter(({ host, namespace: other }) => other === null && names.has(host))
    .map(({ app, host }) => ({ from: app.slice("app/".length), to: host }));
}
