/** What a pod's status still says when its events are gone: they are kept for an hour, its conditions for as long as they hold. Pure. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { toValue } from "./manifest.js";
import type { ClusterEvent } from "./events.js";

const Condition = z.object({ type: z.string(), status: z.string(), message: z.string().catch("") });
const Waiting = z.object({ reason: z.string().catch(""), message: z.string().catch("") });
const ContainerStatus = z.object({ image: z.string().catch(""), state: z.object({ waiting: Waiting.nullish() }).catch({}) });
const Pod = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({
    conditions: z.array(Condition).catch([]),
    initContainerStatuses: z.array(ContainerStatus).catch([]),
    containerStatuses: z.array(ContainerStatus).catch([]),
  }),
});

/** As the events that said it first: why it has no node, and why a container waits. @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
export function readPodStatus(yaml: string): readonly ClusterEvent[] {
  const document = parseDocument(yaml, { logLevel: "silent" });
  const parsed = Pod.safeParse(document.errors.length === 0 ? toValue(document) : null);
  if (!parsed.success) return [];
  const { metadata, status } = parsed.data;
  const say = (reason: string, message: string): ClusterEvent => ({
    type: "Warning",
    reason,
    object: `pod/${metadata.name}`,
    message,
    ageMs: 0,
    count: 1,
  });
  const unplaced = status.conditions.filter(
    (each) => each.type === "PodScheduled" && each.status === "False" && each.message !== "",
  );
  const waiting = [...status.initContainerStatuses, ...status.containerStatuses].flatMap(({ image, state }) => {
    const message = state.waiting?.message ?? "";
    return message === "" ? [] : [say("Failed", asFirstSaid(message, image, state.waiting?.reason ?? ""))];
  });
  return [...unplaced.map(({ message }) => say("FailedScheduling", message)), ...waiting];
}

/** A failed pull is told without the words of its event; a back-off of kubelets since 1.31 repeats the error at its end. */
function asFirstSaid(message: string, image: string, reason: string): string {
  if (!/^(?:ErrImagePull|ImagePullBackOff)$/.test(reason)) return message;
  const error = message.startsWith("Back-off pulling image") ? /ErrImagePull: ([\s\S]*)$/.exec(message)?.[1] : message;
  return error === undefined ? message : `Failed to pull image "${image}": ${error}`;
}
