/** What `npm run eval` was asked for. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isFolder } from "./run.js";
import type { Scorer } from "./scorer.js";

const USAGE = "npm run eval -- --data <folder> [--only <name>[,<name>…]] [--json] [--cases] [--renamed]";

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
  return { data, chosen: choose(values.only, scorers), json: values.json, cases: values.cases, renamed: values.renamed };
}

function parseOptions(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const options = { data: { type: "string" }, only: { type: "string" }, json: flag, cases: flag, renamed: flag } as const;
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
