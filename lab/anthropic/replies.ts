/** Everything the API, or what stands between, has been seen to answer. Shapes as the SDK publishes them. */
import type Anthropic from "@anthropic-ai/sdk";

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What goes wrong on the way: nothing is answered, or the connection ends in the middle of the body. */
  readonly fault?: "hang" | "drop";
}
export interface MessageParts {
  readonly model?: string;
  readonly stop?: Anthropic.StopReason;
  readonly usage?: Partial<Anthropic.Usage>;
  /** A block of thinking before the text, as some models answer by default. */
  readonly thinks?: boolean;
}

const JSON_HEADERS = { "content-type": "application/json" };

/** A message whose text is this; an object is written as JSON. */
export function message(text: string | object, parts: MessageParts = {}): Reply {
  const { model = "claude-sonnet-5-5", stop = "end_turn", usage = {}, thinks = false } = parts;
  const written = typeof text === "string" ? text : JSON.stringify(text);
  const thought: readonly Anthropic.ContentBlock[] = thinks
    ? [{ type: "thinking", thinking: "", signature: "c2lnbmF0dXJl" }]
    : [];
  const body = {
    id: "msg_01LabStandIn",
    type: "message",
    role: "assistant",
    model,
    container: null,
    diagnostics: null,
    content: [...thought, ...(written === "" ? [] : [{ type: "text" as const, text: written, citations: null }])],
    stop_reason: stop,
    stop_details: null,
    stop_sequence: null,
    usage: {
      cache_creation: null,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      inference_geo: null,
      input_tokens: 1_000,
      output_tokens: 100,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: "standard",
      speed: null,
      ...usage,
    },
  } satisfies Anthropic.Message;
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

export function refusal(): Reply {
  return message("", { stop: "refusal", usage: { output_tokens: 0 } });
}
export function truncated(text: string): Reply {
  return message(text, { stop: "max_tokens", usage: { output_tokens: 1_500 } });
}

function error(status: number, type: Anthropic.ErrorObject["type"], says: string, headers: Reply["headers"] = {}): Reply {
  const body = { type: "error", error: { type, message: says }, request_id: "req_011LabStandIn" } as Anthropic.ErrorResponse;
  return { status, headers: { ...JSON_HEADERS, "request-id": "req_011LabStandIn", ...headers }, body: JSON.stringify(body) };
}

export const overloaded = (): Reply => error(529, "overloaded_error", "Overloaded", { "x-should-retry": "true" });
export const rateLimited = (retryAfterSeconds: number): Reply =>
  error(429, "rate_limit_error", "This request would exceed your organization's rate limit.", {
    "retry-after": String(retryAfterSeconds),
  });
export const unauthorised = (): Reply => error(401, "authentication_error", "invalid x-api-key");
export const outOfCredit = (): Reply =>
  error(402, "billing_error", "Your credit balance is too low to access the Anthropic API.");
export const unknownModel = (model: string): Reply => error(404, "not_found_error", `model: ${model}`);
export const badRequest = (says: string): Reply => error(400, "invalid_request_error", says);
export const serverError = (): Reply => error(500, "api_error", "Internal server error");
export const gatewayTimeout = (): Reply => error(504, "timeout_error", "Request timed out");

/** A proxy's or a login page with the status of success. */
export function htmlPage(): Reply {
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "<!doctype html><title>Sign in</title><h1>Sign in</h1>",
  };
}
/** A load balancer before the API: an error that is not JSON. */
export function badGateway(): Reply {
  return { status: 502, headers: { "content-type": "text/html" }, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" };
}
export function brokenJson(): Reply {
  return { status: 200, headers: JSON_HEADERS, body: '{"id": "msg_01", "type": "message", "content": [' };
}
export function hang(): Reply {
  return { status: 200, body: "", fault: "hang" };
}
/** Headers and half of the body arrive, then the connection ends. */
export function dropped(): Reply {
  const whole = message({ hypotheses: [] });
  return { ...whole, fault: "drop" };
}
