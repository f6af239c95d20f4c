/** Less was seen than was recorded: tools that a live cluster does not have, questions that were refused, logs that are gone. */
import type { Recording } from "../recording.js";
import { mapKubectl, mapLogs, type Disturbance, type Random } from "./edit.js";

/** Without the list of pods nothing is looked at, and the source says so: that one stays. */
function refuse(share: number): Disturbance["disturb"] {
  return (recording, random) =>
    mapKubectl(recording, (output, command) =>
      /^kubectl get pods -n \S+ -o wide$/.test(command) || random() >= share ? output : null,
    );
}

const LOST = /^(?:CheckNodeServiceStatus|CheckServiceConnectivity|GetServiceDependencies)/;

function withoutProbes(recording: Recording): Recording {
  return { ...recording, probes: Object.fromEntries(Object.entries(recording.probes).filter(([name]) => !LOST.test(name))) };
}

function withoutTools(recording: Recording): Recording {
  return { ...recording, probes: {} };
}

function withoutLogs(recording: Recording): Recording {
  return { ...recording, logs: {}, error_logs: {} };
}

function withoutMeasurements(recording: Recording): Recording {
  return { ...recording, alerts: {}, metrics_csv: null };
}

/** Only the tail of what an app said; kinds of errors were kept apart and are gone too. */
function withShortLogs(recording: Recording): Recording {
  return { ...mapLogs(recording, (lines) => lines.slice(-20)), error_logs: {} };
}

function withoutSomeLogs(recording: Recording, random: Random): Recording {
  const gone = new Set(Object.keys(recording.logs).filter(() => random() < 0.5));
  const keep = <T>(kept: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(kept).filter(([app]) => !gone.has(app)));
  return { ...recording, logs: keep(recording.logs), error_logs: keep(recording.error_logs) };
}

const EVENTS = /^( *)Events:[^\n]*\n(?:\1[ ]+\S[^\n]*\n?)*/gm;

/** Events are kept for an hour by default. */
function withoutEvents(recording: Recording): Recording {
  return mapKubectl(recording, (output, command) =>
    command.startsWith("kubectl get events") ? "" : output.replace(EVENTS, "$1Events:  <none>\n"),
  );
}

/** A namespace's own account sees no nodes, volumes, classes or quotas. */
function withoutClusterRights(recording: Recording): Recording {
  return mapKubectl(recording, (output, command) =>
    /^kubectl (?:get|describe) (?:nodes|persistentvolumes|storageclasses|resourcequota)/.test(command) ? null : output,
  );
}

export const ABSENT: readonly Disturbance[] = [
  { name: "10 % of kubectl refused", disturb: refuse(0.1) },
  { name: "30 % of kubectl refused", disturb: refuse(0.3) },
  { name: "60 % of kubectl refused", disturb: refuse(0.6) },
  { name: "no connection, node or dependency tools", disturb: withoutProbes },
  { name: "no tools beside kubectl at all", disturb: withoutTools },
  { name: "no measurements and alerts", disturb: withoutMeasurements },
  { name: "no logs", disturb: withoutLogs },
  { name: "logs of half of the apps", disturb: withoutSomeLogs },
  { name: "the last 20 lines of logs alone", disturb: withShortLogs },
  { name: "events aged out", disturb: withoutEvents },
  { name: "no rights outside the namespace", disturb: withoutClusterRights },
  { name: "kubectl alone, no measurements", disturb: (recording) => withoutMeasurements(withoutTools(recording)) },
];
