/** Tables as `kubectl get` prints them: a header in capitals, columns two spaces or more apart. Pure. */

/** A row by the header's names. A missing cell is an empty text; `<none>` and `<unset>` are too. */
export type Row = Readonly<Record<string, string>>;

interface Column {
  readonly name: string;
  readonly start: number;
  readonly end: number; // exclusive; Infinity for the last
}

const NOTHING = new Set(["<none>", "<unset>", "<nil>", "<unknown>"]);

export function parseTable(text: string): readonly Row[] {
  const [header = "", ...lines] = text.split("\n").filter((line) => line.trim() !== "");
  const columns = readColumns(header);
  if (columns.length < 2) return [];
  return lines.map((line) => toRow(columns, readCells(line, columns)));
}

function readColumns(header: string): readonly Column[] {
  const found = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, start: index }));
  return found.map((column, index) => ({ ...column, end: found[index + 1]?.start ?? Number.POSITIVE_INFINITY }));
}

/** By gaps where every column is filled: names may be wider than their column. Else by position, since empty cells leave no gap. */
function readCells(line: string, columns: readonly Column[]): readonly string[] {
  const cells = line.trim().split(/ {2,}/);
  const fits = cells.length === columns.length;
  return fits ? cells : columns.map(({ start, end }) => line.slice(start, end).trim());
}

function toRow(columns: readonly Column[], cells: readonly string[]): Row {
  return Object.fromEntries(columns.map(({ name }, index) => [name, cleanCell(cells[index] ?? "")]));
}

export function cleanCell(cell: string): string {
  return NOTHING.has(cell) ? "" : cell;
}
