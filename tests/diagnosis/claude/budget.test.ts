import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message } from "../../../lab/anthropic/replies.js";
import { estimateTokens, Ledger } from "../../../src/diagnosis/claude/ledger.js";
import { costOf, LIST_PRICES, priceOf } from "../../../src/diagnosis/claude/prices.js";
import { CAUSE_ANSWER, poolInput } from "./support/incident.js";
import { openSession } from "./support/desk.js";

const PRICE = { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 };

describe("the budget of an incident", () => {
  it.each([
    { name: "money", budget: { usd: 0.001, inputTokens: 200_000 } },
    { name: "tokens", budget: { usd: 5, inputTokens: 500 } },
  ])("keeps a call from being made when $name would not do", async ({ budget }) => {
    const { analyst, api, notes } = await openSession([message(CAUSE_ANSWER)], { budget });
    await analyst.diagnose(poolInput());
    expect(api.received).toHaveLength(0);
    expect(notes).toMatchObject([{ what: "fell-back", trouble: "no-budget" }]);
    expect(analyst.name).toBe("runbooks (claude-sonnet-5-5: what this incident may spend is used up)");
  });

  it("counts what earlier wake-ups spent", async () => {
    const { analyst, api } = await openSession([message(CAUSE_ANSWER)], { spentBefore: { usd: 0.499, inputTokens: 0 } });
    await analyst.diagnose(poolInput());
    expect(api.received).toHaveLength(0);
    expect(analyst.spent().usd).toBe(0.499);
  });

  it("counts every kind of token at its own price", async () => {
    const usage = { input_tokens: 1_000, cache_creation_input_tokens: 2_000, cache_read_input_tokens: 4_000, output_tokens: 500 };
    const { analyst } = await openSession([message(CAUSE_ANSWER, { usage })]);
    await analyst.diagnose(poolInput());
    expect(analyst.spent()).toEqual({
      usd: (1_000 * 2 + 2_000 * 2.5 + 4_000 * 0.1 + 500 * 10) / 1e6,
      inputTokens: 7_000,
      outputTokens: 500,
    });
  });

  it("is never exceeded, whatever answers cost within what was asked for", () => {
    const call = fc.record({
      input: fc.nat(30_000),
      output: fc.nat(2_000),
      usedInput: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.double({ min: 0, max: 0.5, noNaN: true }), (calls, usd) => {
        const ledger = new Ledger({ usd, inputTokens: 100_000 }, { usd: 0, inputTokens: 0 });
        for (const { input, output, usedInput } of calls) {
          const estimate = { inputTokens: input, outputTokens: output };
          try {
            ledger.check(estimate, PRICE);
          } catch {
            continue;
          }
          const used = Math.floor(input * usedInput);
          ledger.settle({ input: used, cacheWrite: input - used, cacheRead: 0, output }, PRICE);
        }
        expect(ledger.spent().usd).toBeLessThanOrEqual(usd + 1e-9);
        expect(ledger.spent().inputTokens).toBeLessThanOrEqual(100_000);
      }),
    );
  });
});

describe("prices", () => {
  it("can be overridden, and an unpriced model counts as the dearest", () => {
    expect(priceOf("claude-sonnet-5-5", { "claude-sonnet-5-5": PRICE })).toBe(PRICE);
    const dearest = Math.max(...Object.values(LIST_PRICES).map(({ output }) => output));
    expect(priceOf("some-model").output).toBeGreaterThanOrEqual(dearest);
  });

  it("are for a million tokens", () => {
    expect(costOf({ input: 1_000_000, cacheWrite: 0, cacheRead: 0, output: 0 }, PRICE)).toBe(2);
  });
});

it("estimates more tokens for longer text, and more for letters that take more bytes", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("a".repeat(100))).toBe(50);
  expect(estimateTokens("ж".repeat(100))).toBe(100);
});
