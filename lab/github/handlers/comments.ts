import { hasRole } from "../api/access.js";
import { type Call, created, type Handlers, need, noContent, ok } from "../api/operation.js";
import { listPage } from "../api/pages.js";
import { editBody, emitComment } from "../issues/change.js";
import { addComment } from "../issues/create.js";
import { commentOf, issueOf } from "../issues/find.js";
import { parseSince, wholeSeconds } from "../issues/select.js";
import { renderComment } from "../render/issue.js";
import { type Answer, HttpError, invalidField } from "../site.js";
import type { CommentRecord, IssueRecord } from "../state.js";

const readIssues = need("issues", "read", "read");
const writeIssues = need("issues", "write", "read");

export const commentHandlers: Handlers = {
  "issues/list-comments": { needs: readIssues, handle: (call) => listComments(call, since(call, issueOf(call).comments)) },
  "issues/list-comments-for-repo": { needs: readIssues, handle: listAllComments },
  "issues/get-comment": { needs: readIssues, handle: (call) => ok(renderComment(call.site, commentOf(call).comment)) },
  "issues/create-comment": { needs: writeIssues, handle: createComment },
  "issues/update-comment": { needs: writeIssues, handle: updateComment },
  "issues/delete-comment": { needs: writeIssues, handle: deleteComment },
};

function since(call: Call, comments: readonly CommentRecord[]): CommentRecord[] {
  const from = call.query["since"];
  return comments.filter((comment) => from === undefined || wholeSeconds(comment.updatedAt) >= parseSince(from));
}

function listComments(call: Call, comments: readonly CommentRecord[]): Promise<Answer> {
  return listPage(call, comments, (comment) => renderComment(call.site, comment));
}

function listAllComments(call: Call): Promise<Answer> {
  const all = since(
    call,
    call.site.state.issues.flatMap((issue) => issue.comments),
  );
  const key = (comment: CommentRecord) => (call.query["sort"] === "updated" ? comment.updatedAt : comment.createdAt).getTime();
  const sign = call.query["sort"] !== undefined && call.query["direction"] === "desc" ? -1 : 1;
  return listComments(
    call,
    all.sort((a, b) => sign * (key(a) - key(b) || a.id - b.id)),
  );
}

function createComment(call: Call): Answer {
  const { site, caller } = call;
  const issue = issueOf(call);
  checkUnlocked(call, issue);
  const body = String(call.body["body"]);
  if (body.trim() === "") throw invalidField("IssueComment", "body", "missing_field");
  const comment = addComment(site, caller, issue, body);
  emitComment(site, caller, issue, comment, "created");
  return created(renderComment(site, comment));
}

/** A locked conversation takes comments from people with write access only, and from no token of a job. */
function checkUnlocked(call: Call, issue: IssueRecord): void {
  if (!issue.locked || (call.caller.job === null && hasRole(call.caller, "write", call.site))) return;
  throw new HttpError(403, "Unable to create comment because issue is locked.");
}

function updateComment(call: Call): Answer {
  const { issue, comment } = ownComment(call);
  const from = comment.body;
  if (editBody(call.site, call.caller, comment, String(call.body["body"]))) {
    emitComment(call.site, call.caller, issue, comment, "edited", { changes: { body: { from } } });
  }
  return ok(renderComment(call.site, comment));
}

function deleteComment(call: Call): Answer {
  const { issue, comment } = ownComment(call);
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  issue.updatedAt = call.site.clock.now();
  emitComment(call.site, call.caller, issue, comment, "deleted");
  return noContent;
}

/** Anyone with write access edits and deletes anyone's comment; others only their own. */
function ownComment(call: Call): ReturnType<typeof commentOf> {
  const found = commentOf(call);
  const own = call.caller.actor?.id === found.comment.author.id;
  if (own || call.caller.job !== null || hasRole(call.caller, "write", call.site)) return found;
  throw new HttpError(403, "Must have admin rights to Repository.");
}
