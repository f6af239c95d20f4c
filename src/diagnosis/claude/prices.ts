/** What tokens cost, as data. The config may override or add models (`analyst.prices`). */

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number; // kept for five minutes
  readonly cacheRead: number;
}
export type Prices = Readonly<Record<string, Price>>;

/**
 * List prices of October 2026. The small model's are those of prompts up to 100,000 tokens; ours are far below.
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export const LIST_PRICES: Prices = {
  "claude-haiku-5-5": { input: 0.1, output: 0.5, cacheWrite: 0.125, cacheRead: 0.01 },
  "claude-sonnet-5-5": { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 },
  "claude-opus-5-5": { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 },
};
/** A model that nobody priced is taken for the dearest: too early an end of the budget is said, too late a one is paid. */
const DEAREST: Price = { input: 10, output: 50, cacheWrite: 20, cacheRead: 1 };

export function priceOf(model: string, overrides: Prices = {}): Price {
  return overrides[model] ?? LIST_PRICES[model] ?? DEAREST;
}

export interface Usage {
  readonly input: number; // tokens at the plain price
  readonly cacheWrite: number;
  readonly cacheRead: number;
  readonly output: number;
}

export function costOf(usage: Usage, price: Price): number {
  const millionths =
    usage.input * price.input +
    usage.cacheWrite * price.cacheWrite +
    usage.cacheRead * price.cacheRead +
    usage.output * price.output;
  return millionths / 1_000_000;
}
