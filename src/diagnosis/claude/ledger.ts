/** What one incident has spent and may still spend. A call that could exceed either bound is not made. */
import { costOf, type Price, type Usage } from "./prices.js";
import { ModelTroubleError } from "./trouble.js";

export interface Budget {
  readonly usd: number;
  readonly inputTokens: number;
}
export interface Spent {
  readonly usd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}
/** What one call has cost. */
export type Entry = Pick<Spent, "usd" | "inputTokens">;
/** The most that one call can cost. */
export interface Estimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Bytes of UTF-8 per token: English prose has 3 to 4, log lines full of numbers a little above 2. */
const BYTES_PER_TOKEN = 2;

/** Never below what the tokenizer of the current models makes of ordinary text. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, "utf8") / BYTES_PER_TOKEN);
}

export class Ledger {
  #usd: number;
  #inputTokens: number;
  #outputTokens = 0;

  /** @param before - what earlier wake-ups of the same incident have spent */
  constructor(
    private readonly budget: Budget,
    before: Pick<Spent, "usd" | "inputTokens">,
  ) {
    this.#usd = before.usd;
    this.#inputTokens = before.inputTokens;
  }

  /** @throws {ModelTroubleError} "no-budget" when the worst case does not fit any more */
  check(estimate: Estimate, price: Price): void {
    const tokens = this.#inputTokens + estimate.inputTokens;
    const usd = this.#usd + worstCost(estimate, price);
    if (tokens > this.budget.inputTokens)
      throw new ModelTroubleError("no-budget", `${tokens} of ${this.budget.inputTokens} input tokens would be needed`);
    if (usd > this.budget.usd)
      throw new ModelTroubleError("no-budget", `${usd.toFixed(4)} of ${this.budget.usd} USD would be needed`);
  }

  settle(usage: Usage, price: Price): Entry {
    const inputTokens = usage.input + usage.cacheWrite + usage.cacheRead;
    return this.#enter({ usd: costOf(usage, price), inputTokens }, usage.output);
  }

  /** The answer was lost: its tokens may be on the bill, so they count. */
  settleUnknown(estimate: Estimate, price: Price): Entry {
    return this.#enter({ usd: worstCost(estimate, price), inputTokens: estimate.inputTokens }, estimate.outputTokens);
  }

  #enter(entry: Entry, outputTokens: number): Entry {
    this.#usd += entry.usd;
    this.#inputTokens += entry.inputTokens;
    this.#outputTokens += outputTokens;
    return entry;
  }

  spent(): Spent {
    return { usd: this.#usd, inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
  }
}

function worstCost({ inputTokens, outputTokens }: Estimate, price: Price): number {
  const dearest = Math.max(price.input, price.cacheWrite);
  return (inputTokens * dearest + outputTokens * price.output) / 1_000_000;
}
