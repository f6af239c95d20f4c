import type { SeenComment, SeenRequest, SeenRun } from "./visitor.js";

export interface RequestFigures {
  readonly total: number;
  readonly until_plan: number;
  readonly evidence: number;
  readonly polling: number;
  readonly by_operation: Readonly<Record<string, number>>;
}

const WORKFLOWS = new Set(["incident", "remediate", "sweep"]);
/** What is asked for evidence; the plan looks at the same deployments. */
const EVIDENCE = new Set([
  "graphql:RepositoryHistory",
  "graphql:RecentDeployments",
  "graphql:Postmortems",
  "repos/compare-commits",
  "repos/get-commit",
]);
/** Waiting for a run of the target's workflow. */
const POLLING = new Set(["actions/get-workflow-run", "actions/list-workflow-runs"]);

/** What the jobs of the three workflows asked of GitHub; evidence and polling are parts of the total. */
export function countRequests(
  requests: readonly SeenRequest[],
  runs: readonly SeenRun[],
  comments: readonly SeenComment[],
  planComment: number,
): RequestFigures {
  const ours = new Set(runs.filter(({ workflow }) => WORKFLOWS.has(workflow)).map(({ id }) => id));
  const asked = requests.filter(({ run_id }) => run_id !== null && ours.has(run_id));
  const by_operation: Record<string, number> = {};
  for (const { operation } of asked) by_operation[operation] = (by_operation[operation] ?? 0) + 1;
  const planRequest = postedAs(asked, comments, planComment);
  return {
    total: asked.length,
    until_plan: asked.filter(({ n }) => n <= planRequest).length,
    evidence: asked.filter(({ job, operation }) => job === "respond" && EVIDENCE.has(operation)).length,
    polling: asked.filter(({ job, operation }) => job === "remediate" && POLLING.has(operation)).length,
    by_operation,
  };
}

/** Comments are created in the order of their ids: the i-th comment of the bot is the i-th that was created. */
function postedAs(asked: readonly SeenRequest[], comments: readonly SeenComment[], id: number): number {
  const index = comments.filter((comment) => comment.isBot && comment.id <= id).length - 1;
  const created = asked.filter(({ operation, status }) => operation === "issues/create-comment" && status === 201);
  return created[index]?.n ?? 0;
}
