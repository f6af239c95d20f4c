import { resolveCommit } from "../git/objects.js";
import { readRef } from "../git/refs.js";
import { nodeId } from "../render/user.js";
import { type Site, timestamp } from "../site.js";
import type { DeploymentRecord, DeploymentStatusRecord } from "../state.js";
import { actorNode } from "./actor.js";
import { connect, type Node, type PageArgs } from "./connection.js";
import { objectNode, refNode } from "./git-object.js";

export type DeploymentArgs = PageArgs & {
  readonly environments?: readonly string[] | null;
  readonly orderBy?: { readonly direction: "ASC" | "DESC" } | null;
};

/** Oldest first unless asked otherwise. */
export function deploymentsConnection(site: Site, args: DeploymentArgs): Node {
  const kept = site.state.deployments.filter(({ environment }) => !args.environments || args.environments.includes(environment));
  const items = args.orderBy?.direction === "DESC" ? kept.toReversed() : kept;
  return connect({ items, keyOf: ({ id }) => id, render: (deployment) => deploymentNode(site, deployment) }, args);
}

function deploymentNode(site: Site, deployment: DeploymentRecord): Node {
  const latest = deployment.statuses.at(-1);
  return {
    __typename: "Deployment",
    id: nodeId("DE", deployment.id),
    databaseId: deployment.id,
    commitOid: deployment.sha,
    commit: async () => objectNode(site, (await resolveCommit(site.git, deployment.sha)) ?? ""),
    createdAt: timestamp(deployment.createdAt),
    updatedAt: timestamp(deployment.updatedAt),
    creator: actorNode(site, deployment.creator),
    description: deployment.description,
    environment: deployment.environment,
    originalEnvironment: deployment.environment,
    latestEnvironment: latest?.environment ?? deployment.environment,
    payload: JSON.stringify(deployment.payload),
    task: deployment.task,
    state: stateOf(latest),
    latestStatus: latest ? statusNode(site, latest) : null,
    ref: () => findRef(site, deployment.ref),
    statuses: (args: PageArgs) =>
      connect(
        { items: deployment.statuses.toReversed(), keyOf: ({ id }) => id, render: (status) => statusNode(site, status) },
        args,
      ),
  };
}

/** A deployment that succeeded is ACTIVE until another takes its place; one without a status is PENDING. */
function stateOf(latest: DeploymentStatusRecord | undefined): string {
  if (!latest) return "PENDING";
  return latest.state === "success" ? "ACTIVE" : latest.state.toUpperCase();
}

function statusNode(site: Site, status: DeploymentStatusRecord): Node {
  return {
    __typename: "DeploymentStatus",
    id: nodeId("DES", status.id),
    state: status.state.toUpperCase(),
    creator: actorNode(site, status.creator),
    createdAt: timestamp(status.createdAt),
    updatedAt: timestamp(status.createdAt),
    description: status.description === "" ? null : status.description,
    environment: status.environment,
    environmentUrl: status.environmentUrl === "" ? null : status.environmentUrl,
    logUrl: status.logUrl === "" ? null : status.logUrl,
  };
}

async function findRef(site: Site, name: string): Promise<Node | null> {
  for (const full of [name, `refs/heads/${name}`, `refs/tags/${name}`]) {
    const ref = await readRef(site.git, full);
    if (ref) return refNode(site, ref);
  }
  return null;
}
