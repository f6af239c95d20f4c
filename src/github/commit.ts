/** Committing files in one step on top of a known head. */
import { z } from "zod";
import type { Archive, ArchiveRequest } from "../ports.js";
import type { GitHubClient } from "./client.js";
import { GitHubDownError } from "./errors.js";
import { translateGraphQl, type GraphQlError } from "./graphql.js";

export const HEAD = `query Head($owner: String!, $repo: String!, $ref: String!, $withRef: Boolean!) {
  repository(owner: $owner, name: $repo) {
    defaultBranchRef { name target { ...tip } }
    ref(qualifiedName: $ref) @include(if: $withRef) { target { ...tip } }
  }
}
fragment tip on Commit { oid messageHeadline parents(first: 2) { nodes { oid } } }`;

export const CREATE_COMMIT = `mutation CreateCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

const Tip = z
  .object({
    oid: z.string(),
    messageHeadline: z.string(),
    parents: z.object({ nodes: z.array(z.object({ oid: z.string() }).nullable()).nullable() }),
  })
  .transform((tip) => ({ sha: tip.oid, headline: tip.messageHeadline, parent: tip.parents.nodes?.[0]?.oid ?? null }));
export type Tip = z.infer<typeof Tip>;
const HeadAnswer = z.object({
  repository: z.object({
    defaultBranchRef: z.object({ name: z.string(), target: Tip }),
    ref: z.object({ target: Tip }).nullish(),
  }),
});
const CommitAnswer = z.object({ createCommitOnBranch: z.object({ commit: z.object({ oid: z.string() }) }) });

/** @param branch - null: the default branch. `head` is null when there is no such branch. */
export async function loadBranch(
  client: GitHubClient,
  branch: string | null,
): Promise<{ readonly defaultBranch: string; readonly head: Tip | null }> {
  const variables = { ...client.repository, ref: branch === null ? "" : `refs/heads/${branch}`, withRef: branch !== null };
  const { repository } = await client.graphql.ask({ document: HEAD, variables, answer: HeadAnswer });
  const head = branch === null ? repository.defaultBranchRef.target : (repository.ref?.target ?? null);
  return { defaultBranch: repository.defaultBranchRef.name, head };
}

export type CommitOutcome = Awaited<ReturnType<Archive["commit"]>>;

/** Atomic: all files or none. A lost answer is looked up, never repeated. */
export async function commitFiles(client: GitHubClient, branch: string, request: ArchiveRequest): Promise<CommitOutcome> {
  const { owner, repo } = client.repository;
  const input = {
    branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: branch },
    expectedHeadOid: request.expectedHead,
    message: { headline: request.headline },
    fileChanges: {
      additions: request.files.map((file) => ({ path: file.path, contents: Buffer.from(file.text).toString("base64") })),
    },
  };
  try {
    const { data, errors } = await client.graphql.mutate({ document: CREATE_COMMIT, variables: { input }, answer: CommitAnswer });
    if (data) return { kind: "committed", sha: data.createCommitOnBranch.commit.oid };
    return readRefusal(errors);
  } catch (error) {
    if (!(error instanceof GitHubDownError) || !error.mayHaveHappened) throw error;
    const { head } = await loadBranch(client, branch);
    if (head === null || head.sha === request.expectedHead) throw error;
    if (head.parent === request.expectedHead && head.headline === request.headline) return { kind: "committed", sha: head.sha };
    return { kind: "stale" };
  }
}

/** GitHub marks a moved head by a type, a protected branch by a type or only by its words. */
export function readRefusal(errors: readonly GraphQlError[]): CommitOutcome {
  if (errors.some((error) => error.type === "STALE_DATA")) return { kind: "stale" };
  if (
    errors.some(
      (error) =>
        error.type === "BRANCH_PROTECTION_RULE_VIOLATION" || /protected|rule violation|can't commit/i.test(error.message),
    )
  ) {
    return { kind: "protected" };
  }
  throw translateGraphQl(errors[0] ?? { type: null, message: "no reason given", path: "" }, "CreateCommit");
}
