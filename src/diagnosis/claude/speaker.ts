/** Puts a task's question to its model, remembers who spoke last and why, and lets the fallback speak when the model cannot. */
import { z } from "zod";
import type { Consulted } from "../../ports.js";
import { askModel, type Desk } from "./conversation.js";
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
const LIMITS: Readonly<Record<Task, Limits>> = {
  triage: { small: true, maxTokens: 200, limitMs: 20_000 },
  "ask-more": { small: true, maxTokens: 300, limitMs: 20_000 },
  diagnose: { small: false, maxTokens: 1_500, limitMs: 60_000 },
  propose: { small: false, maxTokens: 300, limitMs: 30_000 },
  narrate: { small: false, maxTokens: 1_200, limitMs: 60_000 },
};

const MAX_TEXT = 300; // of the journal

export interface TaskQuestion<T> {
  readonly task: Task;
  readonly draft: Draft;
  readonly schema: z.ZodType<T>;
}
export interface Speaker {
  /** "claude-sonnet-5-5", or "runbooks (claude-sonnet-5-5: it is overloaded)" */
  name(): string;
  ask<T, R>(question: TaskQuestion<T>, then: { answered(value: T): R | Promise<R>; fallback(): Promise<R> }): Promise<R>;
  /** The fallback's answer, because there was nothing to ask a model. */
  offline<R>(answer: R): R;
  note(task: Task, what: AnalystNote["what"], text: string): Promise<void>;
  /** Who keeps what is called and how its answers were taken. */
  onConsulted(keep: Keep): void;
  spent(): Spent;
}

type Keep = (consulted: Consulted) => Promise<void>;

export function createSpeaker(messages: MessagesModel, settings: ClaudeSettings): Speaker {
  const { clock, fallback, budget, spentBefore, prices, onNote } = settings;
  const ledger = new Ledger(budget, spentBefore);
  let keep: Keep = () => Promise.resolve();
  const deskOf = (task: Task): Desk => ({
    messages,
    ledger,
    clock,
    priceOf: (model) => priceOf(model, prices),
    onPaid: ({ model, usd, inputTokens, answered }) => {
      const text = answered ? `${model} was asked` : `${model} was asked; its answer was lost, so the estimate counts`;
      return keep({ task, what: "called", text, usd, inputTokens });
    },
  });
  let name = settings.model;
  let lasting: ModelTroubleError | null = null;

  async function note(
    task: Task,
    what: AnalystNote["what"],
    text: string,
    trouble: AnalystNote["trouble"] = null,
  ): Promise<void> {
    onNote({ at: clock.now(), task, what, trouble, text });
    if (what !== "answered") await keep({ task, what, text: text.slice(0, MAX_TEXT), usd: 0, inputTokens: 0 });
  }

  return {
    name: () => name,
    async ask({ task, draft, schema }, then) {
      const { small, maxTokens, limitMs } = LIMITS[task];
      const model = small ? settings.triageModel : settings.model;
      try {
        if (lasting !== null) throw lasting;
        const prompt = renderPrompt(draft, settings.nonce());
        const { value, repaired } = await askModel({ model, prompt, schema, maxTokens, limitMs }, deskOf(task));
        name = model;
        await note(
          task,
          repaired ? "repaired" : "answered",
          repaired ? `${model} answered at the second attempt` : `${model} answered`,
        );
        return await then.answered(value);
      } catch (error) {
        if (!(error instanceof ModelTroubleError)) throw error;
        if (isLasting(error.trouble)) lasting = error;
        name = `${fallback.name} (${model}: ${TROUBLES[error.trouble]})`;
        await note(
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
    onConsulted: (listener) => {
      keep = listener;
    },
    spent: () => ledger.spent(),
  };
}
