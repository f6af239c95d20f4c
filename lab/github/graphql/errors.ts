import { GraphQLError } from "graphql";

export type ErrorType =
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "STALE_DATA"
  | "UNPROCESSABLE"
  | "MISSING_PAGINATION_BOUNDARIES"
  | "EXCESSIVE_PAGINATION"
  | "INVALID_CURSOR_ARGUMENTS";

/** A refusal with the `type` GitHub puts beside the message. */
export function refusal(type: ErrorType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** The schema has the field, the stand-in does not: never answered with a guess. */
export class MissingFieldError extends Error {
  override readonly name = "MissingFieldError";
  constructor(readonly field: string) {
    super(`lab: GitHub's stand-in does not resolve ${field}; add it to lab/github/graphql`);
  }
}
