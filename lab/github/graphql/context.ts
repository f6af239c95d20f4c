import type { Access, Scope } from "../../model.js";
import { isAllowed } from "../api/access.js";
import { need } from "../api/operation.js";
import type { Caller, Site } from "../site.js";
import { refusal } from "./errors.js";

export interface Asking {
  readonly site: Site;
  readonly caller: Caller;
}

/** @throws FORBIDDEN when the caller lacks the scope (jobs) or the role (people) */
export function demand({ site, caller }: Asking, scope: Scope | "metadata", access: Access): void {
  const role = access === "write" ? "write" : "read";
  if (isAllowed(caller, need(scope, access, role), site)) return;
  const message = caller.job
    ? "Resource not accessible by integration"
    : `${caller.actor?.login ?? "anonymous"} does not have the correct permissions`;
  throw refusal("FORBIDDEN", message);
}
