/** `postmortems/README.md`: a table, newest first, and figures, in a block of ours; whatever stands around it is people's. */
import { escapeInline } from "../outside/escape.js";
import { table } from "../render/markdown.js";
import { count, duration } from "../render/units.js";
import type { FrontMatter } from "./front-matter.js";

const BEGIN = "<!-- gatehouse:index begin: this block is written by the archive job; write above or below it -->";
const END = "<!-- gatehouse:index end -->";
const BLOCK = /<!-- gatehouse:index begin[^>]*-->[\s\S]*?<!-- gatehouse:index end -->/;
const HEAD = ["Day", "Incident", "Severity", "Service", "Cause", "Minutes to recover", "How"] as const;
const FIRST_TEXT = "# Post-mortems\n\nWhat happened, why, and what was done about it. See docs/postmortems.md for the format.";
const ROW = /^\| (\d{4}-\d\d-\d\d) \| \[(\d+)\]\(([^)]+)\) \|.*\| ([\d.]+) \| ([a-z-]+) \|$/;

/** Nothing had to recover: such an incident would make the median look better than it is. */
const NEVER_RECOVERED = new Set(["no-incident", "duplicate"]);

export interface IndexEntry {
  /** Path of the file in the repository. */
  readonly path: string;
  /** Of the index: "postmortems". */
  readonly directory: string;
  readonly values: FrontMatter;
}
interface Row {
  readonly day: string;
  readonly incident: number;
  readonly target: string;
  readonly minutes: number | null;
  readonly text: string;
}

/** The index with this entry in it, once, however often it is added. Rows that people changed stay as they are. */
export function updateIndex(existing: string | null, entry: IndexEntry): string {
  const text = existing ?? FIRST_TEXT;
  const block = BLOCK.exec(text)?.[0] ?? null;
  const added = rowOf(entry);
  const others = readRows(block ?? "").filter(({ target, incident }) => target !== added.target || incident !== added.incident);
  const updated = renderBlock([...others, added].sort(newestFirst));
  return block === null ? `${text.trimEnd()}\n\n${updated}\n` : text.replace(BLOCK, () => updated);
}

/** A row as recall needs it; `target` is relative to the index. */
export interface IndexedIncident {
  readonly incident: number;
  readonly target: string;
  readonly service: string;
}
/** Of our own making; a path that people wrote otherwise is not followed. */
const OWN_TARGET = /^\d{4}\/\d{1,9}-[a-z0-9-]{1,150}\.md$/;
const SERVICE_CELL = /^\| [^|]+ \| [^|]+ \| [^|]+ \| ([\w.-]{1,100}) \|/;

/** The incidents of an index, newest first. Rows that are not as we write them are passed over. */
export function readIndex(text: string): readonly IndexedIncident[] {
  return readRows(BLOCK.exec(text)?.[0] ?? "").flatMap(({ incident, target, text: row }) => {
    const service = SERVICE_CELL.exec(row)?.[1];
    return incident > 0 && OWN_TARGET.test(target) && service !== undefined ? [{ incident, target, service }] : [];
  });
}

function rowOf({ path, directory, values }: IndexEntry): Row {
  const target = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
  const cells = [
    values.opened.slice(0, 10),
    `[${values.incident}](${target})`,
    values.severity ?? "–",
    escapeInline(values.service ?? "unknown"),
    escapeInline(values.cause ?? "not found"),
    String(values["minutes-to-recover"]),
    values.how,
  ];
  return parseRow(`| ${cells.join(" | ")} |`);
}

function readRows(block: string): readonly Row[] {
  const lines = block.split("\n").filter((line) => line.startsWith("| "));
  return lines.filter((line) => !line.startsWith("| Day |") && !line.startsWith("| --- ")).map(parseRow);
}

function parseRow(text: string): Row {
  const found = ROW.exec(text);
  if (!found) return { day: "", incident: 0, target: text, minutes: null, text };
  const [, when = "", incident, target = "", minutes, how = ""] = found;
  return { day: when, incident: Number(incident), target, minutes: NEVER_RECOVERED.has(how) ? null : Number(minutes), text };
}

function newestFirst(one: Row, other: Row): number {
  return other.day.localeCompare(one.day) || other.incident - one.incident || one.text.localeCompare(other.text);
}

function renderBlock(rows: readonly Row[]): string {
  const head = table(HEAD, []);
  return [BEGIN, "", figures(rows), "", head, ...rows.map(({ text }) => text), "", END].join("\n");
}

function figures(rows: readonly Row[]): string {
  const minutes = rows.flatMap((row) => (row.minutes === null ? [] : [row.minutes])).sort((one, other) => one - other);
  const median = medianOf(minutes);
  return `${count(rows.length, "incident")}${median === null ? "" : `, median time to recover ${duration(median * 60_000)}`}.`;
}

function medianOf(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
