/** The Claude analyst for recorded cases: the product's own, with the config's default models and budget. */
import { createClaudeAnalyst } from "../../../src/diagnosis/claude/create.js";
import { KNOWN_ACTIONS } from "../../../src/diagnosis/claude/moves.js";
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import { UsageError } from "../options.js";
import type { MakeAnalyst } from "../scorer.js";
import { MODELS } from "./cost.js";

const BUDGET = { usd: 0.5, inputTokens: 200_000 };

/**
 * Recordings answer no further question, so none is asked. A case that the model gives no answer for is answered by the runbooks,
 * which the analyst's name then says.
 * @param variables - `ANTHROPIC_API_KEY`, and `ANTHROPIC_BASE_URL` for another address
 * @throws {UsageError} without a key
 */
export function openClaude(variables: Readonly<Record<string, string | undefined>>): MakeAnalyst {
  const apiKey = variables["ANTHROPIC_API_KEY"];
  if (apiKey === undefined || apiKey === "")
    throw new UsageError("--analyst claude asks a real model: set ANTHROPIC_API_KEY, or leave the option out for the runbooks.");
  const baseUrl = variables["ANTHROPIC_BASE_URL"] ?? null;
  return (runbooks) =>
    createClaudeAnalyst({
      ...MODELS,
      apiKey,
      baseUrl,
      budget: BUDGET,
      spentBefore: { usd: 0, inputTokens: 0 },
      prices: {},
      services: new Map(),
      actions: KNOWN_ACTIONS,
      runbooks,
      fallback: createRunbookAnalyst(runbooks),
      more: null,
      clock: { now: () => new Date(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) },
      onNote: ({ task, text }) => console.error(`${task}: ${text}`),
    });
}
