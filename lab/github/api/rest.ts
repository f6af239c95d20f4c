import { createRouter, type Route } from "../schema/routes.js";
import type { Description } from "../schema/description.js";
import type { Problem, Validator } from "../schema/validator.js";
import { type Answer, type Caller, HttpError, notFound, type Site } from "../site.js";
import { checkAccess } from "./access.js";
import type { Incoming } from "./incoming.js";
import type { RequestLog } from "./log.js";
import type { Call, Handlers } from "./operation.js";
import type { LoggedRequest } from "../../model.js";

export interface Rest {
  route(method: string, path: string): Route | null;
  /** Runs a routed request. @throws {HttpError} for every refusal */
  run(route: Route, incoming: Incoming, caller: Caller, entry: LoggedRequest): Promise<Answer>;
}

export function createRest(
  site: Site,
  parts: { description: Description; validator: Validator; handlers: Handlers; log: RequestLog },
): Rest {
  const { validator, handlers, log } = parts;
  return {
    route: createRouter(parts.description.operations),
    async run({ operation, params }, incoming, caller, entry) {
      const handler = handlers[operation.id];
      if (!handler) throw new Error(`lab: ${operation.id} is described but has no handler in lab/github/handlers`);
      const query: Record<string, unknown> = Object.fromEntries(incoming.url.searchParams);
      const problems = {
        path: validator.path(operation, params),
        query: validator.query(operation, query),
        body: validator.body(operation, incoming.body),
      };
      log.check(
        entry,
        null,
        [...problems.path, ...problems.query, ...problems.body].map((problem) => problem.message),
      );
      if (!isHere(site, params)) throw notFound();
      checkAccess(caller, handler.needs, site);
      refuseInvalid(problems);
      return handler.handle(callOf(site, incoming, caller, params, query));
    },
  };
}

function isHere(site: Site, params: Route["params"]): boolean {
  const same = (name: string, value: string) => params[name] === undefined || params[name].toLowerCase() === value.toLowerCase();
  return same("owner", site.owner) && same("repo", site.name);
}

function callOf(site: Site, incoming: Incoming, caller: Caller, params: Route["params"], query: Record<string, unknown>): Call {
  const { body, url, accept } = incoming;
  const isRecord = typeof body === "object" && body !== null && !Array.isArray(body);
  return {
    site,
    caller,
    params,
    query: query as Call["query"],
    body: isRecord ? (body as Call["body"]) : {},
    rawBody: body,
    url,
    accept,
  };
}

/** GitHub finds nothing under a malformed path, overlooks unknown query keys, and refuses the rest with 422. */
function refuseInvalid(problems: { readonly path: Problem[]; readonly query: Problem[]; readonly body: Problem[] }): void {
  if (problems.path.length > 0) throw notFound();
  const query = problems.query.filter((problem) => problem.keyword !== "additionalProperties");
  const lines = [...query, ...problems.body].map(wordProblem);
  if (lines.length > 0) throw new HttpError(422, `Invalid request.\n\n${[...new Set(lines)].join("\n")}`);
}

function wordProblem(problem: Problem): string {
  if (problem.keyword === "additionalProperties") return `"${problem.key ?? ""}" is not a permitted key.`;
  if (problem.keyword === "required") return `"${problem.key ?? ""}" wasn't supplied.`;
  return `For '${problem.where}', ${problem.message}.`;
}
