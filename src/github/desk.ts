import { z } from "zod";
import type { Desk, OpenIncident, Snapshot, ThreadComment } from "../ports.js";
import { Moment } from "./answer.js";
import { AUTHOR, GraphQlAuthor } from "./authors.js";
import type { GitHubClient } from "./client.js";
import { COMMENT_PAGE, CommentPage, ISSUE_FIELDS, IssueWithComments } from "./thread.js";
import { present, readTrunk, TRUNK_FIELDS, TrunkAnswer, type TrunkPaths } from "./trunk.js";

export const LOOK = `query Look($owner: String!, $repo: String!, $config: String!, $index: String!, $incident: Int!, $withIssue: Boolean!) {
  repository(owner: $owner, name: $repo) {${TRUNK_FIELDS}
    issue(number: $incident) @include(if: $withIssue) {
      ${ISSUE_FIELDS}
      comments(first: 100) {${COMMENT_PAGE}
      }
    }
    openIncidents: issues(first: 30, labels: ["incident"], states: [OPEN], orderBy: {field: CREATED_AT, direction: DESC})
      @include(if: $withIssue) { nodes { number title createdAt url ${AUTHOR} } }
  }
}`;

export const MORE_COMMENTS = `query MoreComments($owner: String!, $repo: String!, $incident: Int!, $after: String!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $incident) {
      comments(first: 100, after: $after) {${COMMENT_PAGE}
      }
    }
  }
}`;

const OpenIssue = z.object({
  number: z.int().positive(),
  title: z.string(),
  createdAt: Moment,
  url: z.url({ protocol: /^https?$/ }),
  author: GraphQlAuthor,
});
const Look = z.object({
  repository: TrunkAnswer.extend({
    issue: IssueWithComments.nullish(),
    openIncidents: z.object({ nodes: z.array(OpenIssue.nullable()).nullable() }).nullish(),
  }),
});
const More = z.object({ repository: z.object({ issue: z.object({ comments: CommentPage }).nullable() }) });

/** One request for everything a job wants to know of repository and incident; further ones only beyond 100 comments. */
export function createDesk(client: GitHubClient, paths: TrunkPaths): Desk {
  return {
    async look(incident): Promise<Snapshot> {
      const variables = {
        ...client.repository,
        config: `HEAD:${paths.config}`,
        index: `HEAD:${paths.index}`,
        incident: incident ?? 0,
        withIssue: incident !== null,
      };
      const isNoIssue = (error: { type: string | null; path: string }) =>
        error.type === "NOT_FOUND" && error.path === "repository.issue";
      const { repository } = await client.graphql.ask({ document: LOOK, variables, answer: Look, tolerate: isNoIssue });
      const trunk = readTrunk(repository, paths);
      client.learned.defaultBranch = trunk.defaultBranch;
      const at = client.clock.now();
      const openIncidents = present(repository.openIncidents?.nodes).flatMap(toOpenIncident);
      if (!repository.issue || incident === null) return { at, trunk, issue: null, comments: [], openIncidents };
      const { issue, comments } = repository.issue;
      const rest = await loadMoreComments(client, incident, comments.next);
      return { at, trunk, issue, comments: [...comments.comments, ...rest].sort((a, b) => a.id - b.id), openIncidents };
    },
  };
}

function toOpenIncident({ number, title, createdAt, url, author }: z.infer<typeof OpenIssue>): readonly OpenIncident[] {
  return author.isBot ? [{ number, title, openedAt: createdAt, url }] : [];
}

async function loadMoreComments(client: GitHubClient, incident: number, from: string | null): Promise<ThreadComment[]> {
  const loaded: ThreadComment[] = [];
  for (let after = from; after !== null; ) {
    const variables = { ...client.repository, incident, after };
    const { repository } = await client.graphql.ask({ document: MORE_COMMENTS, variables, answer: More });
    loaded.push(...(repository.issue?.comments.comments ?? []));
    after = repository.issue?.comments.next ?? null;
  }
  return loaded;
}
