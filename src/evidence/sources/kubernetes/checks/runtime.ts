/** Containers that started and do not keep running, and workloads with nothing to run. */
import type { Container, PodDetail, Port } from "../cluster.js";
import { containersOf, isSubset, type Described, type Said, type View } from "../view.js";

export function checkRuntime(view: View): readonly Said[] {
  return [
    ...view.unwell.flatMap((each) => checkContainers(each, view)),
    ...view.settled.flatMap(({ detail, app }) => tellPast(detail, app)),
    ...checkScale(view),
    ...checkSharedPorts(view),
  ];
}

/** Runs for so long since its last end that it may have got over it. */
const RUNS_SINCE_MS = 10 * 60_000;

function checkContainers({ detail: pod, app, isReady, restartedAgoMs }: Described, { logsByApp }: View): readonly Said[] {
  const isOver = isReady && (restartedAgoMs ?? 0) >= RUNS_SINCE_MS;
  return [...pod.initContainers, ...pod.containers].flatMap((container) => {
    const ended = [container.last, container.state].find((state) => state?.phase === "terminated") ?? null;
    if (ended?.reason === "OOMKilled") return [say(app, "OutOfMemory", describeMemory(container), 0.95)];
    const isKilled = pod.events.some(({ reason, message }) => reason === "Killing" && /failed \w+ probe/.test(message));
    if (ended === null || isKilled || ended.exitCode === 0 || container.restarts === 0) return [];
    if (isKilledOutright(container, ended.exitCode)) return [say(app, "OutOfMemory", describeMemory(container), 0.6)];
    const ending = describeEnd(container, ended.exitCode, logsByApp.get(app) ?? []);
    const crash = say(app, "Crashing", ending, isOver ? 0.4 : 0.6);
    const denial = logsByApp.get(app)?.findLast((line) => FILE_DENIED.test(line));
    if (denial === undefined) return [crash];
    return [crash, { ...say(app, "PermissionDenied", denial.slice(-150), pod.claims.length > 0 ? 0.9 : 0.8), of: "volume" }];
  });
}

/** A remark for people: it ended long ago and runs well since. */
function tellPast({ containers }: PodDetail, app: string): readonly Said[] {
  return containers.flatMap(({ name, restarts, last }) =>
    restarts === 0
      ? []
      : [
          say(
            app,
            "EndedBefore",
            `${name} ended ${restarts} times, ${last?.reason || "for no told reason"}, and runs well for hours`,
            0.2,
          ),
        ],
  );
}

/** What a program says when it may not use a file; a refused login is something else. */
const DENIED = "(?:permission denied|EACCES|EPERM|operation not permitted|read-only file system)";
const FILE =
  "(?:open|creat|writ|read|mkdir|chown|chmod|access|mount|load|lock|unlink|touch|rename|director|(?:^|[\\s'\"(=:])/[\\w.-]+/?)";
const FILE_DENIED = new RegExp(`${FILE}[^\\n]{0,160}${DENIED}|${DENIED}[^\\n]{0,80}${FILE}|AccessDeniedException: /`, "i");

/** SIGKILL that no probe sent, in a container with a limit: most likely for memory, though the runtime did not see it. */
function isKilledOutright({ limits }: Container, exitCode: number | null): boolean {
  return exitCode === 137 && limits.has("memory");
}

function describeMemory({ name, limits, restarts, state, last }: Container): string {
  const how = last?.reason === "OOMKilled" || state?.reason === "OOMKilled" ? "OOMKilled" : "exit code 137";
  const now = state?.phase === "waiting" ? `, now ${state.reason}` : "";
  return `${name} was killed (${how}) at its memory limit of ${limits.get("memory") ?? "unknown size"}, ${restarts} restarts${now}`;
}

/** With its last words: why it ended usually stands there, whatever their level. */
function describeEnd({ name, restarts, state }: Container, exitCode: number | null, log: readonly string[]): string {
  const now = state?.phase === "waiting" ? `, now ${state.reason}` : "";
  const last = log.at(-1)?.trim() ?? "";
  return `${name} ended with exit code ${exitCode ?? "?"}, ${restarts} restarts${now}${last === "" ? "" : `; its last words: ${last.slice(0, 110)}`}`;
}

function say(object: string, reason: string, message: string, score: number): Said {
  return { kind: "state", of: "container", reason, object, message, ageMs: 0, score };
}

const SCALED = /^(?:ScalingReplicaSet|SuccessfulDelete)$/;

/** Nothing runs by order; a workload that no service leads to may rest. */
function checkScale({ cluster }: View): readonly Said[] {
  return cluster.workloads
    .filter(({ kind, desired }) => desired === 0 && kind !== "daemonset")
    .map(({ name, labels, kind, events }) => {
      const isServed = (cluster.services ?? []).some(({ selector }) => selector.size > 0 && isSubset(selector, labels));
      return {
        ...say(`app/${name}`, "ScaledToZero", `${kind} ${name} asks for 0 replicas`, isServed ? 0.95 : 0.4),
        of: "workload",
        ageMs: events.findLast(({ reason }) => SCALED.test(reason))?.ageMs ?? 0, // it holds now, whenever it was made
      };
    });
}

/** Containers of one pod share its network: two on the same port cannot both listen. */
function checkSharedPorts(view: View): readonly Said[] {
  return view.cluster.workloads.flatMap(({ name }) => {
    const app = `app/${name}`;
    const containers = containersOf(view, app);
    const isTaken = containers.length > 1 && (view.logsByApp.get(app) ?? []).some((line) => ADDRESS_TAKEN.test(line));
    const [shared] = containers.flatMap((one, index) =>
      containers
        .slice(index + 1)
        .flatMap((other) => (sharePort(one, other) ? [`${one.name} and ${other.name} use the same port`] : [])),
    );
    if (shared === undefined && !isTaken) return [];
    return [say(app, "PortConflict", shared ?? "the log says that the address is already in use", isTaken ? 0.95 : 0.85)];
  });
}

const ADDRESS_TAKEN = /address already in use|EADDRINUSE|port \d+ (?:is|was) already in use|failed to bind/i;

function sharePort(one: Container, other: Container): boolean {
  return one.ports.some((port) => wants(other, port)) || other.ports.some((port) => wants(one, port));
}

/** By its declared ports, or by a number in its command: `--listen=:8080`. */
function wants({ ports, command }: Container, { number, protocol }: Port): boolean {
  const isDeclared = ports.some((port) => port.number === number && port.protocol === protocol);
  return isDeclared || command.some((word) => new RegExp(`(?<!\\d)${number}(?!\\d)`).test(word));
}
