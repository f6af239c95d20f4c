import type { Access, Scope, TokenPermissions } from "../../model.js";
import { isTreeMap, type Tree } from "./tree.js";

const scopes: readonly Scope[] = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "id-token",
  "issues",
  "packages",
  "pages",
  "pull-requests",
  "security-events",
  "statuses",
];

/** What a job may do whose workflow says nothing: GitHub's restricted default for new repositories. */
export const defaultPermissions: TokenPermissions = { contents: "read" };

/**
 * The value of a `permissions:` key. A scope that a map does not name is none.
 * @returns null when the key is absent
 */
export function readPermissions(tree: Tree | undefined): TokenPermissions | null {
  if (tree === undefined) return null;
  if (tree === "read-all") return every("read");
  if (tree === "write-all") return every("write");
  if (!isTreeMap(tree)) return {};
  const granted: TokenPermissions = {};
  for (const [name, access] of tree) {
    const scope = scopes.find((known) => known === name);
    if (!scope) throw new Error(`the lab's runner does not know the permission "${name}"`);
    if (access === "read" || access === "write") granted[scope] = access;
  }
  return granted;
}

function every(access: Access): TokenPermissions {
  const all = scopes.filter((scope) => access === "write" || scope !== "id-token");
  return Object.fromEntries(all.map((scope) => [scope, access]));
}
