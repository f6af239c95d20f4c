import type { Site } from "../site.js";
import type { IssueRecord } from "../state.js";
import type { PageArgs } from "./connection.js";

export type IssueArgs = PageArgs & {
  readonly labels?: readonly string[] | null;
  readonly states?: readonly string[] | null;
  readonly orderBy?: { readonly field: string; readonly direction: "ASC" | "DESC" } | null;
  readonly filterBy?: {
    readonly createdBy?: string | null;
    readonly assignee?: string | null;
    readonly labels?: readonly string[] | null;
    readonly states?: readonly string[] | null;
    readonly since?: string | null;
  } | null;
};

/** Any of the labels suffices here (REST wants all); oldest first unless ordered. */
export function selectIssueNodes(site: Site, args: IssueArgs): IssueRecord[] {
  const filter = args.filterBy ?? {};
  const labels = (args.labels ?? filter.labels)?.map((name) => name.toLowerCase());
  const states = args.states ?? filter.states;
  const kept = site.state.issues.filter(
    (issue) =>
      issue.pull === null &&
      (!states || states.includes(issue.state.toUpperCase())) &&
      (!labels || [...issue.labels].some((label) => labels.includes(label.toLowerCase()))) &&
      (!filter.createdBy || loginOf(issue.author.login) === loginOf(filter.createdBy)) &&
      (!filter.assignee || issue.assignees.some((actor) => loginOf(actor.login) === loginOf(filter.assignee ?? ""))) &&
      (!filter.since || issue.updatedAt.getTime() >= Date.parse(filter.since)),
  );
  return args.orderBy ? kept.sort(orderOf(args.orderBy.field, args.orderBy.direction)) : kept;
}

/** Bots are known as `name`, `name[bot]` and `app/name`. */
function loginOf(login: string): string {
  return login
    .toLowerCase()
    .replace(/^app\//, "")
    .replace(/\[bot\]$/, "");
}

function orderOf(field: string, direction: "ASC" | "DESC"): (a: IssueRecord, b: IssueRecord) => number {
  const sign = direction === "DESC" ? -1 : 1;
  const key = (issue: IssueRecord) => {
    if (field === "COMMENTS") return issue.comments.length;
    return field === "UPDATED_AT" ? issue.updatedAt.getTime() : issue.createdAt.getTime();
  };
  return (a, b) => sign * (key(a) - key(b) || a.number - b.number);
}
