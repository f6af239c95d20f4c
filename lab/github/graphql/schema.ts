import { buildSchema, type GraphQLSchema } from "graphql";

let parsed: Promise<GraphQLSchema> | null = null;

/** GitHub's published schema; parsed once per process, when first asked for, because that takes a third of a second. */
export function githubSchema(): Promise<GraphQLSchema> {
  parsed ??= import("@octokit/graphql-schema").then(({ schema }) => buildSchema(schema.idl, { assumeValid: true }));
  return parsed;
}
