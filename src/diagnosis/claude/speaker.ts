/** Puts a task's question to its model, remembers who spoke last and why, and lets the fallback speak when the model cannot. */
import { z } from "zod";
import { askModel } from "./conversation.js";
import { Ledger, type Spent } from "./ledger.js";
import type { MessagesModel } from "./model.js";
import { priceOf } from "./prices.js";
import { renderPrompt, type Draft } from "./prompt.js";
import type { AnalystNote, ClaudeSettings, Task } from "./settings.js";
import { isLasting, ModelTroubleError, TROUBLES } from "./trouble.js";

interface Limits {
  readonly small: boolean; // which model
  readonly maxTokens: number; // of the answer
  readonly limitMs: number;
}
export const LIMITS: Readonly<Record<Task, Limits>> = {
  triage: { small: true, maxTokens: 200, limitMs: 20_000 },
  "ask-more": { small: true, maxTokens: 300, limitMs: 20_000 },
  diagnose: { small: false, maxTokens: 1_500, limitMs: 60_000 },
  propose: { small: false, maxTokens: 300, limitMs: 30_000 },
  narrate: { small: false, maxTokens: 1_200, limitMs: 60_000 },
};

export interface TaskQuestion<T> {
  readonly task: Task;
  readonly draft: Draft;
  readonly schema: z.ZodType<T>;
}
export interface Speaker {
  /** "claude-sonnet-5-5", or "runbooks (claude-sonnet-5-5: it is overloaded)" */
  name(): string;
  ask<T, R>(question: TaskQuestion<T>, then: { answered(value: T): R; fallback(): Promise<R> }): Promise<R>;
  /** The fallback's answer, because there was nothing to ask a model. */
  offline<R>(answer: R): R;
  note(task: Task, what: AnalystNote["what"], text: string): void;
  spent(): Spent;
}

export function createSpeaker(messages: MessagesModel, settings: ClaudeSettings): Speaker {
  const { clock, fallback, budget, spentBefore, prices, onNote } = settings;
  const ledger = new Ledger(budget, spentBefore);
  const desk = { messages, ledger, clock, priceOf: (model: string) => priceOf(model, prices) };
  let name = settings.model;
  let lasting: ModelTroubleError | null = null;

  function note(task: Task, what: AnalystNote["what"], text: string, trouble: AnalystNote["trouble"] = null): void {
    onNote({ at: clock.now(), task, what, trouble, text });
  }

  return {
    name: () => name,
    async ask({ task, draft, schema }, then) {
      const { small, maxTokens, limitMs } = LIMITS[task];
      const model = small ? settings.triageModel : settings.model;
      try {
        if (lasting !== null) throw lasting;
        const prompt = renderPrompt(draft, settings.nonce());
        const { value, repaired } = await askModel({ model, prompt, schema, maxTokens, limitMs }, desk);
        name = model;
        note(
          task,
          repaired ? "repaired" : "answered",
          repaired ? `${model} answered at the second attempt` : `${model} answered`,
        );
        return then.answered(value);
      } catch (error) {
        if (!(error instanceof ModelTroubleError)) throw error;
        if (isLasting(error.trouble)) lasting = error;
        name = `${fallback.name} (${model}: ${TROUBLES[error.trouble]})`;
        note(
          task,
          "fell-back",
          `${fallback.name} spoke instead of ${model}: ${TROUBLES[error.trouble]} (${error.detail})`,
          error.trouble,
        );
        return then.fallback();
      }
    },
    offline(answer) {
      name = fallback.name;
      return answer;
    },
    note,
    spent: () => ledger.spent(),
  };
}
