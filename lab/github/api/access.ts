import type { Access, RepoRole, Scope } from "../../model.js";
import { type Caller, HttpError, notFound, type Site } from "../site.js";
import type { Need } from "./operation.js";

const ranks: Record<RepoRole, number> = { read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

export function hasRole(caller: Caller, role: RepoRole, site: Site): boolean {
  const held = caller.role ?? (site.private ? null : "read");
  return held !== null && ranks[held] >= ranks[role];
}

/** Job tokens hold exactly their scopes; `metadata: read` comes with every token. */
export function hasScope(caller: Caller, scope: Scope | "metadata" | "none", access: Access): boolean {
  if (scope === "none") return true;
  if (scope === "metadata") return access === "read";
  const held = caller.job?.permissions[scope];
  return held === "write" || (held === "read" && access === "read");
}

/** Does the repository exist for this caller? Private ones look absent to strangers. */
export function canSee(caller: Caller, site: Site): boolean {
  return !site.private || caller.job !== null || caller.role !== null;
}

/** May a person or a job do something that asks for this role, or else this scope? */
export function isAllowed(caller: Caller, needs: Need, site: Site): boolean {
  if (caller.job) return hasScope(caller, needs.scope, needs.access);
  return needs.role === "anyone" || hasRole(caller, needs.role, site);
}

/** @throws {HttpError} 404 for what the caller may not even see, 401 without a token, 403 for the rest */
export function checkAccess(caller: Caller, needs: Need, site: Site): void {
  const ofRepository = needs.scope !== "none";
  if (ofRepository && !canSee(caller, site)) throw notFound();
  if (!isAllowed(caller, needs, site)) throw forbidden(caller, needs);
  if (caller.actor === null && needs.access === "write") throw new HttpError(401, "Requires authentication");
}

function forbidden(caller: Caller, needs: Need): HttpError {
  if (caller.job) {
    const accepted = `${needs.scope.replaceAll("-", "_")}=${needs.access}`;
    return new HttpError(403, "Resource not accessible by integration", {}, { "x-accepted-github-permissions": accepted });
  }
  if (caller.actor === null) return new HttpError(401, "Requires authentication");
  return new HttpError(403, `Must have ${needs.role} rights to Repository.`);
}
