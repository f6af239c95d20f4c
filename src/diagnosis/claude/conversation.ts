/** One question to a model: checked against the budget, asked, parsed, repaired once. Everything else is a `ModelTroubleError`. */
import { z } from "zod";
import type { Clock } from "../../ports.js";
import { estimateTokens, type Estimate, type Ledger } from "./ledger.js";
import type { MessagesModel, ModelAnswer, ModelRequest } from "./model.js";
import type { Price } from "./prices.js";
import { renderRepair, type Prompt } from "./prompt.js";
import { describeProblems } from "./problems.js";
import { isPassing, ModelTroubleError } from "./trouble.js";
import { toWireSchema } from "./wire-schema.js";

export interface Question<T> {
  readonly model: string;
  readonly prompt: Prompt;
  readonly schema: z.ZodType<T>;
  readonly maxTokens: number;
  readonly limitMs: number; // for all attempts together
}
export interface Desk {
  readonly messages: MessagesModel;
  readonly ledger: Ledger;
  readonly priceOf: (model: string) => Price;
  readonly clock: Clock;
  /** Each call that may be on the bill, as soon as it is over; the next one waits for it. */
  readonly onPaid: (paid: Paid) => Promise<void>;
}
export interface Paid {
  readonly model: string;
  readonly usd: number;
  readonly inputTokens: number;
  /** false: the answer was lost, and the estimate counts. */
  readonly answered: boolean;
}
export interface Answered<T> {
  readonly value: T;
  readonly repaired: boolean;
}

const MOST_ATTEMPTS = 2;
const DEFAULT_WAIT_MS = 1_000;
/** A person is waiting: whoever wants us back later than this is as good as down. */
const MAX_WAIT_MS = 10_000;
/** Names, roles and the frame that the API puts around a schema. */
const OVERHEAD_TOKENS = 200;

export async function askModel<T>(question: Question<T>, desk: Desk): Promise<Answered<T>> {
  const signal = AbortSignal.timeout(question.limitMs);
  const answer = await send(question.prompt, question, signal, desk);
  const parsed = parseAnswer(answer.text, question.schema);
  if (parsed.ok) return { value: parsed.value, repaired: false };

  const again = renderRepair(question.prompt, answer.text, parsed.problems);
  const repaired = parseAnswer((await send(again, question, signal, desk)).text, question.schema);
  if (repaired.ok) return { value: repaired.value, repaired: true };
  throw new ModelTroubleError("invalid-answer", repaired.problems.join("; "));
}

async function send(prompt: Prompt, question: Question<unknown>, signal: AbortSignal, desk: Desk): Promise<ModelAnswer> {
  const { model, schema, maxTokens } = question;
  const request: ModelRequest = {
    model,
    system: prompt.system,
    user: prompt.user,
    schema: toWireSchema(schema),
    maxTokens,
    signal,
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return accept(await sendOnce(request, desk));
    } catch (error) {
      const waitMs = error instanceof ModelTroubleError ? waitBefore(error, attempt) : null;
      if (waitMs === null) throw error;
      await desk.clock.sleep(waitMs);
      if (signal.aborted) throw error;
    }
  }
}

/** The bill comes first: whatever the answer is worth, and also when there is none. */
async function sendOnce(request: ModelRequest, { messages, ledger, priceOf, onPaid }: Desk): Promise<ModelAnswer> {
  const { model } = request;
  const [price, estimate] = [priceOf(model), estimateOf(request)];
  ledger.check(estimate, price);
  const received = await messages.send(request).catch((error: unknown) => asTrouble(error));
  if (received instanceof ModelTroubleError) {
    if (received.more.perhapsBilled) await onPaid({ model, ...ledger.settleUnknown(estimate, price), answered: false });
    throw received;
  }
  await onPaid({ model, ...ledger.settle(received.usage, price), answered: true });
  return received;
}

function asTrouble(error: unknown): ModelTroubleError {
  if (error instanceof ModelTroubleError) return error;
  throw error;
}

/** Never too low: what is sent as text, what the API adds, and all that it may answer. */
function estimateOf({ system, user, schema, maxTokens }: Omit<ModelRequest, "model" | "signal">): Estimate {
  const sent = [system, user, JSON.stringify(schema)];
  return { inputTokens: sent.reduce((sum, text) => sum + estimateTokens(text), OVERHEAD_TOKENS), outputTokens: maxTokens };
}

/** What was refused or cut off was paid for all the same: the caller has settled it already. */
function accept(answer: ModelAnswer): ModelAnswer {
  if (answer.stop === "refused") throw new ModelTroubleError("refused", "stop reason refusal");
  if (answer.stop === "truncated") throw new ModelTroubleError("truncated", `after ${answer.usage.output} tokens`);
  if (answer.stop === "other") throw new ModelTroubleError("invalid-answer", "an unknown stop reason");
  return answer;
}

function waitBefore({ trouble, more }: ModelTroubleError, attempt: number): number | null {
  const waitMs = more.retryAfterMs ?? DEFAULT_WAIT_MS * attempt;
  return isPassing(trouble) && attempt < MOST_ATTEMPTS && waitMs <= MAX_WAIT_MS ? waitMs : null;
}

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

function parseAnswer<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  const json = parseJson(text);
  if (json === undefined) return { ok: false, problems: ["the answer is not JSON"] };
  const parsed = schema.safeParse(json);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, problems: describeProblems(parsed.error) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
