import type { Access, RepoRole, Scope } from "../../model.js";
import type { Answer, Caller, Site } from "../site.js";

/** What a caller must hold: job tokens the scope, people the role. `metadata` is part of every job token. */
export interface Need {
  readonly scope: Scope | "metadata" | "none";
  readonly access: Access;
  readonly role: RepoRole | "anyone";
}

/** A request whose path, query and body fit GitHub's description. */
export interface Call {
  readonly site: Site;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as sent, for the few operations that also take a bare array. */
  readonly rawBody: unknown;
  readonly url: URL;
  readonly accept: string;
}

export interface Operation {
  readonly needs: Need;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** Operations of one family, keyed by GitHub's `operationId`. */
export type Handlers = Readonly<Record<string, Operation>>;

export function need(scope: Need["scope"], access: Access, role: Need["role"]): Need {
  return { scope, access, role };
}

/** A string of a request's body or query, or the fallback when it was not given. */
export function textIn(values: Readonly<Record<string, unknown>>, key: string, fallback = ""): string {
  const value = values[key];
  return typeof value === "string" ? value : fallback;
}

export function ok(body: unknown, headers?: Record<string, string>): Answer {
  return headers ? { status: 200, body, headers } : { status: 200, body };
}
export function created(body: unknown): Answer {
  return { status: 201, body };
}
export const noContent: Answer = { status: 204 };
