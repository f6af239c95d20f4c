import { z } from "zod";
import type { Archive, ArchiveRequest, TrustedFile } from "../ports.js";
import { parseAnswer } from "./answer.js";
import type { GitHubClient } from "./client.js";
import { commitFiles, loadBranch } from "./commit.js";
import { alreadyExists, InvalidRequestError } from "./errors.js";
import { Blob, BLOB, readBlob } from "./trunk.js";

export const FILE = `query File($owner: String!, $repo: String!, $expression: String!) {
  repository(owner: $owner, name: $repo) { object(expression: $expression) { ${BLOB} } }
}`;
const FileAnswer = z.object({ repository: z.object({ object: Blob }) });
const Pull = z.object({ number: z.int().positive(), html_url: z.string() });
const PullList = z.array(Pull.extend({ state: z.enum(["open", "closed"]), merged_at: z.string().nullable() }));

export function createArchive(client: GitHubClient): Archive {
  return {
    async commit(request) {
      const branch = client.learned.defaultBranch ?? (await loadBranch(client, null)).defaultBranch;
      return commitFiles(client, branch, request);
    },
    async openPullRequest(request) {
      const { defaultBranch } = await prepareBranch(client, request);
      return (await findPullRequest(client, request.branch)) ?? (await createPullRequest(client, request, defaultBranch));
    },
    async file(path): Promise<TrustedFile | null> {
      const variables = { ...client.repository, expression: `HEAD:${path}` };
      const { repository } = await client.graphql.ask({ document: FILE, variables, answer: FileAnswer });
      return readBlob(repository.object, path);
    },
    pullRequest: (branch) => findPullRequest(client, branch),
  };
}

/** Branch with our commit on it; both may be there already from a process that died half way. */
async function prepareBranch(
  client: GitHubClient,
  request: ArchiveRequest & { readonly branch: string },
): Promise<{ defaultBranch: string }> {
  const before = await loadBranch(client, request.branch);
  if (before.head?.headline === request.headline) return before;
  if (before.head === null) await createBranch(client, request.branch, request.expectedHead);
  const outcome = await commitFiles(client, request.branch, request);
  if (outcome.kind === "committed") return before;
  const detail = outcome.kind === "stale" ? "it holds commits that are not ours" : "a rule of the repository protects it";
  throw new InvalidRequestError(
    `The branch ${request.branch} cannot take the post-mortem: ${detail}. Delete it or rename it.`,
    422,
    detail,
  );
}

async function createBranch(client: GitHubClient, branch: string, sha: string): Promise<void> {
  try {
    await client.rest.git.createRef({ ...client.repository, ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    if (!alreadyExists(error)) throw error;
  }
}

type Opening = ArchiveRequest & { readonly branch: string; readonly body: string };

async function createPullRequest(client: GitHubClient, request: Opening, base: string): Promise<{ number: number; url: string }> {
  const { data } = await client.rest.pulls.create({
    ...client.repository,
    head: request.branch,
    base,
    title: request.headline,
    body: request.body,
  });
  const pull = parseAnswer(Pull, data, "opening a pull request");
  return { number: pull.number, url: pull.html_url };
}

async function findPullRequest(client: GitHubClient, branch: string): Promise<{ number: number; url: string } | null> {
  const head = `${client.repository.owner}:${branch}`;
  const { data } = await client.rest.pulls.list({ ...client.repository, head, state: "all", per_page: 20 });
  const found = parseAnswer(PullList, data, `the pull requests of ${branch}`).find(
    (pull) => pull.state === "open" || pull.merged_at !== null,
  );
  return found ? { number: found.number, url: found.html_url } : null;
}
