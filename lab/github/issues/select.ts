import type { Call } from "../api/operation.js";
import { HttpError } from "../site.js";
import type { IssueRecord } from "../state.js";

type QueryValue = Call["query"][string];

/** Filters and order of `GET /repos/{owner}/{repo}/issues`; newest first unless asked otherwise. */
export function selectIssues(call: Call): IssueRecord[] {
  const { query } = call;
  const state = query["state"] ?? "open";
  const labels = listOf(query["labels"]);
  const kept = call.site.state.issues.filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      labels.every((name) => [...issue.labels].some((label) => label.toLowerCase() === name.toLowerCase())) &&
      isBy(issue, query["creator"]) &&
      isAssignedTo(issue, query["assignee"]) &&
      isUpdatedSince(issue, query["since"]),
  );
  return kept.sort(orderOf(query["sort"], query["direction"]));
}

function listOf(value: unknown): string[] {
  return typeof value === "string"
    ? value
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean)
    : [];
}

/** Bots go by `name[bot]` here; `app/name` is accepted too. */
function isBy(issue: IssueRecord, creator: QueryValue): boolean {
  if (creator === undefined) return true;
  const login = String(creator).replace(/^app\/(.*)$/, "$1[bot]");
  return issue.author.login.toLowerCase() === login.toLowerCase();
}

function isAssignedTo(issue: IssueRecord, assignee: QueryValue): boolean {
  if (assignee === undefined) return true;
  if (assignee === "none") return issue.assignees.length === 0;
  return issue.assignees.some((actor) => assignee === "*" || actor.login.toLowerCase() === String(assignee).toLowerCase());
}

function isUpdatedSince(issue: IssueRecord, since: QueryValue): boolean {
  return since === undefined || wholeSeconds(issue.updatedAt) >= parseSince(since);
}

/** @throws {HttpError} 422 when the text is no date */
export function parseSince(since: QueryValue): number {
  const at = Date.parse(String(since));
  if (Number.isNaN(at)) throw new HttpError(422, `Invalid since: ${String(since)}`);
  return at;
}

export function wholeSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

function orderOf(sort: unknown, direction: unknown): (a: IssueRecord, b: IssueRecord) => number {
  const sign = direction === "asc" ? 1 : -1;
  return (a, b) => sign * (sortKey(a, sort) - sortKey(b, sort) || a.number - b.number);
}

function sortKey(issue: IssueRecord, sort: unknown): number {
  if (sort === "comments") return issue.comments.length;
  return sort === "updated" ? issue.updatedAt.getTime() : issue.createdAt.getTime();
}
