/** What `npm run eval` was asked for. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isFolder } from "./run.js";
import type { Scorer } from "./scorer.js";

const USAGE = `npm run eval -- --data <folder> [--only <name>[,<name>…]] [--json] [--cases] [--renamed]
      [--compare <ref>] [--analyst claude] [--limit <cases>]`;
const ANALYSTS = ["runbooks", "claude"] as const;

/** A wrong call: the message is all there is to say. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Options {
  readonly data: string;
  readonly chosen: readonly Scorer[];
  readonly json: boolean;
  readonly cases: boolean;
  readonly renamed: boolean;
  readonly compare: string | null; // a git ref
  readonly analyst: (typeof ANALYSTS)[number];
  readonly limit: number | null;
}

/** @throws {UsageError} for an unknown option or scorer, and where there is no data folder */
export async function readOptions(args: readonly string[], scorers: readonly Scorer[]): Promise<Options> {
  const { values } = parseOptions(args);
  if (values.data === undefined) throw new UsageError(`Say where the recorded cases are.\n  ${USAGE}`);
  const data = resolve(values.data);
  if (!(await isFolder(data))) {
    throw new UsageError(
      `There is no folder ${data}. --data names the folder that holds one folder for each scorer: ${names(scorers)}.`,
    );
  }
  const { json, cases, renamed, compare = null } = values;
  const chosen = choose(values.only, scorers);
  const analyst = readAnalyst(values.analyst);
  const limit = readLimit(values.limit);
  refuseUnheeded({ chosen, analyst, limit, compare }, scorers);
  return { data, chosen, json, cases, renamed, compare, analyst, limit };
}

function readAnalyst(name: string): Options["analyst"] {
  const known = ANALYSTS.find((analyst) => analyst === name);
  if (known === undefined) throw new UsageError(`There is no analyst ${name}. --analyst takes: ${ANALYSTS.join(", ")}.`);
  return known;
}

function readLimit(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--limit takes a number of cases, at least 1, not ${text}.`);
  return Number(text);
}

/** What a scorer would silently leave out is refused: a figure must be of what was asked for. */
function refuseUnheeded(options: Pick<Options, "chosen" | "analyst" | "limit" | "compare">, scorers: readonly Scorer[]): void {
  const { chosen, analyst, limit, compare } = options;
  if (analyst === "runbooks" && limit === null) return;
  const able = scorers.filter(({ takesAnalyst }) => takesAnalyst);
  if (chosen.some(({ takesAnalyst }) => !takesAnalyst))
    throw new UsageError(`--analyst and --limit are heeded by ${names(able)} alone: add --only ${able[0]?.name ?? ""}.`);
  if (compare !== null) throw new UsageError("--compare runs whole evaluations offline: leave out --analyst and --limit.");
}

function parseOptions(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const text = { type: "string" } as const;
  const options = {
    data: text,
    only: text,
    compare: text,
    limit: text,
    analyst: { type: "string", default: "runbooks" },
    json: flag,
    cases: flag,
    renamed: flag,
  } as const;
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n  ${USAGE}`);
  }
}

function choose(only: string | undefined, scorers: readonly Scorer[]): readonly Scorer[] {
  if (only === undefined) return scorers;
  const wanted = only.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !scorers.some((scorer) => scorer.name === name));
  if (unknown.length > 0) throw new UsageError(`There is no scorer ${unknown.join(", ")}. --only takes: ${names(scorers)}.`);
  return scorers.filter(({ name }) => wanted.includes(name));
}

function names(scorers: readonly Scorer[]): string {
  return scorers.map(({ name }) => name).join(", ");
}
