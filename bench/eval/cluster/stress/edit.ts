/** Small edits of a recording, shared by the disturbances. Pure. */
import type { Recording } from "../recording.js";

export type Random = () => number;

/** One way in which another cluster, another version of `kubectl` or a worse day differs from what was recorded. */
export interface Disturbance {
  readonly name: string;
  readonly disturb: (recording: Recording, random: Random) => Recording;
  /** Names of the answer back to those of the truth. */
  readonly restore?: (text: string) => string;
}

export function mapKubectl(recording: Recording, change: (output: string, command: string) => string | null): Recording {
  const kubectl = Object.entries(recording.kubectl).map(
    ([command, output]) => [command, output === null ? null : change(output, command)] as const,
  );
  return { ...recording, kubectl: Object.fromEntries(kubectl) };
}

/** Everything that was recorded, keys and values alike. */
export function mapTexts(recording: Recording, change: (text: string) => string): Recording {
  const mapAll = (value: unknown): unknown => {
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return value.map(mapAll);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapAll(item)]));
  };
  return { ...(mapAll(recording) as Recording), id: recording.id };
}

export function mapLogs(recording: Recording, change: (lines: readonly string[]) => readonly string[]): Recording {
  const logs = Object.entries(recording.logs).map(([app, kept]): readonly [string, string[]] => [
    app,
    [...change(typeof kept === "string" ? kept.split("\n") : kept)],
  ]);
  return { ...recording, logs: Object.fromEntries(logs) };
}

/** `kubectl describe deployments x -n ns` → "deployments", "x"; null for any other form. */
export function described(command: string): { readonly kind: string; readonly name: string } | null {
  const found = /^kubectl describe (\S+) ([^-\s]\S*) -n \S+$/.exec(command);
  return found === null ? null : { kind: found[1] ?? "", name: found[2] ?? "" };
}

/** `kubectl get pods -n ns -o wide`, of all of a kind. */
export function listed(command: string): string | null {
  return /^kubectl get (\S+) -n \S+(?: -o wide| --show-labels)?$/.exec(command)?.[1] ?? null;
}

/** Rows of a table below its header, changed or taken away. */
export function mapRows(table: string, change: (row: string) => string | null): string {
  const [header = "", ...rows] = table.split("\n");
  return [header, ...rows.flatMap((row) => (row.trim() === "" ? [row] : (change(row) ?? [])))].join("\n");
}
