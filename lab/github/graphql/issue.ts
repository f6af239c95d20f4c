import { associationOf, issuePage, labelsOf, renderComment } from "../render/issue.js";
import { nodeId } from "../render/user.js";
import { type Site, timestamp } from "../site.js";
import type { CommentRecord, Editable, EditRecord, IssueRecord } from "../state.js";
import { actorNode, actorOrNull } from "./actor.js";
import { connect, type Node, type PageArgs } from "./connection.js";
import type { Asking } from "./context.js";
import { labelNode } from "./label.js";
import { reactionFields } from "./reactions.js";
import { timelineConnection } from "./timeline.js";

export function issueNode(asking: Asking, issue: IssueRecord): Node {
  const { site } = asking;
  return {
    __typename: "Issue",
    id: nodeId("I", issue.id),
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    closed: issue.state === "closed",
    closedAt: issue.closedAt && timestamp(issue.closedAt),
    locked: issue.locked,
    activeLockReason: issue.lockReason?.toUpperCase().replace(/[ -]/g, "_") ?? null,
    url: issuePage(site, issue),
    ...editableFields(asking, issue),
    labels: (args: PageArgs) => connect({ items: labelsOf(site, issue), keyOf: ({ id }) => id, render: labelNode }, args),
    assignees: (args: PageArgs) =>
      connect({ items: issue.assignees, keyOf: ({ id }) => id, render: (actor) => actorNode(site, actor) }, args),
    comments: (args: PageArgs) => commentsConnection(asking, issue, args),
    timelineItems: (args: PageArgs & { itemTypes?: string[] | null }) => timelineConnection(site, issue, args),
  };
}

type CommentArgs = PageArgs & { readonly orderBy?: { readonly direction: "ASC" | "DESC" } | null };

function commentsConnection(asking: Asking, issue: IssueRecord, args: CommentArgs): Node {
  const key = (comment: CommentRecord) => comment.updatedAt.getTime();
  const sign = args.orderBy?.direction === "DESC" ? -1 : 1;
  const items = args.orderBy ? issue.comments.toSorted((a, b) => sign * (key(a) - key(b) || a.id - b.id)) : issue.comments;
  return connect({ items, keyOf: ({ id }) => id, render: (comment) => commentNode(asking, issue, comment) }, args);
}

function commentNode(asking: Asking, issue: IssueRecord, comment: CommentRecord): Node {
  return {
    __typename: "IssueComment",
    id: nodeId("IC", comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    url: renderComment(asking.site, comment)["html_url"],
    isMinimized: false,
    minimizedReason: null,
    ...editableFields(asking, comment),
    issue: () => issueNode(asking, issue),
  };
}

function editableFields(asking: Asking, record: Editable): Node {
  const { site, caller } = asking;
  return {
    body: record.body,
    author: actorNode(site, record.author),
    authorAssociation: associationOf(site, record),
    editor: actorOrNull(site, record.editor),
    createdAt: timestamp(record.createdAt),
    updatedAt: timestamp(record.updatedAt),
    lastEditedAt: record.lastEditedAt && timestamp(record.lastEditedAt),
    includesCreatedEdit: record.edits.length > 0,
    viewerDidAuthor: caller.actor?.id === record.author.id,
    userContentEdits: (args: PageArgs) => editsConnection(site, record, args),
    ...reactionFields(asking, record),
  };
}

/** Newest first; `diff` holds the whole text of that edit. */
function editsConnection(site: Site, record: Editable, args: PageArgs): Node {
  const render = (edit: EditRecord): Node => ({
    id: nodeId("UCE", edit.id),
    createdAt: timestamp(edit.editedAt),
    updatedAt: timestamp(edit.editedAt),
    editedAt: timestamp(edit.editedAt),
    editor: actorNode(site, edit.editor),
    deletedAt: null,
    deletedBy: null,
    diff: edit.body,
  });
  return connect({ items: record.edits.toReversed(), keyOf: ({ id }) => id, render }, args);
}
