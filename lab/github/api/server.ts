import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, LoggedRequest } from "../../model.js";
import type { GraphqlApi } from "../graphql/api.js";
import { type Answer, type Caller, documentationUrl, HttpError, type Site } from "../site.js";
import type { Tokens } from "../tokens.js";
import type { Validator } from "../schema/validator.js";
import type { Route } from "../schema/routes.js";
import { etagOf, matchesEtag } from "./etag.js";
import type { Faults } from "./faults.js";
import { type Incoming, readIncoming } from "./incoming.js";
import type { Limits, Resource } from "./limits.js";
import type { RequestLog } from "./log.js";
import type { Rest } from "./rest.js";

export interface ApiParts {
  readonly site: Site;
  readonly tokens: Tokens;
  readonly log: RequestLog;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly validator: Validator;
  readonly rest: Rest;
  readonly graphql: GraphqlApi;
  /** Brings the state up to date with what ended elsewhere, before it is read. */
  readonly settle: () => void;
}

/** What is known of a request before anything is executed. */
interface Exchange {
  readonly incoming: Incoming;
  readonly caller: Caller | HttpError;
  readonly route: Route | null;
  readonly isGraphql: boolean;
  readonly entry: LoggedRequest;
}

export function createApiListener(parts: ApiParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      console.error("lab: the API failed on its own:", error);
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: `lab: ${String(error)}` }));
    });
  };
}

async function serve(parts: ApiParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = open(parts, await readIncoming(request, parts.site.urls.api));
  const fault = parts.faults.match(exchange.entry);
  if (fault?.kill === "before") {
    killJob(parts, exchange);
    request.socket.destroy();
    return;
  }
  if (fault?.hang_ms !== undefined) await sleep(fault.hang_ms);
  if (request.socket.destroyed) return; // the client gave up while the request hung: it was never executed
  const answer = isSubstitute(fault) ? substitute(fault) : await execute(parts, exchange);
  exchange.entry.status = answer.status;
  if (fault?.kill === "after") response.on("finish", () => killJob(parts, exchange));
  send(parts, exchange, answer, response);
}

function open(parts: ApiParts, incoming: Incoming): Exchange {
  const caller = authenticate(parts.tokens, incoming);
  const path = incoming.url.pathname;
  const isGraphql = path === "/graphql" && incoming.method === "POST";
  const route = isGraphql ? null : parts.rest.route(incoming.method, path);
  const operation = isGraphql ? parts.graphql.nameOf(incoming.body) : (route?.operation.id ?? "unknown");
  const known = caller instanceof HttpError ? null : caller;
  return {
    incoming,
    caller,
    route,
    isGraphql,
    entry: parts.log.open(known, operation, incoming.method, path + incoming.url.search),
  };
}

function authenticate(tokens: Tokens, incoming: Incoming): Caller | HttpError {
  try {
    return tokens.authenticate(incoming.headers.authorization);
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

function killJob(parts: ApiParts, { caller, entry }: Exchange): void {
  if (caller instanceof HttpError || caller.job === null)
    throw new Error(`a kill fault matched ${entry.operation}, which no job asked for`);
  parts.site.engine().kill(caller.job.job.id);
}

function isSubstitute(fault: Fault["do"] | null): fault is Fault["do"] {
  return fault !== null && (fault.status !== undefined || fault.body !== undefined || fault.headers !== undefined);
}

function substitute(fault: Fault["do"]): Answer {
  const status = fault.status ?? 200;
  const headers = fault.headers ?? {};
  if (typeof fault.body === "string") return { status, text: fault.body, headers };
  return { status, body: fault.body ?? { message: `Injected answer ${status}`, documentation_url: documentationUrl }, headers };
}

async function execute(parts: ApiParts, exchange: Exchange): Promise<Answer> {
  parts.settle();
  const answer = await refusalsAsAnswers(() => run(parts, exchange));
  const { route, entry, incoming } = exchange;
  if (route && answer.text === undefined) checkAnswer(parts, exchange, route, answer);
  if (incoming.method !== "GET" || answer.status !== 200) return answer;
  const etag = etagOf(answer);
  if (!matchesEtag(incoming.headers["if-none-match"], etag)) return { ...answer, headers: { ...answer.headers, etag } };
  if (!(exchange.caller instanceof HttpError) && exchange.caller.actor) parts.limits.refund(exchange.caller, resourceOf(entry));
  return { status: 304, headers: { etag } };
}

async function run(parts: ApiParts, { incoming, caller, route, isGraphql, entry }: Exchange): Promise<Answer> {
  if (caller instanceof HttpError) throw caller;
  if (!isGraphql && route === null) throw unknownRoute(parts, incoming, entry);
  if (entry.operation !== "rate-limit/get") parts.limits.spend(caller, resourceOf(entry));
  if (incoming.malformed) throw new HttpError(400, "Problems parsing JSON");
  if (createsContent(incoming, entry, parts)) parts.limits.spendContent(caller);
  if (route) return parts.rest.run(route, incoming, caller, entry);
  return parts.graphql.run(incoming.body, caller, entry);
}

function resourceOf(entry: LoggedRequest): Resource {
  return entry.operation.startsWith("graphql") ? "graphql" : "core";
}

function createsContent(incoming: Incoming, entry: LoggedRequest, parts: ApiParts): boolean {
  if (resourceOf(entry) === "graphql") return parts.graphql.isMutation(incoming.body);
  return incoming.method !== "GET" && !incoming.url.pathname.endsWith("/dispatches");
}

function unknownRoute(parts: ApiParts, incoming: Incoming, entry: LoggedRequest): HttpError {
  const asked = `${incoming.method} ${incoming.url.pathname}`;
  parts.log.check(entry, null, null);
  return new HttpError(
    501,
    `lab: GitHub's stand-in has no operation for ${asked}; add it to lab/github/schema/operations.txt and lab/github/handlers`,
  );
}

async function refusalsAsAnswers(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const body = { message: error.message, ...error.extra, documentation_url: documentationUrl, status: String(error.status) };
    return { status: error.status, body, headers: error.headers };
  }
}

function checkAnswer(parts: ApiParts, { entry }: Exchange, { operation }: Route, answer: Answer): void {
  const body: unknown = answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body));
  const problems = parts.validator.answer(operation, answer.status, body);
  parts.log.check(entry, answer.status, problems && problems.map((problem) => `answer ${answer.status}: ${problem.message}`));
}

function send(parts: ApiParts, { caller, entry }: Exchange, answer: Answer, response: ServerResponse): void {
  const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const type = answer.text === undefined ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
  response.writeHead(answer.status, {
    ...(text === "" ? {} : { "content-type": type, "content-length": String(Buffer.byteLength(text)) }),
    date: parts.site.clock.now().toUTCString(),
    "x-github-request-id": randomBytes(10).toString("hex").toUpperCase(),
    "x-github-media-type": "github.v3; format=json",
    "cache-control": "private, max-age=60, s-maxage=60",
    vary: "Accept, Authorization, Cookie, X-GitHub-OTP",
    ...(caller instanceof HttpError ? {} : limitHeaders(parts.limits, caller, resourceOf(entry))),
    ...answer.headers,
  });
  response.end(text);
}

function limitHeaders(limits: Limits, caller: Caller, resource: Resource): Record<string, string> {
  const { limit, remaining, used, reset } = limits.read(caller, resource);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": resource,
  };
}
