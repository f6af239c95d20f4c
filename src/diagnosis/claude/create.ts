import { randomBytes } from "node:crypto";
import { createAnalystOver } from "./analyst.js";
import { createSdkModel } from "./sdk.js";
import type { ClaudeAnalyst, ClaudeSettings } from "./settings.js";

export interface ClaudeOptions extends Omit<ClaudeSettings, "nonce"> {
  readonly apiKey: string;
  readonly baseUrl: string | null; // null: the vendor's own
  readonly fetch?: typeof fetch;
}

/** One attempt may take this long; the limits of a task hold for all its attempts together. */
const ATTEMPT_MS = 60_000;

/** The vendor's package is loaded with the first question. @see docs/analyst.md */
export function createClaudeAnalyst({ apiKey, baseUrl, fetch: ask, ...settings }: ClaudeOptions): ClaudeAnalyst {
  const messages = createSdkModel({ apiKey, baseUrl, timeoutMs: ATTEMPT_MS, ...(ask === undefined ? {} : { fetch: ask }) });
  return createAnalystOver(messages, { ...settings, nonce: () => randomBytes(16).toString("hex") });
}
