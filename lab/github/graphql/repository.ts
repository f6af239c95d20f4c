import type { LabEnvironment } from "../../model.js";
import { resolveObject } from "../git/objects.js";
import { readRef } from "../git/refs.js";
import { repositoryPage } from "../render/repository.js";
import { nodeId } from "../render/user.js";
import { timestamp } from "../site.js";
import type { IssueRecord, RulesetRecord } from "../state.js";
import { actorNode } from "./actor.js";
import { connect, type Node, type PageArgs } from "./connection.js";
import { type Asking, demand } from "./context.js";
import { type DeploymentArgs, deploymentsConnection } from "./deployment.js";
import { refusal } from "./errors.js";
import { objectNode, type RefArgs, refNode, refsConnection } from "./git-object.js";
import { issueNode } from "./issue.js";
import { labelNode } from "./label.js";
import { type IssueArgs, selectIssueNodes } from "./issues.js";

export function repositoryNode(asking: Asking): Node {
  const { site } = asking;
  return {
    __typename: "Repository",
    id: nodeId("R", site.repositoryId),
    databaseId: site.repositoryId,
    name: site.name,
    nameWithOwner: `${site.owner}/${site.name}`,
    owner: () =>
      actorNode(site, site.state.users.get(site.owner.toLowerCase()) ?? { id: 9_100_001, login: site.owner, type: "User" }),
    isPrivate: site.private,
    visibility: site.private ? "PRIVATE" : "PUBLIC",
    isArchived: false,
    isFork: false,
    hasIssuesEnabled: true,
    url: repositoryPage(site),
    createdAt: timestamp(site.state.createdAt),
    ...gitFields(asking),
    ...issueFields(asking),
    rulesets: (args: PageArgs) => connect({ items: site.state.rulesets, keyOf: ({ id }) => id, render: rulesetNode }, args),
    deployments: (args: DeploymentArgs) => {
      demand(asking, "deployments", "read");
      return deploymentsConnection(site, args);
    },
    releases: (args: PageArgs) => {
      demand(asking, "contents", "read");
      return connect({ items: [] as Node[], keyOf: () => 0, render: (release) => release }, args);
    },
    environment: ({ name }: { name: string }) => {
      demand(asking, "actions", "read");
      const found = site.state.environments.get(name.toLowerCase());
      return found ? environmentNode(found) : null;
    },
    environments: (args: PageArgs) => {
      demand(asking, "actions", "read");
      return connect({ items: [...site.state.environments.values()], keyOf: ({ id }) => id, render: environmentNode }, args);
    },
  };
}

function gitFields(asking: Asking): Node {
  const { site } = asking;
  const refNamed = async (name: string): Promise<Node | null> => {
    demand(asking, "contents", "read");
    const candidates = name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
    for (const candidate of candidates) {
      const ref = await readRef(site.git, candidate);
      if (ref) return refNode(site, ref);
    }
    return null;
  };
  return {
    defaultBranchRef: () => refNamed(site.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refNamed(qualifiedName),
    refs: (args: RefArgs) => {
      demand(asking, "contents", "read");
      return refsConnection(site, args);
    },
    object: async ({ expression, oid }: { expression?: string | null; oid?: string | null }) => {
      demand(asking, "contents", "read");
      const sha = await resolveObject(site.git, expression ?? oid ?? "");
      return sha === null ? null : objectNode(site, sha);
    },
  };
}

function issueFields(asking: Asking): Node {
  const { site } = asking;
  return {
    issue: ({ number }: { number: number }) => {
      demand(asking, "issues", "read");
      const issue = site.state.issues.find((candidate) => candidate.number === number && candidate.pull === null);
      if (!issue) throw refusal("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`);
      return issueNode(asking, issue);
    },
    issues: (args: IssueArgs) => {
      demand(asking, "issues", "read");
      const render = (issue: IssueRecord) => issueNode(asking, issue);
      return connect({ items: selectIssueNodes(site, args), keyOf: (issue) => issue.number, render }, args);
    },
    labels: (args: PageArgs) =>
      connect({ items: [...site.state.labels.values()], keyOf: ({ id }) => id, render: labelNode }, args),
    label: ({ name }: { name: string }) => {
      const label = site.state.labels.get(name.toLowerCase());
      return label ? labelNode(label) : null;
    },
  };
}

function rulesetNode(ruleset: RulesetRecord): Node {
  const ruleNode = (type: string): Node => ({
    id: nodeId("RR", `${ruleset.id}:${type}`),
    type: type.toUpperCase(),
    parameters: null,
  });
  return {
    __typename: "RepositoryRuleset",
    id: nodeId("RRS", ruleset.id),
    databaseId: ruleset.id,
    name: ruleset.name,
    target: ruleset.target.toUpperCase(),
    enforcement: ruleset.enforcement.toUpperCase(),
    conditions: { refName: { include: ruleset.include, exclude: ruleset.exclude } },
    createdAt: timestamp(ruleset.createdAt),
    updatedAt: timestamp(ruleset.createdAt),
    bypassActors: (args: PageArgs) => connect({ items: [] as Node[], keyOf: () => 0, render: (actor) => actor }, args),
    rules: (args: PageArgs) => connect({ items: ruleset.rules, keyOf: String, render: ruleNode }, args),
  };
}

function environmentNode(environment: LabEnvironment): Node {
  return {
    __typename: "Environment",
    id: nodeId("EN", environment.id),
    databaseId: environment.id,
    name: environment.name,
    isPinned: false,
  };
}
