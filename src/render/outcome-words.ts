import type { ExecutionOutcome } from "../incident/facts.js";
import type { Verdict } from "../words.js";

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  recovered: "recovered",
  unchanged: "not better",
  worse: "worse",
  unknown: "cannot be told",
};

/** How an execution ended, one sentence each. */
export const OUTCOME_WORDS: Readonly<Record<ExecutionOutcome, string>> = {
  recovered: "The service has recovered.",
  unchanged: "The plan was carried out; the trouble goes on.",
  unknown: "The plan was carried out; the readings have gaps, so nobody can tell whether it helped.",
  "worse-undone": "It got worse, so the plan was undone.",
  "failed-undone": "A step failed, so what had been done was undone.",
  failed: "A step failed, and there was nothing that could be undone.",
  "undo-failed": "Undoing failed: production may be between two states.",
  drifted: "The target was no longer as planned; nothing was done.",
  stopped: "A person stopped it.",
  ambiguous: "A step may or may not have happened; people have to look.",
};
