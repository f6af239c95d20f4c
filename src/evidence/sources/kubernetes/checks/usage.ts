/** Memory: containers that use nearly all they may, and apps that need far more than before, while nothing is killed yet. */
import { bytes } from "../../../phrases.js";
import { parseQuantity } from "../quantity.js";
import type { Measured } from "../beside.js";
import type { Said, View } from "../view.js";

const NEAR = 0.9;

/** Times as much memory, and bytes more, from which on it has grown. */
const GROWN_FACTOR = 1.5;
const GROWN_BYTES = 64 * 2 ** 20;

export function checkUsage(view: View): readonly Said[] {
  return [...checkLimits(view), ...(view.seen.measurements ?? []).filter(hasGrown).map(describeGrowth)];
}

function hasGrown({ object, signal, before, now, moved }: Measured): boolean {
  const isMemory = object.startsWith("app/") && signal === "memory" && moved;
  return isMemory && now >= GROWN_FACTOR * before && now - before >= GROWN_BYTES;
}

function describeGrowth({ object, before, now }: Measured): Said {
  const message = `uses ${bytes(now)} in place of ${bytes(before)}`;
  return { kind: "state", of: "app", reason: "MemoryGrew", object, message, ageMs: 0, score: 0.5 };
}

function checkLimits({ cluster, appOf }: View): readonly Said[] {
  return cluster.usage.flatMap(({ pod, container, memory }) => {
    const app = appOf(pod);
    const workload = cluster.workloads.find(({ name }) => `app/${name}` === app);
    const limit = workload?.containers.find(({ name }) => name === container)?.limits.get("memory");
    const [used, most] = [parseQuantity(memory), limit === undefined ? null : parseQuantity(limit)];
    if (used === null || most === null || used < NEAR * most) return [];
    const message = `${container} uses ${memory} of its limit of ${limit ?? "?"}`;
    return [{ kind: "state" as const, of: "container", reason: "NearMemoryLimit", object: app, message, ageMs: 0, score: 0.5 }];
  });
}
