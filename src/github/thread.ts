/** An issue and its comments, as parts of GraphQL questions. */
import { z } from "zod";
import type { Issue, Reaction, ThreadComment } from "../ports.js";
import { Moment } from "./answer.js";
import { AUTHOR, GraphQlAuthor } from "./authors.js";
import { present } from "./trunk.js";

export const ISSUE_FIELDS = `number title body url state locked createdAt lastEditedAt ${AUTHOR} labels(first: 100) { nodes { name } }`;

/** Fields of `IssueCommentConnection`. `databaseId` ends at 2³¹, comments do not. */
export const COMMENT_PAGE = `
      pageInfo { hasNextPage endCursor }
      nodes {
        fullDatabaseId body url createdAt lastEditedAt ${AUTHOR}
        reactionGroups { content viewerHasReacted }
      }`;

const IssueFields = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string(),
  url: z.string(),
  state: z.enum(["OPEN", "CLOSED"]),
  locked: z.boolean(),
  createdAt: Moment,
  lastEditedAt: Moment.nullable(),
  author: GraphQlAuthor,
  labels: z.object({ nodes: z.array(z.object({ name: z.string() }).nullable()).nullable() }).nullable(),
});

function toIssue({ lastEditedAt, labels, state, ...same }: z.infer<typeof IssueFields>): Issue {
  return {
    ...same,
    editedAt: lastEditedAt,
    state: state === "OPEN" ? "open" : "closed",
    labels: present(labels?.nodes).map((label) => label.name),
  };
}

const REACTIONS: Readonly<Record<string, Reaction>> = { EYES: "seen", ROCKET: "done", THUMBS_DOWN: "refused" };

/** GitHub's BigInt is written as a string; ids stay far below 2⁵³. */
const BigId = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform(Number)
  .pipe(z.int().positive());

const CommentNode = z
  .object({
    fullDatabaseId: BigId,
    body: z.string(),
    url: z.string(),
    createdAt: Moment,
    lastEditedAt: Moment.nullable(),
    author: GraphQlAuthor,
    reactionGroups: z.array(z.object({ content: z.string(), viewerHasReacted: z.boolean() })).nullable(),
  })
  .transform(
    ({ fullDatabaseId, lastEditedAt, reactionGroups, ...same }): ThreadComment => ({
      ...same,
      id: fullDatabaseId,
      editedAt: lastEditedAt,
      ourReactions: (reactionGroups ?? [])
        .filter((group) => group.viewerHasReacted)
        .flatMap((group) => REACTIONS[group.content] ?? []),
    }),
  );

export const CommentPage = z
  .object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(CommentNode.nullable()).nullable(),
  })
  .transform((page) => ({ comments: present(page.nodes), next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null }));

export const IssueWithComments = IssueFields.extend({ comments: CommentPage }).transform(({ comments, ...issue }) => ({
  issue: toIssue(issue),
  comments,
}));
