import type { EventEmitter } from "node:events";
import type { Actor, Engine, LabClock, LabEvent, LabJob, RepoRole, TokenPermissions } from "../model.js";
import type { Git } from "./git/git.js";
import type { State } from "./state.js";

/** Who asks: resolved from the token once per request. */
export interface Caller {
  readonly actor: Actor | null; // null: no token
  readonly role: RepoRole | null;
  readonly job: { readonly job: LabJob; readonly permissions: TokenPermissions } | null;
}

/** What handlers work on. One repository, its state, and the ways out of it. */
export interface Site {
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: number;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly clock: LabClock;
  readonly urls: { readonly api: string; readonly graphql: string; readonly server: string };
  readonly state: State;
  readonly git: Git;
  readonly events: EventEmitter<{ event: [LabEvent] }>;
  /** @throws when no runner is attached, naming what to do */
  engine(): Engine;
  /** Current state of the caller's rate limit pools, as `GET /rate_limit` shows it. */
  limits(caller: Caller): { readonly core: Limit; readonly graphql: Limit };
}

export interface Limit {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number; // unix seconds
}

/** An answer before headers common to all are added. `text` answers are not JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in GitHub's own words. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  constructor(
    readonly status: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const documentationUrl = "https://docs.github.com/rest";

export function notFound(): HttpError {
  return new HttpError(404, "Not Found");
}

/** 422 as GitHub words it for one bad field. */
export function invalidField(resource: string, field: string, code: string, message?: string): HttpError {
  return new HttpError(422, "Validation Failed", {
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });
}

/** `2024-05-01T12:00:00Z`: GitHub's timestamps stop at the second. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

export function now(site: Site): Date {
  return site.clock.now();
}

/** The authenticated actor; handlers reached with `needs` beyond public reading always have one. */
export function actorOf(caller: Caller): Actor {
  if (caller.actor === null) throw new HttpError(401, "Requires authentication");
  return caller.actor;
}
