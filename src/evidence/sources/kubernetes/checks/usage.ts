/** Containers that use nearly all they may, before anything is killed. */
import { parseQuantity } from "../quantity.js";
import type { Said, View } from "../view.js";

const NEAR = 0.9;

export function checkUsage({ cluster, appOf }: View): readonly Said[] {
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
