/** Containers that started and do not keep running, and workloads with nothing to run. */
import type { Container, PodDetail } from "../cluster.js";
import { containersOf, type Said, type View } from "../view.js";

export function checkRuntime(view: View): readonly Said[] {
  return [...view.unwell.flatMap(({ detail, app }) => checkContainers(detail, app)), ...checkScale(view), ...checkSharedPorts(view)];
}

function checkContainers(pod: PodDetail, app: string): readonly Said[] {
  return [...pod.initContainers, ...pod.containers].flatMap((container) => {
    const ended = [container.last, container.state].find((state) => state?.phase === "terminated") ?? null;
    if (ended?.reason === "OOMKilled") return [say(app, "OutOfMemory", describeMemory(container), 0.95)];
    const isKilled = pod.events.some(({ reason, message }) => reason === "Killing" && /failed \w+ probe/.test(message));
    if (ended === null || isKilled || ended.exitCode === 0 || container.restarts === 0) return [];
    return [say(app, "Crashing", `${container.name} ended with exit code ${ended.exitCode ?? "?"}, ${container.restarts} restarts`, 0.6)];
  });
}

function describeMemory({ name, limits }: Container): string {
  return `${name} was killed at its memory limit of ${limits.get("memory") ?? "unknown size"}`;
}

function say(object: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of: "container", reason, object, message, ageMs: 0, score };
}

/** Nothing runs by order; a workload that no service leads to may rest. */
function checkScale({ cluster }: View): readonly Said[] {
  return cluster.workloads
    .filter(({ kind, desired }) => desired === 0 && kind !== "daemonset")
    .map(({ name, labels, kind, ageMs }) => {
      const isServed = (cluster.services ?? []).some(
        ({ selector }) => selector.size > 0 && [...selector].every(([key, value]) => labels.get(key) === value),
      );
      return {
        ...say(`app/${name}`, "ScaledToZero", `${kind} ${name} asks for 0 replicas`, isServed ? 0.95 : 0.4),
        of: "workload",
        ageMs,
      };
    });
}

/** Containers of one pod share its network: two on the same port cannot both listen. */
function checkSharedPorts(view: View): readonly Said[] {
  return view.cluster.workloads.flatMap(({ name }) => {
    const app = `app/${name}`;
    const containers = containersOf(view, app);
    const log = view.logsByApp.get(app) ?? [];
    const isTaken = containers.length > 1 && log.some((line) => /address already in use|EADDRINUSE|port \d+ (?:is|was) already in use/i.test(line));
    const shared = containers.flatMap(({ ports, name: one }, index) =>
      containers
        .slice(index + 1)
        .filter((other) => other.ports.some((port) => ports.some((each) => each.number === port.number && each.protocol === port.protocol)))
        .map((other) => `${one} and ${other.name} use the same port`),
    );
    if (shared.length === 0 && !isTaken) return [];
    return [say(app, "PortConflict", shared[0] ?? "the log says that the address is already in use", isTaken ? 0.95 : 0.85)];
  });
}
