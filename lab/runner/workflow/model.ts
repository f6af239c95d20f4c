import type { TokenPermissions } from "../../model.js";
import type { Tree, TreeMap } from "./tree.js";

/** A workflow file that GitHub's schema accepts and whose every key the lab's runner knows. */
export interface Workflow {
  readonly path: string;
  readonly name: string;
  readonly runName: Tree;
  readonly triggers: Triggers;
  readonly permissions: TokenPermissions | null; // null: no key, the repository's default applies
  readonly env: TreeMap;
  readonly defaults: TreeMap; // of `defaults.run`
  readonly concurrency: Tree;
  readonly jobs: readonly JobSpec[];
}

export interface Triggers {
  readonly events: ReadonlyMap<string, EventFilter>;
  readonly crons: readonly string[];
  readonly inputs: readonly InputSpec[]; // of workflow_dispatch
}

/** Absent lists do not filter. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly branches?: readonly string[];
  readonly "branches-ignore"?: readonly string[];
  readonly tags?: readonly string[];
  readonly "tags-ignore"?: readonly string[];
  readonly paths?: readonly string[];
  readonly "paths-ignore"?: readonly string[];
}

export interface InputSpec {
  readonly name: string;
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly required: boolean;
  readonly default: string | null;
  readonly options: readonly string[];
}

export interface JobSpec {
  readonly key: string;
  readonly name: Tree; // null: the key
  readonly needs: readonly string[];
  readonly if: string; // an expression that calls a status function
  readonly permissions: TokenPermissions | null;
  readonly runsOn: Tree;
  readonly env: TreeMap;
  readonly defaults: TreeMap;
  readonly environment: Tree;
  readonly concurrency: Tree;
  readonly outputs: TreeMap;
  readonly strategy: TreeMap;
  readonly timeoutMinutes: Tree;
  readonly continueOnError: Tree;
  readonly steps: readonly StepSpec[];
}

export interface StepSpec {
  readonly id: string; // generated ones start with "__"
  readonly name: Tree;
  readonly if: string;
  readonly env: TreeMap;
  readonly continueOnError: Tree;
  readonly timeoutMinutes: Tree;
  readonly work: RunWork | UsesWork;
}

export interface RunWork {
  readonly kind: "run";
  readonly script: Tree;
  readonly shell: Tree;
  readonly workingDirectory: Tree;
}

export interface UsesWork {
  readonly kind: "uses";
  readonly uses: string;
  readonly with: TreeMap;
}

/** Thrown with every problem of a file at once, each with file, line and column where the parser knows them. */
export class BrokenWorkflow extends Error {
  override readonly name = "BrokenWorkflow";
  constructor(
    readonly path: string,
    readonly problems: readonly string[],
  ) {
    super(`${path} is not a workflow that can run:\n${problems.map((p) => `- ${p}`).join("\n")}`);
  }
}
