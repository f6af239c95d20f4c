import type { LabEnvironment, LabJob } from "../../model.js";
import type { RunFacts } from "../facts.js";
import type { JobControl } from "../job/control.js";
import type { JobSpec } from "../workflow/model.js";
import type { Claimant } from "../schedule/concurrency.js";

export type JobOutcome = "success" | "failure" | "cancelled" | "skipped";

/** A job of the workflow file within a run; it becomes one leg, or one for each combination of its matrix. */
export interface JobNode {
  readonly spec: JobSpec;
  phase: "blocked" | "started" | "done";
  result: JobOutcome | null; // as `needs.<job>.result` shows it
  outputs: Record<string, string>;
  legs: Leg[];
}

export interface Leg {
  readonly job: LabJob;
  readonly control: JobControl;
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly strategy: Readonly<Record<string, unknown>>;
  /** Whether a failure of this leg leaves the run green. */
  forgiven: boolean;
  /** Why it is to end early; checked after every wait. Set through `stopLeg`. */
  stopped: string | null;
  /** Ends the wait or the process that the leg is in. */
  onStop: (reason: string) => void;
  /** Gives its concurrency group to the next; called once it shows as completed. */
  release: () => void;
  /** The environment whose reviewers it waits for. */
  gate: { readonly environment: LabEnvironment; readonly since: Date; answer(approved: boolean): void } | null;
}

/** A run under way. */
export interface RunState {
  readonly facts: RunFacts;
  readonly nodes: ReadonlyMap<string, JobNode>;
  /** Why the run is being cancelled; null while it is not. */
  cancelReason: string | null;
  /** The workflow's own concurrency group. */
  group: { readonly name: string; readonly claimant: Claimant; granted: boolean } | null;
}

export function stopLeg(leg: Leg, reason: string): void {
  if (leg.stopped !== null || leg.job.status === "completed") return;
  leg.stopped = reason;
  leg.job.log += `##[error]${reason}\n`;
  leg.onStop(reason);
}

/** The jobs a job needs, directly or through others. */
export function ancestors(state: RunState, node: JobNode): JobNode[] {
  const found = new Set<JobNode>();
  const visit = (key: string): void => {
    const need = state.nodes.get(key);
    if (!need || found.has(need)) return;
    found.add(need);
    for (const next of need.spec.needs) visit(next);
  };
  for (const key of node.spec.needs) visit(key);
  return [...found];
}
