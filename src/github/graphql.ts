import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { parseAnswer } from "./answer.js";
import { ForbiddenError, InvalidRequestError, NotFoundError, type GitHubError } from "./errors.js";
import { neededPermission } from "./permission.js";
import { foreignHint } from "./translate.js";

export interface GraphQlError {
  readonly type: string | null; // "NOT_FOUND", "STALE_DATA" …; null when GitHub gives none
  readonly message: string;
  readonly path: string; // "repository.issue"
}
export interface GraphQlAnswer<T> {
  readonly data: T;
  readonly errors: readonly GraphQlError[];
}
export interface Question<T> {
  readonly document: string; // one named operation
  readonly variables: Readonly<Record<string, unknown>>;
  readonly answer: z.ZodType<T>;
  /** Errors the caller can live with; any other is thrown. */
  readonly tolerate?: (error: GraphQlError) => boolean;
}
export interface GraphQl {
  /** @throws our errors; also when GitHub answers 200 with errors that are not tolerated. */
  ask<T>(question: Question<T>): Promise<T>;
  /** Sent once only, errors as values: what they mean is the caller's to decide. */
  mutate<T>(question: Omit<Question<T>, "tolerate">): Promise<GraphQlAnswer<T | null>>;
}

const Envelope = z.looseObject({
  data: z.unknown().optional(),
  errors: z
    .array(
      z
        .looseObject({
          type: z.string().optional(),
          message: z.string(),
          path: z.array(z.union([z.string(), z.number()])).optional(),
        })
        .transform((error) => ({
          type: error.type ?? null,
          message: error.message,
          path: (error.path ?? []).join("."),
        })),
    )
    .default([]),
});

/** Questions about a repository carry it in the variables `owner` and `repo`. */
const RepositoryVariables = z.looseObject({ owner: z.string(), repo: z.string() });

export function repositoryOf(variables: unknown): string | null {
  const named = RepositoryVariables.safeParse(variables);
  return named.success ? `${named.data.owner}/${named.data.repo}` : null;
}

export function createGraphQl(octokit: Pick<Octokit, "request">, url: string, ownRepository: string): GraphQl {
  async function send(document: string, variables: Readonly<Record<string, unknown>>, repeatable: boolean) {
    const operationName = nameOf(document);
    const response = await octokit.request({
      method: "POST",
      url,
      query: document,
      variables,
      operationName,
      request: { repeatable },
    });
    return { operationName, envelope: parseAnswer(Envelope, response.data, operationName) };
  }
  return {
    async ask({ document, variables, answer, tolerate }) {
      const { operationName, envelope } = await send(document, variables, true);
      const fatal = envelope.errors.find((error) => !tolerate?.(error));
      if (fatal)
        throw translateGraphQl(fatal, operationName, foreignHint({ repository: repositoryOf(variables), ownRepository }));
      return parseAnswer(answer, envelope.data, operationName);
    },
    async mutate({ document, variables, answer }) {
      const { operationName, envelope } = await send(document, variables, false);
      if (envelope.errors.length > 0) return { data: null, errors: envelope.errors };
      return { data: parseAnswer(answer, envelope.data, operationName), errors: [] };
    },
  };
}

export function translateGraphQl(error: GraphQlError, operation: string, hint = ""): GitHubError {
  const where = error.path === "" ? operation : `${operation} at ${error.path}`;
  if (error.type === "NOT_FOUND")
    return new NotFoundError(`GitHub knows nothing of this for this token (${where}): ${error.message}${hint}`);
  if (error.type === "FORBIDDEN") return forbidden(error, operation, where, hint);
  return new InvalidRequestError(`GitHub refused ${where}: ${error.message}`, 200, error.message);
}

function forbidden(error: GraphQlError, operation: string, where: string, hint: string): ForbiddenError {
  const permission = hint === "" ? neededPermission("POST", operation, undefined) : null;
  const needs = permission === null ? hint : ` It needs \`${permission}\` in the job's \`permissions:\` in the workflow file.`;
  return new ForbiddenError(`GitHub forbids ${where}: ${error.message}.${needs}`, permission);
}

/**
 * GraphQL reports limits and faults of its own with status 200. They become failed requests here, so that the one retry
 * policy sees them.
 */
export function raiseGraphQlFault<R extends { readonly url: string; readonly headers: object; readonly data: unknown }>(
  response: R,
): R {
  if (!response.url.endsWith("/graphql")) return response;
  const errors = Envelope.safeParse(response.data).data?.errors ?? [];
  const limited = errors.find((error) => error.type === "RATE_LIMITED");
  if (limited) throw Object.assign(new Error(limited.message), { status: 429, response });
  const fault = errors.find((error) => error.type === null && /something went wrong|timed? ?out/i.test(error.message));
  if (fault) throw Object.assign(new Error(fault.message), { status: 502, response });
  return response;
}

function nameOf(document: string): string {
  const name = /\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1];
  if (name === undefined) throw new RangeError("A GraphQL document needs a named operation.");
  return name;
}
