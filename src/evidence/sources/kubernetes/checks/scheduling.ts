/** Why pods were not placed on a node. @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/ */
import { requiredOf, suits, type Required } from "../affinity.js";
import type { ClusterEvent } from "../events.js";
import type { ClusterNode, PodDetail } from "../cluster.js";
import type { WorkloadManifest } from "../manifest.js";
import { isSubset, type Said, type View } from "../view.js";

/** What the scheduler said about some of the nodes: "3 Insufficient cpu". */
interface Rejection {
  readonly nodes: number;
  readonly why: string;
}

export function checkScheduling(view: View): readonly Said[] {
  return [...view.unwell.flatMap(({ detail, app }) => checkPod(detail, app, view)), ...checkSilence(view)];
}

function checkPod(pod: PodDetail, app: string, view: View): readonly Said[] {
  const event = pod.events.findLast(({ reason }) => reason === "FailedScheduling");
  if (event === undefined || pod.conditions.get("PodScheduled") === "True") return [];
  const rejections = readRejections(event.message);
  const say = (reason: string, score: number): Said => ({
    kind: "state",
    of: "pod",
    reason,
    object: app,
    message: describe(reason, pod, event),
    ageMs: event.ageMs,
    score,
  });
  const late = LATE_FILTERS.filter(([pattern]) => rejections.some(({ why }) => pattern.test(why))).map(([, reason]) => reason);
  if (late.length > 0) return late.map((reason) => say(reason, 0.95));
  const placement = decidePlacement({
    ...countRejections(rejections),
    pod,
    required: requiredBy(app, view),
    nodes: view.cluster.nodes ?? [],
  });
  return placement === null ? [] : [say(placement.reason, placement.score)];
}

/** What the pod's manifest demands of nodes; null: no manifest was seen, or it demands nothing. */
function requiredBy(app: string, { manifests }: View): Required | null {
  const manifest = manifests.find(
    (each): each is WorkloadManifest => "spec" in each && "template" in each.spec && `app/${each.metadata.name}` === app,
  );
  return manifest === undefined ? null : requiredOf(manifest.spec.template.spec.affinity?.nodeAffinity);
}

/** The scheduler asks these after taints, cordons and node labels: a node that fails here passed all of those. */
const LATE_FILTERS: readonly (readonly [RegExp, string])[] = [
  [/Insufficient cpu/i, "InsufficientCpu"],
  [/Insufficient memory/i, "InsufficientMemory"],
  [/Insufficient (?!cpu|memory)|Too many pods/i, "InsufficientOther"],
  [/anti-affinity rules/i, "AntiAffinity"],
  [/pod affinity rules|topology spread/i, "PodAffinity"],
  [/free ports/i, "HostPortTaken"],
  [/unbound immediate PersistentVolumeClaims|volume node affinity conflict/i, "UnboundClaim"],
  [/persistentvolumeclaim .* not found/i, "ClaimMissing"],
];

const BY_NODE_LABELS = /node affinity\/selector|node selector|node affinity/i;
/** `had untolerated taint {key: value}`, before 1.25 `had taint {key: value}, that the pod didn't tolerate`; newer ones leave out the key. */
const TAINT = /(?:untolerated|had) taint(?:s|\(s\))?(?: \{([^:}]+))?/i;

/** Taints that Kubernetes puts on nodes in trouble: then the node is the problem, not the toleration. */
const AUTOMATIC_TAINT = /^node\.kubernetes\.io\//;
/** Taints that control planes have for good: they reject everybody's pods and say nothing. */
const USUAL_TAINT = /^node-role\.kubernetes\.io\//;

/** How many nodes were rejected for which reason. */
interface Counts {
  readonly total: number;
  readonly byLabels: number;
  readonly tainted: number; // by taints that people put there, or that are not named
  readonly troubled: number; // by taints that Kubernetes put there
  readonly cordoned: number;
}
interface Placed extends Counts {
  readonly pod: PodDetail;
  readonly required: Required | null;
  readonly nodes: readonly ClusterNode[];
}
interface Placement {
  readonly reason: string;
  readonly score: number;
}

/** What is known for sure, and what only the scheduler's count speaks for. */
const SURE = 0.95;
const LIKELY = 0.7;

function countRejections(rejections: readonly Rejection[]): Counts {
  const count = (test: (why: string) => boolean): number =>
    rejections.filter(({ why }) => test(why)).reduce((sum, { nodes }) => sum + nodes, 0);
  const taintOf = (why: string): string | null => (TAINT.test(why) ? (TAINT.exec(why)?.[1] ?? "") : null);
  const isUsual = (taint: string): boolean => AUTOMATIC_TAINT.test(taint) || USUAL_TAINT.test(taint);
  return {
    total: count(() => true),
    byLabels: count((why) => BY_NODE_LABELS.test(why)),
    tainted: count((why) => taintOf(why) !== null && !isUsual(taintOf(why) ?? "")),
    troubled: count((why) => AUTOMATIC_TAINT.test(taintOf(why) ?? "")),
    cordoned: count((why) => /unschedulable/i.test(why)),
  };
}

/**
 * Cordon, taint or node labels: all three can stand in one message, because each node is rejected for its own reason.
 * What counts is why the nodes that the pod asks for reject it; a cordoned control plane is usual and rejects nobody.
 */
function decidePlacement(placed: Placed): Placement | null {
  const { pod, required, nodes, byLabels, tainted, troubled, cordoned, total } = placed;
  const isKnown = nodes.length > 0 && nodes.every(({ labels }) => labels.size > 0);
  if (byLabels > 0 && isKnown && (pod.nodeSelector.size > 0 || required !== null)) return decideByDemand(pod, required, nodes);
  if (byLabels === 0 && tainted > 0) return { reason: "UntoleratedTaint", score: SURE };
  if (tainted > byLabels || (tainted > 0 && isTaintedWhereAsked(placed))) return { reason: "UntoleratedTaint", score: LIKELY };
  const usual = isKnown ? nodes.filter((node) => node.isControlPlane && !node.schedulable).length : 1;
  if (cordoned > usual && cordoned >= byLabels)
    return { reason: "NodesCordoned", score: isKnown || cordoned === total ? SURE : LIKELY };
  if (troubled > 0 || byLabels === 0) return null;
  const reason = pod.nodeSelector.size > 0 ? "NodeSelectorUnmatched" : "NodeAffinityUnmatched";
  return { reason, score: isKnown && tainted === 0 && cordoned <= usual ? SURE : LIKELY };
}

/** Of the nodes that were seen, one that the selector asks for has a taint of people's own. */
function isTaintedWhereAsked({ pod, nodes }: Placed): boolean {
  return nodes.some(
    ({ labels, taints }) =>
      pod.nodeSelector.size > 0 &&
      labels.size > 0 &&
      isSubset(pod.nodeSelector, labels) &&
      taints.some((taint) => !AUTOMATIC_TAINT.test(taint) && !USUAL_TAINT.test(taint)),
  );
}

/** The nodes that the pod asks for, by its selector and its affinity rules, and why those reject it. */
function decideByDemand(pod: PodDetail, required: Required | null, nodes: readonly ClusterNode[]): Placement | null {
  const workers = nodes.filter(({ isControlPlane, schedulable }) => schedulable || !isControlPlane);
  const selected = workers.filter(({ labels }) => isSubset(pod.nodeSelector, labels));
  if (selected.length === 0) return { reason: "NodeSelectorUnmatched", score: SURE };
  const asked = selected.filter((node) => required === null || suits(node, required));
  if (asked.length === 0) return { reason: "NodeAffinityUnmatched", score: SURE };
  if (asked.some(({ ready }) => !ready)) return null;
  if (asked.some(({ taints }) => taints.some((taint) => !AUTOMATIC_TAINT.test(taint))))
    return { reason: "UntoleratedTaint", score: SURE };
  return { reason: asked.some(({ schedulable }) => !schedulable) ? "NodesCordoned" : "NodeAffinityUnmatched", score: SURE };
}

/** `0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. preemption: …` */
export function readRejections(message: string): readonly Rejection[] {
  const said = /nodes are available: (.*?)(?:\. preemption:|\.?$)/s.exec(message)?.[1] ?? message;
  return said.split(/, (?=\d+ )/).map((part) => {
    const found = /^(\d+) (.*)$/s.exec(part);
    return { nodes: Number(found?.[1] ?? 0), why: found?.[2] ?? part };
  });
}

function describe(reason: string, pod: PodDetail, { message }: ClusterEvent): string {
  const [said = ""] = message.split(" preemption:");
  const selector = [...pod.nodeSelector].map(([key, value]) => `${key}=${value}`).join(",");
  return reason.startsWith("NodeSelector") ? `asks for nodes with ${selector}: ${said}` : said;
}

/** A pod that waits without a node and without a word from the scheduler. */
const SILENCE_MS = 20_000;

function checkSilence({ cluster, unwell }: View): readonly Said[] {
  const unseen = unwell.filter(
    ({ pod, detail }) =>
      pod.status === "Pending" &&
      pod.node === null &&
      pod.ageMs >= SILENCE_MS &&
      detail.events.length === 0 &&
      !detail.conditions.has("PodScheduled"),
  );
  const [first] = unseen;
  if (first === undefined) return [];
  const home = cluster.nodes?.find(({ isControlPlane }) => isControlPlane)?.name;
  const object = home === undefined ? "cluster/control-plane" : `node/${home}`;
  const names = unseen.map(({ pod }) => pod.name).join(", ");
  return [
    {
      kind: "state",
      of: "scheduler",
      reason: "Silent",
      object,
      message: `no scheduler has looked at ${names}`,
      ageMs: first.pod.ageMs,
      score: 0.9,
    },
  ];
}
