/** One question to an HTTP API that answers JSON. Everything that can go wrong becomes one `SourceUnavailableError`. */
import type { HttpAuth } from "../config/config.js";
import { redact } from "../outside/redact.js";
import { readForMatching } from "../outside/match.js";
import { SourceUnavailableError } from "./unavailable.js";

export interface Endpoint {
  readonly source: string; // "prometheus": named in messages
  readonly url: string; // base address, with or without a path
  readonly token: string | null; // never shown; `user:password` for basic
  readonly auth?: HttpAuth; // default: bearer
  readonly tokenEnv: string | null; // its variable's name, shown in messages
  readonly fetch: typeof fetch;
}
/** How a source is reached, as its options say it. */
export interface HttpOptions {
  readonly url: string;
  readonly token?: string | null; // the value, from the environment
  readonly tokenEnv?: string | null; // its name, for messages
  readonly auth?: HttpAuth; // default: bearer
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

export function endpointOf(source: string, options: HttpOptions): Endpoint {
  const { url, token = null, tokenEnv = null, auth = { kind: "bearer" }, fetch: ask = fetch } = options;
  return { source, url, token, tokenEnv, auth, fetch: ask };
}

export interface Question {
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Sent as JSON; the question is then a POST that changes nothing. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** Larger answers are refused: reading them would take the memory of the whole job. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_REASON = 160;

/** @throws {SourceUnavailableError} for no answer, an answer that is not 2xx, not JSON, cut off or too large */
export async function askJson(endpoint: Endpoint, question: Question): Promise<unknown> {
  try {
    const response = await endpoint.fetch(addressOf(endpoint, question), {
      ...methodOf(question),
      headers: headersFor(endpoint, question),
      redirect: "manual", // a redirect could carry the token elsewhere
      signal: question.signal,
    });
    const text = await readLimited(response, endpoint);
    if (!response.ok) throw refused(endpoint, response, text);
    return parseJson(text, response, endpoint);
  } catch (error) {
    if (error instanceof SourceUnavailableError) throw error;
    if (question.signal.aborted) throw new SourceUnavailableError(`${who(endpoint)} gave no complete answer in time.`, false);
    throw new SourceUnavailableError(
      `${who(endpoint)} cannot be reached (${causeOf(error)}): check its url and the runner's network.`,
      true,
    );
  }
}

/** "Prometheus at prometheus:9090" */
export function who({ source, url }: Pick<Endpoint, "source" | "url">): string {
  return `${source.charAt(0).toUpperCase()}${source.slice(1)} at ${new URL(url).host}`;
}

function addressOf({ url }: Endpoint, { path, params = {} }: Question): URL {
  const address = new URL(`${url.replace(/\/+$/, "")}${path}`);
  for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
  return address;
}

function methodOf({ body }: Question): RequestInit {
  return body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
}

function headersFor({ token, auth = { kind: "bearer" } }: Endpoint, { body }: Question): Record<string, string> {
  return {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === null ? {} : credentials(token, auth)),
  };
}

function credentials(token: string, auth: HttpAuth): Record<string, string> {
  switch (auth.kind) {
    case "bearer":
      return { authorization: `Bearer ${token}` };
    case "basic":
      return { authorization: `Basic ${Buffer.from(token, "utf8").toString("base64")}` };
    case "api-key":
      return { authorization: `ApiKey ${token}` };
    case "header":
      return { [auth.name.toLowerCase()]: token };
  }
}

async function readLimited(response: Response, endpoint: Endpoint): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new SourceUnavailableError(
        `${who(endpoint)} answered more than ${MAX_ANSWER_BYTES >> 20} MiB: narrow the query in the config.`,
        false,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refused(endpoint: Endpoint, response: Response, text: string): SourceUnavailableError {
  const { status } = response;
  const heals = status === 429 || status >= 500;
  return new SourceUnavailableError(
    `${who(endpoint)} answered ${status}${reasonIn(text)}: ${advice(endpoint, status)}.`,
    heals,
    retryAfterMs(response),
  );
}

function advice({ tokenEnv, source }: Endpoint, status: number): string {
  const token = tokenEnv === null ? `sources.${source}.token-env, which names no variable yet` : `the token in ${tokenEnv}`;
  if (status === 401 || status === 403) return `check ${token}`;
  if (status >= 300 && status < 400) return `put the final address into sources.${source}.url, redirects are not followed`;
  if (status === 404) return `check the path in sources.${source}.url`;
  if (status === 429) return "it asks for fewer requests";
  return status >= 500 ? "look at its own health" : "check the query in the service catalogue";
}

/** APIs explain a refusal in `error` or `message`, Elasticsearch in `reason`, Jaeger in `msg`. */
function reasonIn(text: string): string {
  const reason = readForMatching(
    redact(/"(?:error|message|reason|msg)":\s*"((?:[^"\\]|\\.){1,300})"/.exec(text)?.[1] ?? "", MAX_REASON),
  );
  return reason === "" ? "" : ` (${reason})`;
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function parseJson(text: string, response: Response, endpoint: Endpoint): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const type = response.headers.get("content-type")?.split(";")[0] ?? "no content type";
    throw new SourceUnavailableError(
      `${who(endpoint)} answered ${response.status} with ${type} that is not JSON: is a proxy or login page in between?`,
      false,
    );
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.name : "unknown failure";
}
