/** What `npm run eval` runs: one scorer a folder of the data, each a file in `scorers/`, listed in `scorers/index.ts`. */
import type { Runbook } from "../../src/diagnosis/runbook/runbook.js";
import type { Analyst } from "../../src/ports.js";

/** A fresh analyst for each case: budgets are per incident. */
export type MakeAnalyst = (runbooks: readonly Runbook[]) => Analyst;

/** Shares are 0…1, unrounded; `null` where there is nothing to measure. */
export type Figures = Readonly<Record<string, number | null | Readonly<Record<string, number | null>>>>;

export interface ScoreRequest {
  readonly folder: string; // of the scorer in the data
  readonly data: string; // the whole data folder
  /** Replace names, ids and services at random, the same everywhere in one case; the seed makes it repeatable. null: as they are. */
  readonly renameSeed: number | null;
  /** Who is asked instead of the offline analyst, by scorers that take one. */
  readonly analyst?: MakeAnalyst;
  /** Cases at most, in the order of their ids. */
  readonly limit?: number;
}
export interface CaseResult {
  readonly id: string;
  readonly right: boolean | null; // null: not a yes-or-no case
  readonly answer: string;
  readonly expected: string;
}
export interface Score {
  readonly figures: Figures; // with the keys of the documented JSON
  readonly cases: readonly CaseResult[];
  readonly notes: readonly string[]; // what was seen: weak spots in words
}
/** A goal for one figure, and what others reached where that is published. */
export interface Goal {
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly published?: string;
}
export interface Scorer {
  readonly name: string; // the key in the JSON
  readonly reads?: string; // the folder in the data; default: its name
  readonly goals: readonly Goal[];
  /** Whether a run with renamed services makes sense here. */
  readonly renames: boolean;
  /** Whether `analyst` and `limit` of the request are heeded. */
  readonly takesAnalyst?: true;
  score(request: ScoreRequest): Promise<Score>;
}
