import type { Call } from "../api/operation.js";
import { notFound } from "../site.js";
import type { CommentRecord, IssueRecord } from "../state.js";

/** @throws {HttpError} 404 */
export function issueOf(call: Call): IssueRecord {
  const number = Number(call.params["issue_number"]);
  const issue = call.site.state.issues.find((candidate) => candidate.number === number);
  if (!issue) throw notFound();
  return issue;
}

/** @throws {HttpError} 404 */
export function commentOf(call: Call): { issue: IssueRecord; comment: CommentRecord } {
  const id = Number(call.params["comment_id"]);
  for (const issue of call.site.state.issues) {
    const comment = issue.comments.find((candidate) => candidate.id === id);
    if (comment) return { issue, comment };
  }
  throw notFound();
}
