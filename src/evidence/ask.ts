/** One question to an HTTP API that answers JSON. Everything that can go wrong becomes one `SourceUnavailableError`. */
import type { HttpAuth } from "../config/config.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import { createClockWatch, type ClockWatch } from "./clock-skew.js";
import { describeConnectionFailure } from "./connection.js";
import { tokenCredentials, type Credentials } from "./credentials.js";
import { SourceUnavailableError } from "./unavailable.js";

export interface Endpoint {
  readonly source: string; // "prometheus": named in messages
  readonly url: string; // base address, with or without a path
  readonly advice: Advice;
  readonly credentials: Credentials;
  readonly fetch: typeof fetch;
  readonly clock: ClockWatch;
}
/** What messages tell to check. */
export interface Advice {
  readonly url: string; // where its address is written: "sources.prometheus.url"
  readonly tls: string | null; // where its certificates are; null: it has none of its own
  readonly refused: string; // the next step when it does not take the question
}
/** How a source is reached, as its options say it. */
export interface HttpOptions {
  readonly url: string;
  readonly token?: string | null; // the value, from the environment; `user:password` for basic
  readonly tokenEnv?: string | null; // its name, for messages
  readonly auth?: HttpAuth; // default: bearer
  readonly credentials?: Credentials; // instead of a token
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch; // one with its own TLS
}

export function endpointOf(source: string, options: HttpOptions): Endpoint {
  const { url, token = null, tokenEnv = null, auth = { kind: "bearer" }, fetch: ask = fetch } = options;
  const credentials = options.credentials ?? tokenCredentials({ source, token, tokenEnv, auth });
  const place = `sources.${source}`;
  const advice = { url: `${place}.url`, tls: `${place}.tls`, refused: "check the query in the service catalogue" };
  return { source, url, advice, credentials, fetch: ask, clock: createClockWatch() };
}

export interface Question {
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Sent as JSON; the question is then a POST that changes nothing. */
  readonly body?: unknown;
  /** Sent as a form instead. */
  readonly form?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Larger answers are refused: reading them would take the memory of the whole job. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_REASON = 160;
/** Of a refusal only the beginning is looked at, in characters: reasons come first, and pages are long. */
const MAX_REFUSAL = 20_000;
/** What is shorter is part of many words. */
const LEAST_CREDENTIAL = 6;

/** @throws {SourceUnavailableError} for no answer, an answer that is not 2xx, not JSON, cut off or too large */
export async function askJson(endpoint: Endpoint, question: Question): Promise<unknown> {
  try {
    const credentials = await endpoint.credentials.headers();
    const sentAt = Date.now();
    const response = await endpoint.fetch(addressOf(endpoint, question), {
      ...methodOf(question),
      headers: { accept: "application/json", ...contentType(question), ...credentials },
      redirect: "manual", // a redirect could carry the token elsewhere
      signal: question.signal,
    });
    endpoint.clock.note(response.headers, sentAt, Date.now());
    const text = await readLimited(response, endpoint);
    if (!response.ok) throw refused(endpoint, response, withoutCredentials(text.slice(0, MAX_REFUSAL), credentials));
    return parseJson(text, response, endpoint);
  } catch (error) {
    if (error instanceof SourceUnavailableError) throw error;
    if (question.signal.aborted) throw new SourceUnavailableError(`${who(endpoint)} gave no complete answer in time.`, false);
    const { says, mayHeal } = describeConnectionFailure(error, endpoint.advice);
    throw new SourceUnavailableError(`${who(endpoint)} ${says}.`, mayHeal);
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

function methodOf({ body, form }: Question): RequestInit {
  if (form !== undefined) return { method: "POST", body: new URLSearchParams(form).toString() };
  return body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
}

function contentType({ body, form }: Question): Readonly<Record<string, string>> {
  if (form !== undefined) return { "content-type": "application/x-www-form-urlencoded" };
  return body === undefined ? {} : { "content-type": "application/json" };
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
    `${who(endpoint)} answered ${status}${reasonIn(text)}: ${adviceOn(endpoint, status)}.`,
    heals,
    retryAfterMs(response),
  );
}

/** Some servers repeat what they were shown: `invalid key "…"`. */
function withoutCredentials(text: string, headers: Readonly<Record<string, string>>): string {
  return Object.values(headers)
    .flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)])
    .filter((value) => value.length >= LEAST_CREDENTIAL)
    .reduce((current, value) => current.replaceAll(value, "[redacted: credentials]"), text);
}

function adviceOn({ credentials, advice }: Endpoint, status: number): string {
  if (status === 401 || status === 403) return `check ${credentials.named}`;
  if (status >= 300 && status < 400) return `put the final address into ${advice.url}, redirects are not followed`;
  if (status === 404) return `check the path in ${advice.url}`;
  if (status === 429) return "it asks for fewer requests";
  return status >= 500 ? "look at its own health" : advice.refused;
}

/** APIs explain a refusal in `error` or `message`, Elasticsearch in `reason`, Jaeger in `msg`, Datadog in a list of `errors`. */
function reasonIn(text: string): string {
  const reason = readForMatching(
    redact(
      /"(?:error|message|reason|msg|errors)":\s{0,40}(?:\[\s{0,40})?"((?:[^"\\]|\\.){1,300})"/.exec(text)?.[1] ?? "",
      MAX_REASON,
    ),
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
