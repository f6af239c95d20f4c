/** Reads tables of numbers as the recorded cases hold them. */
import { readFile } from "node:fs/promises";
import type { Point } from "../../src/signals/metric-change.js";

/** By column, oldest first; a row's first cell is its time in Unix seconds, an empty cell a gap. */
export type Columns = ReadonlyMap<string, readonly Point[]>;

export async function readColumns(path: string): Promise<Columns> {
  const [header = "", ...rows] = (await readFile(path, "utf8")).trim().split("\n");
  const cells = rows.map((row) => row.split(","));
  const names = header.trim().split(",");
  return new Map(names.slice(1).map((name, index) => [name, cells.flatMap((row) => toPoint(row[0], row[index + 1]))]));
}

function toPoint(time: string | undefined, value: string | undefined): readonly Point[] {
  const text = value?.trim() ?? "";
  const [at, read] = [Number(time) * 1_000, Number(text)];
  return text === "" || !Number.isFinite(read) || !Number.isFinite(at) ? [] : [{ at, value: read }];
}
