import { applyMove, personOf } from "../git/change.js";
import { type FileChange, writeCommit, writeTree } from "../git/commit.js";
import { cleanPath, entryAt } from "../git/paths.js";
import { readRef } from "../git/refs.js";
import { HttpError } from "../site.js";
import type { Node } from "./connection.js";
import { type Asking, demand } from "./context.js";
import { refusal } from "./errors.js";
import { objectNode, refNode } from "./git-object.js";

export interface CommitInput {
  readonly branch: {
    readonly repositoryNameWithOwner?: string | null;
    readonly branchName?: string | null;
    readonly id?: string | null;
  };
  readonly message: { readonly headline: string; readonly body?: string | null };
  readonly expectedHeadOid: string;
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[] | null;
    readonly deletions?: readonly { readonly path: string }[] | null;
  } | null;
  readonly clientMutationId?: string | null;
}

/** One commit on top of `expectedHeadOid`, or STALE_DATA: compare and swap on the branch. */
export async function createCommitOnBranch(asking: Asking, input: CommitInput): Promise<Node> {
  const { site, caller } = asking;
  const ref = `refs/heads/${branchOf(asking, input)}`;
  demand(asking, "contents", "write");
  const head = await readRef(site.git, ref);
  if (!head) throw refusal("NOT_FOUND", `Could not resolve to a branch named ${ref}.`);
  if (head.sha !== input.expectedHeadOid) throw staleData(input.expectedHeadOid);
  const changes = await changesOf(asking, input, head.sha);
  const message = [input.message.headline, ...(input.message.body ? ["", input.message.body] : [])].join("\n");
  const person = personOf(site, caller);
  const tree = await writeTree(site.git, head.sha, changes);
  const sha = await writeCommit(site.git, { tree, parents: [head.sha], message, author: person, committer: person });
  if (!(await moveBranch(asking, ref, head.sha, sha))) throw staleData(input.expectedHeadOid);
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: () => objectNode(site, sha),
    ref: refNode(site, { name: ref, sha, type: "commit" }),
  };
}

function branchOf({ site }: Asking, { branch }: CommitInput): string {
  const here = branch.repositoryNameWithOwner?.toLowerCase() === `${site.owner}/${site.name}`.toLowerCase();
  if (!here)
    throw refusal(
      "NOT_FOUND",
      `Could not resolve to a Repository with the name '${branch.repositoryNameWithOwner ?? branch.id ?? ""}'.`,
    );
  return (branch.branchName ?? "").replace(/^refs\/heads\//, "");
}

function staleData(expected: string): Error {
  return refusal("STALE_DATA", `Expected branch to point to "${expected}" but it did not. Pull and try again.`);
}

async function changesOf({ site }: Asking, { fileChanges }: CommitInput, head: string): Promise<FileChange[]> {
  const additions = (fileChanges?.additions ?? []).map(({ path, contents }) => ({
    path: pathOf(path),
    content: Buffer.from(contents, "base64"),
  }));
  const deletions = (fileChanges?.deletions ?? []).map(({ path }) => ({ path: pathOf(path), content: null }));
  for (const { path } of deletions) {
    const missing = (await entryAt(site.git, head, path)) === null;
    if (missing)
      throw refusal(
        "UNPROCESSABLE",
        `A path was requested for deletion which does not exist as of commit oid \`${head}\`: ${path}`,
      );
  }
  return [...additions, ...deletions];
}

function pathOf(path: string): string {
  const clean = cleanPath(path);
  if (clean === null || clean === "" || path.startsWith("/"))
    throw refusal("UNPROCESSABLE", `A path was requested which is not valid: ${path}`);
  return clean;
}

async function moveBranch({ site, caller }: Asking, ref: string, before: string, after: string): Promise<boolean> {
  try {
    return await applyMove(site, caller, { ref, before, after });
  } catch (error) {
    if (error instanceof HttpError) throw refusal("UNPROCESSABLE", error.message);
    throw error;
  }
}
