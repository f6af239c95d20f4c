/** The evaluation as it was at another commit: in a worktree of its own, compiled there, with the packages of this one. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../../lab/root.js";
import { UsageError } from "../options.js";
import type { EvalResult } from "../report.js";
import { EvalJson } from "./eval-json.js";

export interface Evaluated {
  readonly result: EvalResult;
  readonly cases: string; // as `formatCases` writes them
}
export interface EvaluateRequest {
  readonly data: string;
  readonly only: readonly string[];
  readonly renamed: boolean;
}

/** A scorer is one file here; one that is newer than the commit has no figures there. */
const SCORERS = "bench/eval/scorers";
const MOST_OUTPUT = 256 * 1024 * 1024;
const run = promisify(execFile);

/**
 * Leaves nothing behind but git's own log of worktrees.
 * @throws {UsageError} when there is no such commit, or its evaluation cannot be run
 */
export async function evaluateAt(ref: string, request: EvaluateRequest, root = packageRoot()): Promise<Evaluated> {
  const commit = await resolve(ref, root);
  const parent = await mkdtemp(join(tmpdir(), "gatehouse-compare-"));
  const tree = join(parent, "tree");
  try {
    await run("git", ["worktree", "add", "--detach", "--quiet", tree, commit], { cwd: root });
    await symlink(join(root, "node_modules"), join(tree, "node_modules"));
    return await evaluate(ref, tree, request);
  } finally {
    await rm(parent, { recursive: true, force: true });
    await run("git", ["worktree", "prune"], { cwd: root });
  }
}

async function resolve(ref: string, root: string): Promise<string> {
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const found = await run("git", asked, { cwd: root }).catch(() => null);
  if (found === null) throw new UsageError(`There is no commit ${ref} here. --compare takes a branch, a tag or a commit id.`);
  return found.stdout.trim();
}

async function evaluate(ref: string, tree: string, { data, only, renamed }: EvaluateRequest): Promise<Evaluated> {
  const known = only.filter((name) => existsSync(join(tree, SCORERS, `${name}.ts`)));
  if (known.length === 0) throw new UsageError(`${ref} has no scorer ${only.join(", ")}: there is nothing to compare with.`);
  const said = (step: string) => (error: unknown) => refuse(ref, step, error);
  const compiler = join(tree, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: tree }).catch(said("compiled"));
  const args = ["lib/bench/eval/main.js", "--data", data, "--only", known.join(","), "--json", "--cases"];
  const asked = renamed ? [...args, "--renamed"] : args;
  const done = await run(process.execPath, asked, { cwd: tree, maxBuffer: MOST_OUTPUT })
    .catch(withScorersBroken)
    .catch(said("evaluated"));
  const result = EvalJson.safeParse(JSON.parse(done.stdout.trim().split("\n").at(-1) ?? ""));
  if (!result.success) throw new UsageError(`The evaluation of ${ref} printed another form of JSON: it cannot be compared.`);
  return { result: result.data, cases: done.stderr };
}

/** Exit code 1: a scorer broke, and the JSON of the others is there. */
function withScorersBroken(error: unknown): { readonly stdout: string; readonly stderr: string } {
  const { code, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
  if (code === 1 && stdout.trim().startsWith("{")) return { stdout, stderr };
  throw error;
}

function refuse(ref: string, step: string, error: unknown): never {
  const { stdout = "", stderr = "" } = error instanceof Error ? (error as { stdout?: string; stderr?: string }) : {};
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(0, 5).join("\n");
  throw new UsageError(`${ref} cannot be ${step} with the packages installed here:\n${said}`);
}
