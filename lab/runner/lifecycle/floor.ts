import type { LimitFunction } from "p-limit";
import type { JobOrder } from "../job/execute-job.js";
import type { ConcurrencyGroups } from "../schedule/concurrency.js";
import type { Activity } from "./activity.js";
import type { RunState } from "./state.js";

/** What all runs of the engine share. */
export interface Floor {
  readonly activity: Activity;
  readonly groups: ConcurrencyGroups;
  readonly machines: LimitFunction;
  readonly machine: Pick<JobOrder, "gatehousePath" | "extraEnv">;
  readonly jobMs: Map<number, number>;
  nextJobId(): number;
  /** To be called whenever a job or run looks different from outside. */
  changed(state: RunState): void;
}
