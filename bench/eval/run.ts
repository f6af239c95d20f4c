/** Runs scorers one after another: two at a time would disturb each other's figures of speed. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { MakeAnalyst, Score, Scorer } from "./scorer.js";

export interface Run {
  readonly scorer: Scorer;
  readonly plain: Score;
  readonly renamed: Score | null; // null: not asked for, or no names that matter
  readonly ms: number;
}
export interface Skipped {
  readonly name: string;
  readonly why: string;
}
export interface Outcome {
  readonly runs: readonly Run[];
  readonly skipped: readonly Skipped[]; // their folder is not in the data
  readonly failed: readonly Skipped[];
}
export interface RunRequest {
  readonly data: string;
  readonly renameSeed: number | null;
  readonly analyst?: MakeAnalyst | null;
  readonly limit?: number | null;
  readonly onRun?: (run: Run) => void;
}

/** Every scorer whose folder is there. One that throws is reported, and the rest still run. */
export async function runScorers(scorers: readonly Scorer[], request: RunRequest): Promise<Outcome> {
  const runs: Run[] = [];
  const skipped: Skipped[] = [];
  const failed: Skipped[] = [];
  for (const scorer of scorers) {
    const folder = join(request.data, scorer.reads ?? scorer.name);
    if (!(await isFolder(folder))) {
      skipped.push({ name: scorer.name, why: `no folder ${folder}` });
      continue;
    }
    try {
      const run = await runOne(scorer, folder, request);
      runs.push(run);
      request.onRun?.(run);
    } catch (error) {
      failed.push({ name: scorer.name, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return { runs, skipped, failed };
}

async function runOne(scorer: Scorer, folder: string, request: RunRequest): Promise<Run> {
  const { data, renameSeed, analyst, limit } = request;
  const asked = { folder, data, ...(analyst && { analyst }), ...(limit && { limit }) };
  const started = performance.now();
  const plain = await scorer.score({ ...asked, renameSeed: null });
  const renamed = renameSeed !== null && scorer.renames ? await scorer.score({ ...asked, renameSeed }) : null;
  return { scorer, plain, renamed, ms: performance.now() - started };
}

export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  });
  return found?.isDirectory() ?? false;
}
