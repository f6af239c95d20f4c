/** `npm run eval -- --data <folder> [--only name] [--json] [--cases] [--renamed]`: measures the product on recorded cases. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readOptions, UsageError } from "./options.js";
import { formatCases, formatTable, toJson } from "./report.js";
import { runScorers } from "./run.js";
import { scorers } from "./scorers/index.js";

const RENAME_SEED = 20_817;
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
  const { data, chosen, json, cases, renamed } = await readOptions(args, scorers);
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
