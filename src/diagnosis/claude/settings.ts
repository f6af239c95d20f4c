import type { Service } from "../../config/config.js";
import type { MODEL_TASKS, Observation } from "../../incident/facts.js";
import type { Analyst, Clock, Finding } from "../../ports.js";
import type { Runbook } from "../runbook/runbook.js";
import type { Budget, Spent } from "./ledger.js";
import type { MessagesModel } from "./model.js";
import type { ActionInfo } from "./moves.js";
import type { Prices } from "./prices.js";
import type { Trouble } from "./trouble.js";

export type Task = (typeof MODEL_TASKS)[number];

/** A look at one reviewed signal of one service, or at all that one source knows of it: the analyst names, code asks. */
export interface Selector {
  readonly service: Service;
  readonly signal: string; // a signal of that service, else the name of a source
  readonly windowMs: number; // before the onset
}
export type Looked = { readonly kind: "found"; readonly findings: readonly Finding[] } | { readonly kind: "silent" };
export interface AskMore {
  readonly sources: readonly string[]; // names of those that can be asked
  look(selector: Selector, onset: Date): Promise<Looked>;
}

/** Something people should be able to read later, in our words. */
export interface AnalystNote {
  readonly at: Date;
  readonly task: Task;
  readonly what: "answered" | "repaired" | "fell-back" | "dropped" | "overruled";
  readonly trouble: Trouble | null;
  readonly text: string;
}

export interface ClaudeSettings {
  readonly triageModel: string;
  readonly model: string;
  readonly budget: Budget;
  /** What earlier wake-ups of this incident spent, from its journal. */
  readonly spentBefore: Pick<Spent, "usd" | "inputTokens">;
  readonly prices: Prices; // overrides of the list prices
  readonly services: ReadonlyMap<string, Service>; // for selectors that name a neighbour
  readonly actions: readonly ActionInfo[];
  readonly runbooks: readonly Runbook[];
  readonly fallback: Analyst;
  readonly more: AskMore | null; // null: nothing can be asked
  readonly clock: Clock;
  readonly onNote: (note: AnalystNote) => void;
  /** Random letters and digits, fresh for every call. */
  readonly nonce: () => string;
}

export type ClaudeAnalyst = Analyst & {
  /** Of this incident so far, earlier wake-ups included. */
  spent(): Spent;
  /** What the last diagnosis asked for beyond its input, numbered on from it: to be journalled with the evidence. */
  learned(): readonly Observation[];
};

export interface Tools {
  readonly settings: ClaudeSettings;
  readonly model: MessagesModel;
}
