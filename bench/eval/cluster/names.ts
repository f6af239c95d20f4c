/** The names in a recording that say nothing about its fault: workloads, services, nodes, the namespace. */
import { parseTable } from "../../../src/evidence/sources/kubernetes/table.js";
import { createRenamer } from "../rename.js";
import type { Recording } from "./recording.js";

const KINDS = ["deployments", "statefulsets", "services", "nodes", "persistentvolumeclaims"];
/** Words with a meaning for Kubernetes, whatever bears them as a name. */
const MEANINGFUL = new Set(["master", "control-plane", "default", "kubernetes", "server", "app", "node", "service", "pod"]);

export interface Renamed {
  readonly recording: Recording;
  /** From the names of the answer to those of the truth. */
  readonly restore: (text: string) => string;
}

export function renameRecording(recording: Recording, seed: number | null): Renamed {
  const renamer = createRenamer(namesIn(recording), seed);
  return { recording: { ...renamer.json(recording), id: recording.id }, restore: (text) => renamer.restore(text) };
}

function namesIn({ kubectl, namespace }: Recording): readonly string[] {
  const tables = KINDS.flatMap((kind) => parseTable(kubectl[`kubectl get ${kind} -n ${namespace}`] ?? ""));
  const names = tables.map((row) => row["NAME"] ?? "").filter((name) => name !== "" && !MEANINGFUL.has(name));
  return [...new Set([...names, namespace])];
}
