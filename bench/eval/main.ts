/** `npm run eval -- --data <folder> [--only name] [--json] [--cases] [--renamed]`: measures the product on recorded cases. */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { formatCases, formatTable, toJson } from "./report.js";
import { isFolder, runScorers } from "./run.js";
import type { Scorer } from "./scorer.js";
import { scorers } from "./scorers/index.js";

const RENAME_SEED = 20_817;
const USAGE = "npm run eval -- --data <folder> [--only <name>[,<name>…]] [--json] [--cases] [--renamed]";

/** A wrong call: the message is all there is to say. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Options {
  readonly data: string;
  readonly chosen: readonly Scorer[];
  readonly json: boolean;
  readonly cases: boolean;
  readonly renamed: boolean;
}

async function readOptions(args: readonly string[]): Promise<Options> {
  const { values } = parseOptions(args);
  if (values.data === undefined) throw new UsageError(`Say where the recorded cases are.\n  ${USAGE}`);
  const data = resolve(values.data);
  if (!(await isFolder(data))) {
    throw new UsageError(
      `There is no folder ${data}. --data names the folder that holds one folder for each scorer: ${names()}.`,
    );
  }
  return { data, chosen: choose(values.only), json: values.json, cases: values.cases, renamed: values.renamed };
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

function choose(only: string | undefined): readonly Scorer[] {
  if (only === undefined) return scorers;
  const wanted = only.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !scorers.some((scorer) => scorer.name === name));
  if (unknown.length > 0) throw new UsageError(`There is no scorer ${unknown.join(", ")}. --only takes: ${names()}.`);
  return scorers.filter(({ name }) => wanted.includes(name));
}

function names(): string {
  return scorers.map(({ name }) => name).join(", ");
}

/** @returns null outside a clone, or without git */
async function readCommit(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname });
    return stdout.trim();
  } catch (error) {
    console.error(`No commit to name: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { data, chosen, json, cases, renamed } = await readOptions(args);
  const outcome = await runScorers(chosen, {
    data,
    renameSeed: renamed ? RENAME_SEED : null,
    onRun: (run) => console.error(`${run.scorer.name}: ${(run.ms / 1_000).toFixed(1)} s`),
  });
  if (cases) for (const run of outcome.runs) (json ? console.error : console.log)(formatCases(run));
  console.log(json ? JSON.stringify(toJson(outcome, await readCommit())) : formatTable(outcome));
  if (json) for (const { name, why } of outcome.failed) console.error(`${name}: ${why}`);
  return outcome.failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
