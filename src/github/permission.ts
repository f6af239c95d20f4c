/** Which entry of a job's `permissions:` an operation needs. */

const WRITES: readonly (readonly [RegExp, string])[] = [
  [/\/issues(\/|$)/, "issues: write"],
  [/\/actions\//, "actions: write"],
  [/\/pulls/, "pull-requests: write"],
  [/\/git\//, "contents: write"],
  [/\/contents\//, "contents: write"],
  [/^CreateCommit/, "contents: write"],
];
const READS: readonly (readonly [RegExp, string])[] = [
  [/\/issues/, "issues: read"],
  [/\/actions\//, "actions: read"],
  [/\/environments\//, "actions: read"],
  [/\/deployments/, "deployments: read"],
  [/^(?:RecentDeployments|RepositoryHistory)/, "deployments: read"],
  [/\/pulls/, "pull-requests: read"],
  [/^Look|^MoreComments/, "contents: read and issues: read"],
  [/\/(compare|branches|git|contents)|^Reservations|^File|^Postmortems|^Head/, "contents: read"],
];

/**
 * @param operation - a path template ("/repos/{owner}/{repo}/issues") or the name of a GraphQL operation
 * @param accepted - the `x-accepted-github-permissions` header, "issues=write", which knows better than our table
 * @returns as `permissions:` writes it; null when we cannot tell
 */
export function neededPermission(method: string, operation: string, accepted: string | undefined): string | null {
  const first = accepted?.split(";")[0]?.trim();
  if (first !== undefined && first.includes("=")) return first.replaceAll("_", "-").replaceAll("=", ": ").replaceAll(",", ", ");
  const isRead = method === "GET" || /^[A-Z]/.test(operation);
  const table = isRead && !operation.startsWith("Create") ? READS : WRITES;
  return table.find(([pattern]) => pattern.test(operation))?.[1] ?? null;
}
