/** Containers that were placed on a node and could not be started. */
import type { ClusterEvent } from "../events.js";
import type { Said, View } from "../view.js";

/** [what an event says, of, reason]; the first that fits decides. */
const SAYINGS: readonly (readonly [RegExp, string, string])[] = [
  [/OOM-killed|memory limit too low|cannot allocate memory/i, "container", "OutOfMemory"],
  [/secret "[^"]*" not found|references non-existent secret key|couldn't find key \S+ in Secret/i, "container", "SecretMissing"],
  [
    /configmap "[^"]*" not found|references non-existent config key|couldn't find key \S+ in ConfigMap/i,
    "container",
    "ConfigMapMissing",
  ],
  [
    /mount\S* (?:failed|denied)[\s\S]*(?:permission|access) denied|(?:permission|access) denied[\s\S]*mount/i,
    "volume",
    "PermissionDenied",
  ],
  [/Multi-Attach error|already (?:exclusively )?attached/i, "volume", "AttachedElsewhere"],
  [/executable file not found|no such file or directory: unknown|exec format error/i, "container", "CommandNotFound"],
  [/address already in use/i, "container", "PortTaken"],
];
const REASONS = new Set([
  "Failed",
  "FailedMount",
  "FailedAttachVolume",
  "FailedCreatePodSandBox",
  "CreateContainerConfigError",
  "BackOff",
]);
const RUNTIME_GONE =
  /(?:containerd|crio|cri-dockerd|docker)\S*\.sock|container runtime is (?:down|not running)|runtime service failed/i;
const NETWORK_PLUGIN = /network plugin|cni (?:plugin|config)|failed to (?:setup|set up) network for sandbox/i;

export function checkStartup({ unwell }: View): readonly Said[] {
  return unwell
    .filter(({ isReady }) => !isReady)
    .flatMap(({ pod, detail, app }) => {
      const waiting = [...detail.initContainers, ...detail.containers].flatMap(({ state }) =>
        state?.phase === "waiting" && state.message !== "" ? [asEvent(state.reason, state.message)] : [],
      );
      return [...detail.events, ...waiting]
        .filter(({ reason, message }) => REASONS.has(reason) && !message.startsWith("Failed to pull image"))
        .flatMap((event) => judge(event, app, pod.node));
    });
}

function judge({ message, ageMs }: ClusterEvent, app: string, node: string | null): readonly Said[] {
  const say = (of: string, reason: string, object: string): Said => ({
    kind: "state",
    of,
    reason,
    object,
    message: message.slice(0, 180),
    ageMs,
    score: 0.95,
  });
  if (node !== null && RUNTIME_GONE.test(message)) return [say("node", "RuntimeUnreachable", `node/${node}`)];
  if (node !== null && NETWORK_PLUGIN.test(message)) return [say("node", "NetworkPluginFailing", `node/${node}`)];
  const found = SAYINGS.find(([pattern]) => pattern.test(message));
  return found === undefined ? [] : [say(found[1], found[2], app)];
}

function asEvent(reason: string, message: string): ClusterEvent {
  return { type: "Warning", reason: REASONS.has(reason) ? reason : "Failed", object: "", message, ageMs: 0, count: 1 };
}
