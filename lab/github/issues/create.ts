import { actorOf, type Caller, invalidField, type Site } from "../site.js";
import type { CommentRecord, Editable, IssueRecord, PullRecord } from "../state.js";
import { bodyLimit } from "./change.js";

export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly pull: PullRecord | null;
}

/** Adds an issue (or pull request) with the next number; labels, assignees and the event are the caller's work. */
export function addIssue(site: Site, caller: Caller, { title, body, pull }: NewIssue): IssueRecord {
  checkLength(body, "Issue");
  const issue: IssueRecord = {
    ...newEditable(site, caller, body),
    id: site.state.nextId(),
    number: Math.max(0, ...site.state.issues.map((known) => known.number)) + 1,
    title,
    state: "open",
    stateReason: null,
    locked: false,
    lockReason: null,
    labels: new Set(),
    assignees: [],
    closedAt: null,
    closedBy: null,
    comments: [],
    timeline: [],
    pull,
  };
  site.state.issues.push(issue);
  return issue;
}

export function addComment(site: Site, caller: Caller, issue: IssueRecord, body: string): CommentRecord {
  checkLength(body, "IssueComment");
  const comment: CommentRecord = { ...newEditable(site, caller, body), id: site.state.nextId(), issueNumber: issue.number };
  issue.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  return comment;
}

function newEditable(site: Site, caller: Caller, body: string): Editable {
  const at = site.clock.now();
  return {
    body,
    author: actorOf(caller),
    createdAt: at,
    updatedAt: at,
    edits: [],
    lastEditedAt: null,
    editor: null,
    reactions: [],
  };
}

/** @throws {HttpError} 422 above GitHub's limit */
function checkLength(body: string, resource: string): void {
  if (Array.from(body).length <= bodyLimit) return;
  throw invalidField(resource, "body", "unprocessable", `body is too long (maximum is ${bodyLimit} characters)`);
}
