/** `npm run eval -- --data <folder> [--only name] [--json] [--cases] [--renamed] …`: measures the product on recorded cases. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { openClaude } from "./analyst/claude.js";
import { formatComparison } from "./compare/differences.js";
import { evaluateAt } from "./compare/evaluate-at.js";
import { readOptions, UsageError, type Options } from "./options.js";
import { formatCases, formatTable, toJson, type EvalResult } from "./report.js";
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
  const options = await readOptions(args, scorers);
  const { data, chosen, json, cases, renamed, limit, compare } = options;
  const analyst = options.analyst === "claude" ? openClaude(process.env) : null;
  const outcome = await runScorers(chosen, {
    data,
    renameSeed: renamed ? RENAME_SEED : null,
    analyst,
    limit,
    onRun: (run) => console.error(`${run.scorer.name}: ${(run.ms / 1_000).toFixed(1)} s`),
  });
  if (cases) for (const run of outcome.runs) (json ? console.error : console.log)(formatCases(run));
  const result = toJson(outcome, await readCommit());
  if (compare === null) console.log(json ? JSON.stringify(result) : formatTable(outcome));
  else await printComparison({ now: result, cases: outcome.runs.map(formatCases).join("\n"), compare }, options);
  if (json) for (const { name, why } of outcome.failed) console.error(`${name}: ${why}`);
  return outcome.failed.length === 0 ? 0 : 1;
}

interface Compared {
  readonly now: EvalResult;
  readonly cases: string;
  readonly compare: string;
}

async function printComparison({ now, cases, compare }: Compared, { data, chosen, renamed, json }: Options): Promise<void> {
  const before = await evaluateAt(compare, { data, only: chosen.map(({ name }) => name), renamed });
  if (json) return console.log(JSON.stringify({ ...now, compared: { ref: compare, ...before.result } }));
  console.log(formatComparison({ ref: compare, before, now: { result: now, cases } }));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
