import {
  ForbiddenError,
  GitHubDownError,
  InvalidRequestError,
  NotFoundError,
  RateLimitedError,
  type GitHubError,
} from "./errors.js";
import { isRateLimit, wasNeverSent, type Failure } from "./failure.js";
import { neededPermission } from "./permission.js";
import { limitSeconds } from "./retry.js";

/** What was asked, without anything secret. */
export interface Asked {
  readonly method: string;
  readonly operation: string; // path template or name of a GraphQL operation
  readonly repository: string | null; // "owner/name" the path speaks of
  readonly ownRepository: string;
}

/** A failed request in our words: the thing, the place, the next step. */
export function translateFailure(failure: Failure, asked: Asked, now: Date): GitHubError {
  const what = `${asked.method} ${asked.operation}`;
  if (isRateLimit(failure)) return rateLimited(failure, what, now);
  if (failure.status === null || failure.status >= 500) return down(failure, asked, what);
  if (failure.status === 404)
    return new NotFoundError(`GitHub knows nothing at ${place(asked)} for this token (404, ${what}).${foreignHint(asked)}`);
  if (failure.status === 401)
    return new ForbiddenError(
      `GitHub does not accept the token (401, ${what}): it is wrong, expired or revoked. Check the input github-token.`,
      null,
    );
  if (failure.status === 403) return forbidden(failure, asked, what);
  return new InvalidRequestError(
    `GitHub refused ${what} in ${place(asked)} (${failure.status}): ${failure.message}`,
    failure.status,
    failure.message,
  );
}

function rateLimited(failure: Failure, what: string, now: Date): RateLimitedError {
  const retryAt = new Date(now.getTime() + limitSeconds(failure, now) * 1000);
  return new RateLimitedError(
    `GitHub's rate limit is used up (${failure.status}, ${what}). It may be asked again at ${retryAt.toISOString()}.`,
    retryAt,
  );
}

function down(failure: Failure, asked: Asked, what: string): GitHubDownError {
  const why = failure.status === null ? `no answer: ${failure.code ?? failure.message}` : `${failure.status}: ${failure.message}`;
  const mayHaveHappened = asked.method !== "GET" && !wasNeverSent(failure);
  return new GitHubDownError(`GitHub could not carry out ${what} (${why}).`, mayHaveHappened);
}

function forbidden(failure: Failure, asked: Asked, what: string): ForbiddenError {
  const base = `GitHub forbids ${what} in ${place(asked)} (403): ${failure.message}.`;
  const isPermission =
    /not accessible|must have|permission|not authorized/i.test(failure.message) || failure.message === "Forbidden";
  if (!isPermission || isForeign(asked)) return new ForbiddenError(`${base}${foreignHint(asked)}`, null);
  const permission = neededPermission(asked.method, asked.operation, failure.headers["x-accepted-github-permissions"]);
  const hint = permission === null ? "" : ` It needs \`${permission}\` in the job's \`permissions:\` in the workflow file.`;
  return new ForbiddenError(`${base}${hint}`, permission);
}

function place(asked: Asked): string {
  return asked.repository ?? asked.ownRepository;
}
function isForeign(asked: Pick<Asked, "repository" | "ownRepository">): boolean {
  return asked.repository !== null && asked.repository.toLowerCase() !== asked.ownRepository.toLowerCase();
}
/** Why another repository is often out of reach; empty for our own. */
export function foreignHint(asked: Pick<Asked, "repository" | "ownRepository">): string {
  if (!isForeign(asked)) return "";
  return ` The GITHUB_TOKEN of ${asked.ownRepository} cannot read other private repositories: give the input github-token an App token that can read ${asked.repository}.`;
}
