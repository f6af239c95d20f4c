/** The same cluster, told by another version of Kubernetes or `kubectl`, or by another container runtime. */
import { parseTable } from "../../../../src/evidence/sources/kubernetes/table.js";
import type { Recording } from "../recording.js";
import { mapKubectl, mapTexts, type Disturbance } from "./edit.js";

const OTHER_NAMESPACE = "stage-eu-7";

function inOtherNamespace(recording: Recording): Recording {
  return mapTexts(recording, (text) => replaceWord(text, recording.namespace, OTHER_NAMESPACE));
}

function replaceWord(text: string, word: string, other: string): string {
  return text.replace(new RegExp(`(?<![A-Za-z])${word}(?![A-Za-z])`, "g"), other);
}

/** `kubectl describe` widens its column to the longest key: another object, another width. */
function withNarrowColumns(recording: Recording): Recording {
  return mapKubectl(recording, (output, command) =>
    command.startsWith("kubectl describe")
      ? output.replace(/^(\s*[A-Z][A-Za-z /-]*:) {2,}(?=\S)/gm, "$1  ")
      : output.replace(/ {4,}/g, (gap) => gap),
  );
}

function withWideTables(recording: Recording): Recording {
  return mapKubectl(recording, (output, command) => (command.startsWith("kubectl get") ? widen(output) : output));
}

/** Every column of a filled table six characters wider. */
function widen(table: string): string {
  const [header = ""] = table.split("\n");
  const starts = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ index }) => index).slice(1);
  return table
    .split("\n")
    .map((row) =>
      starts.toReversed().reduce((line, at) => (line.length > at ? `${line.slice(0, at)}      ${line.slice(at)}` : line), row),
    )
    .join("\n");
}

/** Before 1.22 the column RESTARTS held a number alone; ages of minutes were told in seconds up to two minutes. */
function withOldRestarts(recording: Recording): Recording {
  return mapKubectl(recording, (output) =>
    output.replace(/(\s\d+) \([\dmhds]+ ago\)/g, (whole, count: string) => count.padEnd(whole.length)),
  );
}

function withOtherAges(recording: Recording): Recording {
  return mapKubectl(recording, (output) =>
    output.replace(/(?<=\s)(\d{2,3})s(?= *\n| {2,}|$)/gm, (whole, seconds: string) => {
      const other = Number(seconds) >= 60 ? `${Math.floor(Number(seconds) / 60)}m${Number(seconds) % 60}s` : whole;
      return other.padEnd(whole.length);
    }),
  );
}

/** Words of schedulers before 1.21 to 1.25: without preemption, with other names for the same filters. */
function fromOldScheduler(recording: Recording): Recording {
  return mapTexts(recording, (text) =>
    text
      .replace(/\.? preemption: 0\/\d+ nodes are available[^\n"]*/g, ".")
      .replace(/(\d+) node\(s\) had untolerated taint \{([^}]*)\}/g, "$1 node(s) had taint {$2}, that the pod didn't tolerate")
      .replaceAll("node(s) didn't match Pod's node affinity/selector", "node(s) didn't match node selector")
      .replaceAll(
        "node(s) didn't match pod anti-affinity rules",
        "node(s) didn't match pod affinity/anti-affinity, 1 node(s) didn't satisfy existing pods anti-affinity rules",
      ),
  );
}

/** Newer ones no longer name the taint. */
function fromNewScheduler(recording: Recording): Recording {
  return mapTexts(recording, (text) =>
    text.replace(/node\(s\) had untolerated taint \{[^}]*\}/g, "node(s) had untolerated taint(s)"),
  );
}

/** What Docker said where containerd says it otherwise. */
function fromDocker(recording: Recording): Recording {
  return mapKubectl(recording, (output) =>
    output
      .replace(
        /failed to pull and unpack image "([^"]+)": failed to resolve reference "[^"]+": [^\s]+: not found/g,
        "Error response from daemon: manifest for $1 not found: manifest unknown: manifest unknown",
      )
      .replace(
        /code = (?:NotFound|Unknown|Unavailable|DeadlineExceeded|FailedPrecondition) desc = failed to pull and unpack image "[^"]+": failed to resolve reference "[^"]+": (?:failed to do request: Head "[^"]+": )?/g,
        "code = Unknown desc = Error response from daemon: ",
      )
      .replace(
        /pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed/g,
        "pull access denied for it, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      ),
  );
}

/** Between two attempts the kubelet shows the back-off in place of the error, and the other way round. */
function atOtherMoment(recording: Recording): Recording {
  return mapKubectl(recording, (output) =>
    output.replace(/ErrImagePull|ImagePullBackOff/g, (word) =>
      word === "ErrImagePull" ? "ImagePullBackOff" : "ErrImagePull    ",
    ),
  );
}

/** Ports are what people choose. System ports stay as they are. */
function onOtherPorts(recording: Recording): Recording {
  const services = recording.kubectl[`kubectl get services -n ${recording.namespace}`] ?? "";
  const told = parseTable(services).flatMap((row) =>
    [...(row["PORT(S)"] ?? "").matchAll(/(\d{4,5})(?=[:/])/g)].map(([, port = ""]) => port),
  );
  const texts = Object.entries(recording.kubectl).filter(([command]) =>
    /^kubectl describe (?:deployments|services)/.test(command),
  );
  const declared = texts.flatMap(([, output]) =>
    [...(output ?? "").matchAll(/\b(\d{4,5})\/(?:TCP|UDP)/g)].map(([, port = ""]) => port),
  );
  const ports = [...new Set([...told, ...declared])];
  if (ports.length === 0) return recording;
  const pattern = new RegExp(`(?<![\\w.-])(?:${ports.join("|")})(?![\\w.]\\w|[\\w-])`, "g");
  return mapTexts(recording, (text) =>
    text.replace(pattern, (port) => String(10_000 + ((Number(port) * 7) % 20_000)).padEnd(port.length)),
  );
}

export const FORMATS: readonly Disturbance[] = [
  { name: "other namespace", disturb: inOtherNamespace, restore: (text) => replaceWord(text, OTHER_NAMESPACE, "boutique") },
  { name: "narrow columns of describe", disturb: withNarrowColumns },
  { name: "wide tables", disturb: withWideTables },
  { name: "restarts without their time", disturb: withOldRestarts },
  { name: "ages in minutes and seconds", disturb: withOtherAges },
  { name: "messages of an older scheduler", disturb: fromOldScheduler },
  { name: "messages of a newer scheduler", disturb: fromNewScheduler },
  { name: "messages of Docker", disturb: fromDocker },
  { name: "image errors at another moment", disturb: atOtherMoment },
  { name: "other ports", disturb: onOtherPorts },
];
