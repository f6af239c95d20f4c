import type { LabStep } from "../../model.js";
import type { StepSpec } from "../workflow/model.js";
import type { TreeMap } from "../workflow/tree.js";
import type { Bench, Frame, Outcome } from "./bench.js";

export interface StepWork {
  readonly outcome: Exclude<Outcome, "skipped">;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What one step works with once its environment is settled. */
export interface StepCall {
  readonly bench: Bench;
  readonly frame: Frame;
  readonly spec: StepSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: TreeMap;
  readonly timeoutMs: number;
  /** Carries out the steps of a composite action. */
  readonly runList: (bench: Bench, frame: Frame, list: StepList) => Promise<void>;
}

export interface StepList {
  readonly specs: readonly StepSpec[];
  readonly env: Readonly<Record<string, string>>; // around the list: workflow and job, or the step that uses the action
  readonly defaults: TreeMap;
  readonly shown: readonly LabStep[]; // one for each spec, or none
}
