/** Warnings of the namespace about what nobody described: jobs, autoscalers, pods that are gone. Remarks, in Kubernetes' own words. */
import { HISTORY_MS } from "../pod-health.js";
import type { ClusterEvent } from "../events.js";
import type { Said, View } from "../view.js";

/** Kinds that are described with their own events. */
const DESCRIBED = /^(?:deployment|statefulset|daemonset|service|node|persistentvolumeclaim)\//;
const NAMED = /^([a-z-]{1,60})\/([a-z0-9.-]{1,253})$/;
const REASON = /^[A-Za-z0-9]{1,60}$/;
const MOST = 6;
/** Below what counts as trouble: many warnings heal by themselves. */
const SCORE = 0.25;

/** The youngest warnings of the last hour. */
export function checkEvents(view: View): readonly Said[] {
  return view.cluster.events
    .filter((event) => event.type === "Warning" && event.ageMs <= HISTORY_MS && !isDescribed(event, view))
    .toSorted((a, b) => a.ageMs - b.ageMs)
    .flatMap((event) => say(event, view))
    .slice(0, MOST);
}

function isDescribed({ object }: ClusterEvent, { cluster }: View): boolean {
  return DESCRIBED.test(object) || cluster.details.has(object.slice("pod/".length));
}

function say({ object, reason, message, ageMs, count }: ClusterEvent, { cluster, appOf }: View): readonly Said[] {
  const [, kind, name] = NAMED.exec(object) ?? [];
  if (kind === undefined || name === undefined || !REASON.test(reason)) return [];
  const isApp = cluster.workloads.some((workload) => workload.name === name);
  const blamed = kind === "pod" ? appOf(name) : isApp ? `app/${name}` : `namespace/${cluster.namespace}`;
  const often = count > 1 ? ` (${count} times)` : "";
  return [{ kind: "event", of: kind, reason, object: blamed, message: `${name}${often}: ${message}`, ageMs, score: SCORE }];
}
