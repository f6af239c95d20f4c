import { z } from "zod";
import type { DeploymentRecord, Deployments } from "../ports.js";
import { Moment } from "./answer.js";
import { GraphQlAuthor } from "./authors.js";
import { parsePlace, type GitHubClient } from "./client.js";
import { present } from "./trunk.js";

export const DEPLOYMENT_FIELDS = `
        databaseId commitOid environment state createdAt
        ref { name prefix }
        creator { kind: __typename login }
        latestStatus { createdAt logUrl environmentUrl }
        statuses(first: 10) { nodes { state } }`;

export const RECENT_DEPLOYMENTS = `query RecentDeployments($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) {
    deployments(first: 30, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes {${DEPLOYMENT_FIELDS}
      }
    }
  }
}`;

export const DeploymentNode = z.object({
  databaseId: z.int(),
  commitOid: z.string(),
  environment: z.string().nullable(),
  state: z.string().nullable(),
  createdAt: Moment,
  ref: z.object({ name: z.string(), prefix: z.string() }).nullable(),
  creator: GraphQlAuthor,
  latestStatus: z.object({ createdAt: Moment, logUrl: z.string().nullable(), environmentUrl: z.string().nullable() }).nullable(),
  statuses: z.object({ nodes: z.array(z.object({ state: z.string() }).nullable()).nullable() }).nullable(),
});

export function toDeployment(deployment: z.infer<typeof DeploymentNode>): DeploymentRecord {
  return {
    id: deployment.databaseId,
    ref: deployment.ref?.prefix === "refs/tags/" ? deployment.ref.name : deployment.commitOid,
    sha: deployment.commitOid,
    environment: deployment.environment ?? "",
    state: readState(
      deployment.state,
      present(deployment.statuses?.nodes).map((status) => status.state),
    ),
    at: deployment.latestStatus?.createdAt ?? deployment.createdAt,
    createdAt: deployment.createdAt,
    by: deployment.creator.login,
    url: deployment.latestStatus?.logUrl ?? deployment.latestStatus?.environmentUrl ?? null,
  };
}

const Answer = z.object({
  repository: z.object({ deployments: z.object({ nodes: z.array(DeploymentNode.nullable()).nullable() }) }),
});

export function createDeployments(client: GitHubClient): Deployments {
  return {
    async recent(repository) {
      const { repository: answer } = await client.graphql.ask({
        document: RECENT_DEPLOYMENTS,
        variables: { ...parsePlace(repository) },
        answer: Answer,
      });
      return present(answer.deployments.nodes).map(toDeployment);
    },
  };
}

/** A later deployment to the same environment turns an active one inactive; one that never succeeded was never live. */
export function readState(state: string | null, statuses: readonly string[]): DeploymentRecord["state"] {
  if (state === "ACTIVE" || state === "SUCCESS") return "live";
  if (state === "FAILURE" || state === "ERROR") return "failed";
  if (state === "INACTIVE" && statuses.includes("SUCCESS")) return "was-live";
  return "other";
}
