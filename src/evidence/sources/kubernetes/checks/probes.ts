/** Probes that fail because of how they are written, not because of what they look at. */
import type { Container, PodDetail, Probe } from "../cluster.js";
import type { ClusterEvent } from "../events.js";
import type { Said, View } from "../view.js";

export function checkProbes({ unwell }: View): readonly Said[] {
  return unwell.flatMap(({ detail, app }) =>
    detail.containers.flatMap((container) => container.probes.flatMap((probe) => checkProbe(probe, container, detail, app))),
  );
}

function checkProbe(probe: Probe, container: Container, pod: PodDetail, app: string): readonly Said[] {
  const failure = pod.events.findLast((event) => isFailureOf(event, probe) && !isOfOther(event, probe, container, pod));
  if (failure === undefined || isOver(failure, probe, container)) return [];
  const reason = decideWhy(probe, container, pod, failure);
  return [
    {
      kind: "state",
      of: `${probe.kind}-probe`,
      reason,
      object: app,
      message: describe(reason, probe, container, failure),
      ageMs: failure.ageMs,
      score: scoreOf(reason, probe),
    },
  ];
}

function scoreOf(reason: string, probe: Probe): number {
  if (reason === "Failing") return 0.4;
  return reason === "Impatient" && !isImpatient(probe) ? 0.75 : 0.95;
}

function isFailureOf({ reason, message }: ClusterEvent, { kind }: Probe): boolean {
  return reason === "Unhealthy" && message.toLowerCase().startsWith(`${kind} probe`);
}

/** Events do not name the container: the port that was asked does, where several have a probe of this kind. */
function isOfOther({ message }: ClusterEvent, probe: Probe, container: Container, { containers }: PodDetail): boolean {
  const asked = ASKED_PORT.exec(message)?.[1];
  const own = numberOf(probe.port, container);
  if (asked === undefined || asked === own) return false;
  return containers.some(
    (other) =>
      other !== container && other.probes.some(({ kind, port }) => kind === probe.kind && numberOf(port, other) === asked),
  );
}

/** `dial tcp 10.1.0.7:8080:`, `Get "http://10.1.0.7:8080/health"`, `service "10.1.0.7:8080"` */
const ASKED_PORT = /(?:\d{1,3}\.){3}\d{1,3}:(\d{1,5})\b/;

function numberOf(port: string | null, { ports }: Container): string {
  return String(ports.find(({ name }) => name === port)?.number ?? port);
}

/** What is ready now has answered since; a liveness probe may go on failing beside it for a few turns. */
function isOver({ ageMs }: ClusterEvent, { kind, periodS, failures }: Probe, { ready }: Container): boolean {
  const turnsMs = (periodS || 10) * (failures || 3) * 1_000;
  return ready === true && ageMs > (kind === "readiness" ? turnsMs : 10 * turnsMs);
}

function decideWhy(probe: Probe, container: Container, pod: PodDetail, { message }: ClusterEvent): string {
  const isAsked = container.ports.some(
    ({ number, name }) => probe.port === String(number) || (name !== null && probe.port === name),
  );
  if (probe.port !== null && container.ports.length > 0 && !isAsked) return "PortUnserved";
  if (OTHER_PROTOCOL.test(message) || isAlone(probe, container, pod, message)) return "ProtocolDiffers";
  if (!wasKilled(pod) || probe.kind !== "liveness") return "Failing";
  return isImpatient(probe) || (container.ready !== true && patienceOf(probe) < SLOW_START_S) ? "Impatient" : "Failing";
}

/** What a client says that was answered in another protocol than its own. */
const OTHER_PROTOCOL =
  /malformed HTTP|HTTP\/1\.x transport connection broken|HTTP response to HTTPS|first record does not look like a TLS|server preface|frame too large|does not implement the grpc health|http2: |unexpected content-type|code = Unimplemented/i;

/** Another probe asks the same port in another protocol and is content. */
function isAlone(probe: Probe, container: Container, pod: PodDetail, message: string): boolean {
  return container.probes.some(
    (other) =>
      other.kind !== probe.kind &&
      other.protocol !== probe.protocol &&
      other.protocol !== "exec" &&
      isSpoken(probe) &&
      (isSpoken(other) || !SILENT.test(message) || isGrpcUnanswered(probe, message)) &&
      numberOf(other.port, container) === numberOf(probe.port, container) &&
      !pod.events.some((event) => isFailureOf(event, other)),
  );
}

function isSpoken({ protocol }: Probe): boolean {
  return protocol !== "tcp" && protocol !== "exec";
}

/** A gRPC client waits for the other side's settings: a port that is open and never sends them does not speak gRPC. */
function isGrpcUnanswered({ protocol }: Probe, message: string): boolean {
  return protocol === "grpc" && /failed to connect service .* within/i.test(message);
}

/** Nobody answered, or somebody answered in the probe's own protocol: then an open port proves nothing about it. */
const SILENT = /statuscode|refused|no route|Client\.Timeout|context deadline/i;

/** Time a starting program gets before it is killed; less than this is not enough for most, and for some not this either. */
const PATIENCE_S = 15;
const SLOW_START_S = 60;

function patienceOf({ delayS, periodS, failures }: Probe): number {
  return delayS + periodS * failures;
}

function isImpatient(probe: Probe): boolean {
  return patienceOf(probe) < PATIENCE_S;
}

function wasKilled({ events }: PodDetail): boolean {
  return events.some(({ reason, message }) => reason === "Killing" && message.includes("liveness"));
}

function describe(reason: string, probe: Probe, { name, ports }: Container, { message }: ClusterEvent): string {
  const served = ports.map(({ number }) => number).join(", ");
  if (reason === "PortUnserved") return `the ${probe.kind} probe of ${name} asks port ${probe.port ?? "?"}; it serves ${served}`;
  if (reason === "Impatient") {
    return `${name} is killed after ${patienceOf(probe)} s without an answer (delay ${probe.delayS} s, ${probe.failures} × ${probe.periodS} s)`;
  }
  return message.slice(0, 160);
}
