/** Events, as `describe` lists them under an object and as `get events` lists them for a namespace. Pure. */
import type { Node } from "./describe.js";
import { parseAge } from "./quantity.js";
import { parseTable, type Row } from "./table.js";

export interface ClusterEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly object: string; // "pod/checkout-6d9…", lower case kind
  readonly message: string;
  readonly ageMs: number; // since it was last seen
  readonly count: number;
}

/** @param object - what was described: "pod/checkout-6d9…" */
export function readDescribedEvents(events: Node | null, object: string): readonly ClusterEvent[] {
  if (events === null) return [];
  const lines = events.lines.filter((line) => !/^\s*-{2,}/.test(line)).map((line) => line.slice(2));
  return parseTable(lines.join("\n")).map((row) => toEvent(row, row["Age"] ?? "", object));
}

export function parseEventList(text: string): readonly ClusterEvent[] {
  return parseTable(text).map((row) => toEvent(row, row["LAST SEEN"] ?? "", (row["OBJECT"] ?? "").toLowerCase()));
}

function toEvent(row: Row, age: string, object: string): ClusterEvent {
  const read = (name: string): string => row[name] ?? row[name.toUpperCase()] ?? "";
  return {
    type: read("Type") === "Warning" ? "Warning" : "Normal",
    reason: read("Reason"),
    object,
    message: read("Message"),
    ageMs: parseAge(age) ?? 0,
    count: Number(/\(x(\d+)/.exec(age)?.[1] ?? 1),
  };
}
