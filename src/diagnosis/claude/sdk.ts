/** The vendor's client behind `MessagesModel`. Loaded when the first question is asked, not before. */
import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import type { MessagesModel, ModelAnswer, ModelRequest } from "./model.js";
import { ModelTroubleError, type Trouble } from "./trouble.js";

export interface SdkOptions {
  readonly apiKey: string;
  readonly baseUrl: string | null; // null: the vendor's own
  readonly timeoutMs: number;
  readonly fetch?: typeof fetch;
}

const DEFAULT_BASE_URL = "https://api.anthropic.com";
/**
 * About 1,024 tokens, the least that the larger default model keeps; a mark on less is ignored by the API, so it is left out.
 * The small model keeps only longer prefixes than any of ours, so its short prompts are sent plain.
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export const MIN_CACHED_CHARACTERS = 4_000;
/**
 * Thinking in advance is billed as output and its length cannot be foreseen, so it is turned off where that can be said.
 * Each model has its own word for it and refuses the other's; a model that is not listed keeps its default.
 */
const WITHOUT_THINKING: Readonly<Record<string, Anthropic.ThinkingConfigParam>> = {
  "claude-haiku-5-5": { type: "disabled" },
  "claude-sonnet-5-5": { type: "between_tools" },
};

const Count = z.number().int().nonnegative();
const Answer = z.object({
  type: z.literal("message"),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullable(),
  usage: z.object({
    input_tokens: Count,
    output_tokens: Count,
    cache_creation_input_tokens: Count.nullish(),
    cache_read_input_tokens: Count.nullish(),
  }),
});

/** Retries are ours: each one is checked against the budget and the deadline first. */
export function createSdkModel(options: SdkOptions): MessagesModel {
  let client: Promise<Client> | null = null;
  return {
    async send(request) {
      client ??= openClient(options);
      const { messages, errors } = await client;
      try {
        return readAnswer(await messages.create(toParams(request), { signal: request.signal }));
      } catch (error) {
        throw toTrouble(error, request.signal, errors);
      }
    },
  };
}

interface Client {
  readonly messages: Pick<Anthropic.Messages, "create">;
  readonly errors: Pick<typeof Anthropic, "APIError" | "APIConnectionError" | "APIConnectionTimeoutError" | "APIUserAbortError">;
}

/** Everything that the client would otherwise read from the environment is given: address, key, log level, tracing. */
async function openClient({ apiKey, baseUrl, timeoutMs, fetch: ask }: SdkOptions): Promise<Client> {
  const { Anthropic: Sdk } = await import("@anthropic-ai/sdk");
  const client = new Sdk({
    apiKey,
    authToken: null,
    webhookKey: null,
    baseURL: baseUrl ?? DEFAULT_BASE_URL,
    timeout: timeoutMs,
    maxRetries: 0,
    logLevel: "off",
    openTelemetry: false,
    ...(ask === undefined ? {} : { fetch: ask }),
  });
  return { messages: client.messages, errors: Sdk };
}

function toParams({ model, system, user, schema, maxTokens }: ModelRequest): Anthropic.MessageCreateParamsNonStreaming {
  const thinking = WITHOUT_THINKING[model];
  const cached = system.length >= MIN_CACHED_CHARACTERS ? { cache_control: { type: "ephemeral" as const } } : {};
  return {
    model,
    max_tokens: maxTokens,
    system: [{ type: "text", text: system, ...cached }],
    messages: [{ role: "user", content: user }],
    output_config: { format: { type: "json_schema", schema: { ...schema } } },
    ...(thinking === undefined ? {} : { thinking }),
  };
}

/** A proxy's page with status 200 arrives here as a string. */
function readAnswer(received: unknown): ModelAnswer {
  const parsed = Answer.safeParse(received);
  if (!parsed.success) {
    const what = typeof received === "string" ? "text instead of a message" : "a message of an unknown shape";
    throw new ModelTroubleError("not-the-api", what, { perhapsBilled: true });
  }
  const { content, stop_reason, usage } = parsed.data;
  return {
    text: content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : [])).join(""),
    stop: toStop(stop_reason),
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheWrite: usage.cache_creation_input_tokens ?? 0,
      cacheRead: usage.cache_read_input_tokens ?? 0,
    },
  };
}

function toStop(reason: string | null): ModelAnswer["stop"] {
  if (reason === "end_turn" || reason === "stop_sequence") return "end";
  if (reason === "refusal") return "refused";
  return reason === "max_tokens" || reason === "model_context_window_exceeded" ? "truncated" : "other";
}

function toTrouble(error: unknown, signal: AbortSignal, errors: Client["errors"]): ModelTroubleError {
  if (error instanceof ModelTroubleError) return error;
  if (signal.aborted || error instanceof errors.APIConnectionTimeoutError || error instanceof errors.APIUserAbortError)
    return new ModelTroubleError("timed-out", "no complete answer before the deadline", { perhapsBilled: true });
  if (error instanceof errors.APIError && error.status !== undefined) {
    const status: number = error.status;
    return new ModelTroubleError(troubleOf(status), `status ${status}`, { retryAfterMs: retryAfterOf(error.headers) });
  }
  // Also a body that broke off or is not the JSON it says it is.
  if (error instanceof SyntaxError)
    return new ModelTroubleError("not-the-api", "an answer that is not JSON", { perhapsBilled: true });
  const cause = error instanceof Error ? error.name : "unknown";
  return new ModelTroubleError("unreachable", `the connection broke (${cause})`, { perhapsBilled: true });
}

function troubleOf(status: number): Trouble {
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 429) return "rate-limited";
  if (status === 529 || status === 503) return "overloaded";
  if (status === 408 || status === 504) return "timed-out";
  return status >= 500 ? "failed" : "bad-request";
}

function retryAfterOf(headers: unknown): number | null {
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
