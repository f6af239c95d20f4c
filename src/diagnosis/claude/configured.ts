/** The Claude analyst as the config asks for it. */
import type { Config } from "../../config/config.js";
import type { Analyst, Clock, Source } from "../../ports.js";
import type { Runbook } from "../runbook/runbook.js";
import { createAskMore } from "./ask-sources.js";
import { createClaudeAnalyst } from "./create.js";
import { KNOWN_ACTIONS } from "./moves.js";
import type { Entry } from "./ledger.js";
import type { ClaudeAnalyst } from "./settings.js";

export interface ConfiguredRequest {
  readonly apiKey: string;
  readonly config: Pick<Config, "analyst" | "services">;
  readonly runbooks: readonly Runbook[];
  readonly sources: readonly Source[];
  readonly fallback: Analyst;
  /** From the incident's journal: what earlier runs spent. */
  readonly spent: Entry;
  readonly clock: Clock;
  /** Who answered, who fell back and why, in our words. */
  readonly onNote: (text: string) => void;
}

export function openClaudeAnalyst(request: ConfiguredRequest): ClaudeAnalyst {
  const { apiKey, config, runbooks, sources, fallback, spent, clock, onNote } = request;
  const { triageModel, model, baseUrl, budget } = config.analyst;
  return createClaudeAnalyst({
    apiKey,
    baseUrl,
    triageModel,
    model,
    budget,
    spentBefore: spent,
    prices: config.analyst.prices,
    services: config.services,
    actions: KNOWN_ACTIONS,
    runbooks,
    fallback,
    more: createAskMore(sources, clock, (source) => onNote(`${source} gave no answer to a further question.`)),
    clock,
    onNote: ({ task, text }) => onNote(`${task}: ${text}.`),
  });
}
