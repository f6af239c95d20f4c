import { z } from "zod";
import type { ChangedFile, Changes } from "../ports.js";
import { Moment, parseAnswer } from "./answer.js";
import { parsePlace, type GitHubClient } from "./client.js";

const Commit = z
  .object({
    sha: z.string(),
    html_url: z.string(),
    author: z.object({ login: z.string().optional() }).nullish(),
    commit: z.object({
      message: z.string(),
      author: z.object({ name: z.string().nullish(), date: Moment.nullish() }).nullable(),
      committer: z.object({ date: Moment.nullish() }).nullable(),
    }),
  })
  .transform(({ sha, html_url, author, commit }) => ({
    sha,
    message: commit.message,
    author: author?.login ?? commit.author?.name ?? "unknown",
    at: commit.committer?.date ?? commit.author?.date ?? new Date(0),
    url: html_url,
  }));
const File = z
  .object({ filename: z.string(), patch: z.string().nullish() })
  .transform(({ filename, patch }): ChangedFile => ({ path: filename, patch: patch ?? null }));
const Answer = z.object({
  html_url: z.string(),
  total_commits: z.int(),
  commits: z.array(Commit),
  files: z.array(File).nullish(),
});
const OneCommit = z.object({ files: z.array(File).nullish() });

const MOST_FILES = 300;

/**
 * What is in `head` and not in `base`: at most 250 commits and 300 files. Without paging parameters the last commit listed is the newest
 * of all, so what is cut is the oldest.
 * @see https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export function createChanges(client: GitHubClient): Changes {
  return {
    async compare(repository, base, head) {
      const { data } = await client.rest.repos.compareCommitsWithBasehead({
        ...parsePlace(repository),
        basehead: `${base}...${head}`,
      });
      const { html_url, commits, files: listed, total_commits } = parseAnswer(Answer, data, `comparing ${base} with ${head}`);
      const files = listed ?? [];
      return { commits, files, url: html_url, isCut: commits.length < total_commits || files.length >= MOST_FILES };
    },
    async filesOf(repository, commit) {
      const { data } = await client.rest.repos.getCommit({ ...parsePlace(repository), ref: commit });
      return parseAnswer(OneCommit, data, `the commit ${commit}`).files ?? [];
    },
  };
}
