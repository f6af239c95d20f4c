import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFieldResolver,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from "graphql";
import type { LoggedRequest } from "../../model.js";
import { canSee } from "../api/access.js";
import type { RequestLog } from "../api/log.js";
import { type Answer, type Caller, HttpError, type Site, timestamp } from "../site.js";
import { type CommitInput, createCommitOnBranch } from "./commit-on-branch.js";
import { actorNode } from "./actor.js";
import type { Node } from "./connection.js";
import type { Asking } from "./context.js";
import { MissingFieldError, refusal } from "./errors.js";
import { repositoryNode } from "./repository.js";
import { githubSchema } from "./schema.js";

export interface GraphqlApi {
  /** `graphql:<operation name>`, or of its first field when it has none. */
  nameOf(body: unknown): string;
  isMutation(body: unknown): boolean;
  run(body: unknown, caller: Caller, entry: LoggedRequest): Promise<Answer>;
}

interface GraphqlBody {
  readonly query?: unknown;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
}

export function createGraphqlApi(site: Site, log: RequestLog): GraphqlApi {
  return {
    nameOf: (body) => `graphql:${nameOf(operationIn(body))}`,
    isMutation: (body) => operationIn(body)?.operation === OperationTypeNode.MUTATION,
    run: (body, caller, entry) => run({ site, caller }, body ?? {}, log, entry),
  };
}

async function run(asking: Asking, body: GraphqlBody, log: RequestLog, entry: LoggedRequest): Promise<Answer> {
  if (asking.caller.actor === null) throw new HttpError(401, "This endpoint requires you to be authenticated.");
  if (typeof body.query !== "string") return refuse(log, entry, ["A query attribute must be specified and must be a string."]);
  const document = parseQuery(body.query);
  if (typeof document === "string") return refuse(log, entry, [document]);
  const schema = await githubSchema();
  const problems = validate(schema, document).map((error) => error.message);
  if (problems.length > 0) return refuse(log, entry, problems);
  log.check(entry, null, []);
  const answer = await execute({
    schema,
    document,
    rootValue: rootOf(asking),
    variableValues: body.variables ?? {},
    operationName: body.operationName ?? null,
    fieldResolver: resolveField,
  });
  const missing = (answer.errors ?? []).flatMap(labProblem);
  log.check(entry, 200, missing);
  return {
    status: 200,
    body: { ...(answer.data === undefined ? {} : { data: answer.data }), ...renderErrors(answer.errors ?? []) },
  };
}

function refuse(log: RequestLog, entry: LoggedRequest, problems: readonly string[]): Answer {
  log.check(entry, null, problems);
  return { status: 200, body: { errors: problems.map((message) => ({ message })) } };
}

/** The document, or what is wrong with its syntax. */
function parseQuery(query: string): DocumentNode | string {
  try {
    return parse(query);
  } catch (error) {
    return (error as Error).message;
  }
}

function operationIn(body: unknown): OperationDefinitionNode | null {
  const { query, operationName } = (body ?? {}) as GraphqlBody;
  const document = typeof query === "string" ? parseQuery(query) : "";
  if (typeof document === "string") return null;
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.find((operation) => operation.name?.value === operationName) ?? operations[0] ?? null;
}

function nameOf(operation: OperationDefinitionNode | null): string {
  if (operation === null) return "malformed";
  const first = operation.selectionSet.selections[0];
  return operation.name?.value ?? (first?.kind === Kind.FIELD ? first.name.value : "anonymous");
}

function rootOf(asking: Asking): Node {
  const { site, caller } = asking;
  return {
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const here = `${owner}/${name}`.toLowerCase() === `${site.owner}/${site.name}`.toLowerCase();
      if (!here || !canSee(caller, site))
        throw refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return repositoryNode(asking);
    },
    viewer: () => ({
      ...(caller.actor ? actorNode(site, caller.actor) : {}),
      __typename: "User",
      login: caller.actor?.login ?? "",
    }),
    rateLimit: () => rateLimitNode(asking),
    createCommitOnBranch: ({ input }: { input: CommitInput }) => createCommitOnBranch(asking, input),
  };
}

function rateLimitNode({ site, caller }: Asking): Node {
  const { limit, used, remaining, reset } = site.limits(caller).graphql;
  return { cost: 1, limit, used, remaining, nodeCount: 0, resetAt: timestamp(new Date(reset * 1000)) };
}

/** Fields are plain values or functions of their arguments; one that is absent is an error, never null. */
const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
  const value = (source as Node)[info.fieldName];
  if (value === undefined) throw new MissingFieldError(`${info.parentType.name}.${info.fieldName}`);
  return typeof value === "function" ? (value as (args: unknown) => unknown)(args) : value;
};

/** Errors that are not refusals in GitHub's words are gaps or bugs of the stand-in. */
function labProblem(error: GraphQLError): string[] {
  return error.extensions["type"] === undefined ? [error.message] : [];
}

function renderErrors(errors: readonly GraphQLError[]): { errors?: unknown[] } {
  if (errors.length === 0) return {};
  const rendered = errors.map(({ message, path, locations, extensions }) => ({ ...extensions, path, locations, message }));
  return { errors: rendered };
}
