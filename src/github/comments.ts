import { z } from "zod";
import type { CommentWriter, Reaction, Reactor, ThreadComment } from "../ports.js";
import { Moment, parseAnswer } from "./answer.js";
import { RestAuthor } from "./authors.js";
import { REPEATABLE, type GitHubClient } from "./client.js";

/** As with issues, `editedAt` is only an upper bound here, and `ourReactions` is unknown (empty): `Desk.look` tells both. */
const RestComment = z
  .object({
    id: z.int().positive(),
    body: z.string().nullish(),
    user: RestAuthor,
    created_at: Moment,
    updated_at: Moment,
    html_url: z.string(),
  })
  .transform(
    (comment): ThreadComment => ({
      id: comment.id,
      body: comment.body ?? "",
      author: comment.user,
      createdAt: comment.created_at,
      editedAt: comment.updated_at.getTime() === comment.created_at.getTime() ? null : comment.updated_at,
      url: comment.html_url,
      ourReactions: [],
    }),
  );

/** Posting is never repeated by itself: an uncertain one is looked for by its marker. */
export function createCommentWriter(client: GitHubClient): CommentWriter {
  return {
    async post(incident, body) {
      const { data } = await client.rest.issues.createComment({ ...client.repository, issue_number: incident, body });
      return parseAnswer(RestComment, data, `commenting on issue #${incident}`);
    },
    async edit(commentId, body) {
      const { data } = await client.rest.issues.updateComment({ ...client.repository, comment_id: commentId, body });
      return parseAnswer(RestComment, data, `editing comment ${commentId}`);
    },
  };
}

const CONTENTS = { seen: "eyes", done: "rocket", refused: "-1" } as const satisfies Record<Reaction, string>;

/** A second reaction of the same kind is the first one. */
export function createReactor(client: GitHubClient): Reactor {
  return {
    async react(commentId, reaction) {
      await client.rest.reactions.createForIssueComment({
        ...client.repository,
        comment_id: commentId,
        content: CONTENTS[reaction],
        ...REPEATABLE,
      });
    },
  };
}
