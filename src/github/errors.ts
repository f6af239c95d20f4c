/** What can go wrong between us and GitHub. Every failure is translated into one of these once, in `translate.ts`. */

/** Common ground, so that callers can tell "GitHub said no" from a fault of ours. */
export abstract class GitHubError extends Error {}

/** No such thing, or the token may not see it: GitHub does not tell the two apart. */
export class NotFoundError extends GitHubError {
  override readonly name = "NotFoundError";
}

/** The token may not do this. The message names the permission to add and where. */
export class ForbiddenError extends GitHubError {
  override readonly name = "ForbiddenError";
  constructor(
    message: string,
    /** As `permissions:` writes it, "issues: write"; null when a permission is not what is missing. */
    readonly permission: string | null,
  ) {
    super(message);
  }
}

/** A rate limit that lasts longer than a job should wait. */
export class RateLimitedError extends GitHubError {
  override readonly name = "RateLimitedError";
  constructor(
    message: string,
    readonly retryAt: Date,
  ) {
    super(message);
  }
}

/** GitHub did not answer, or answered with a fault of its own, also after retries where those are safe. */
export class GitHubDownError extends GitHubError {
  override readonly name = "GitHubDownError";
  constructor(
    message: string,
    /** True for a write whose answer was lost: look before repeating it. */
    readonly mayHaveHappened: boolean,
  ) {
    super(message);
  }
}

/** GitHub understood the request and refuses it as it stands (400, 409, 410, 422). */
export class InvalidRequestError extends GitHubError {
  override readonly name = "InvalidRequestError";
  constructor(
    message: string,
    readonly status: number,
    /** GitHub's own words; the only way it tells "already exists" from other refusals. */
    readonly detail: string,
  ) {
    super(message);
  }
}

/** An answer arrived that is not what GitHub's API describes, or only part of it. */
export class UnexpectedAnswerError extends GitHubError {
  override readonly name = "UnexpectedAnswerError";
}

export { DispatchUncertainError } from "../ports.js";

export function alreadyExists(error: unknown): boolean {
  return error instanceof InvalidRequestError && /already exists/i.test(error.detail);
}
