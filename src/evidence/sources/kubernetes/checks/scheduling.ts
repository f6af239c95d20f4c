/** Why pods were not placed on a node. @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/ */
import type { ClusterEvent } from "../events.js";
import type { ClusterNode, PodDetail } from "../cluster.js";
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
  const placement = decidePlacement(rejections, pod, view.cluster.nodes ?? []);
  return placement === null ? [] : [say(placement, 0.95)];
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
const TAINT = /untolerated taint \{([^:}]+)/i;

/** Taints that Kubernetes puts on nodes in trouble: then the node is the problem, not the toleration. */
const AUTOMATIC_TAINT = /^node\.kubernetes\.io\//;

/**
 * Cordon, taint or node labels: all three can stand in one message, because each node is rejected for its own reason.
 * What counts is why the nodes that the pod asks for reject it; a cordoned control plane is usual and rejects nobody.
 */
function decidePlacement(rejections: readonly Rejection[], pod: PodDetail, nodes: readonly ClusterNode[]): string | null {
  const isByLabels = rejections.some(({ why }) => BY_NODE_LABELS.test(why));
  if (isByLabels && pod.nodeSelector.size > 0 && nodes.length > 0) return decideBySelector(pod, nodes);
  const taints = rejections.flatMap(({ why }) => TAINT.exec(why)?.[1] ?? []);
  if (taints.some((taint) => !AUTOMATIC_TAINT.test(taint))) return "UntoleratedTaint";
  const cordoned = rejections.filter(({ why }) => /unschedulable/i.test(why)).reduce((sum, each) => sum + each.nodes, 0);
  if (cordoned > nodes.filter((node) => node.isControlPlane && !node.schedulable).length) return "NodesCordoned";
  if (taints.length > 0) return null;
  return isByLabels ? (pod.nodeSelector.size > 0 ? "NodeSelectorUnmatched" : "NodeAffinityUnmatched") : null;
}

function decideBySelector(pod: PodDetail, nodes: readonly ClusterNode[]): string | null {
  const asked = nodes.filter(({ labels }) => isSubset(pod.nodeSelector, labels));
  if (asked.length === 0) return "NodeSelectorUnmatched";
  if (asked.some(({ ready }) => !ready)) return null;
  if (asked.some(({ taints }) => taints.some((taint) => !AUTOMATIC_TAINT.test(taint)))) return "UntoleratedTaint";
  return asked.some(({ schedulable }) => !schedulable) ? "NodesCordoned" : "NodeAffinityUnmatched";
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
