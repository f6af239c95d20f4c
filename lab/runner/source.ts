import type { Host } from "../model.js";
import { findPlace, type Place, readWorkflowFiles } from "./git.js";
import { BrokenWorkflow, type Workflow } from "./workflow/model.js";
import { parseWorkflow } from "./workflow/parse.js";

/** A workflow file of one commit, parsed or known to be broken. */
export type Source =
  | { readonly kind: "workflow"; readonly path: string; readonly workflow: Workflow }
  | { readonly kind: "broken"; readonly path: string; readonly text: string; readonly reason: BrokenWorkflow };

/** The workflows of a repository by commit, read once each, and the numbers GitHub gives them. */
export class Sources {
  readonly #byCommit = new Map<string, readonly Source[]>();
  readonly #ids = new Map<string, number>();
  readonly #runNumbers = new Map<string, number>();

  constructor(readonly repository: Host["repository"]) {}

  /** @returns null while the repository has no commit */
  defaultPlace(): Place | null {
    return findPlace(this.repository.gitDir, `refs/heads/${this.repository.defaultBranch}`);
  }

  at(sha: string): readonly Source[] {
    const known = this.#byCommit.get(sha);
    if (known) return known;
    const sources = readWorkflowFiles(this.repository.gitDir, sha).map(({ path, text }) => readSource(path, text));
    this.#byCommit.set(sha, sources);
    for (const { path } of sources) this.idOf(path);
    return sources;
  }

  idOf(path: string): number {
    const id = this.#ids.get(path) ?? 71_000_001 + this.#ids.size;
    this.#ids.set(path, id);
    return id;
  }

  nextRunNumber(path: string): number {
    const number = (this.#runNumbers.get(path) ?? 0) + 1;
    this.#runNumbers.set(path, number);
    return number;
  }
}

function readSource(path: string, text: string): Source {
  try {
    return { kind: "workflow", path, workflow: parseWorkflow(path, text) };
  } catch (error) {
    if (error instanceof BrokenWorkflow) return { kind: "broken", path, text, reason: error };
    throw error;
  }
}

export function nameOf(source: Source): string {
  return source.kind === "workflow" ? source.workflow.name : source.path;
}

/** A stand-in for a workflow that cannot be read, so that its run can be listed as a startup failure. */
export function brokenWorkflow(path: string): Workflow {
  const triggers = { events: new Map(), crons: [], inputs: [] };
  const nothing = { runName: null, permissions: null, env: new Map(), defaults: new Map(), concurrency: null, jobs: [] };
  return { path, name: path, triggers, ...nothing };
}
