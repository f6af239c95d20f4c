import { z } from "zod";
import type { Changes } from "../ports.js";
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
const Answer = z.object({
  html_url: z.string(),
  commits: z.array(Commit),
  files: z.array(z.object({ filename: z.string(), patch: z.string().nullish() })).nullish(),
});

/** What is in `head` and not in `base`: at most 250 commits and 300 files, as GitHub limits its first page. */
export function createChanges(client: GitHubClient): Changes {
  return {
    async compare(repository, base, head) {
      const { data } = await client.rest.repos.compareCommitsWithBasehead({
        ...parsePlace(repository),
        basehead: `${base}...${head}`,
      });
      const { html_url, commits, files } = parseAnswer(Answer, data, `comparing ${base} with ${head}`);
      return { commits, files: (files ?? []).map((file) => ({ path: file.filename, patch: file.patch ?? null })), url: html_url };
    },
  };
}
