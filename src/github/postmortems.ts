import { z } from "zod";
import type { Postmortems } from "../ports.js";
import type { GitHubClient } from "./client.js";
import { Blob, BLOB, readBlob } from "./trunk.js";

const Answer = z.object({ repository: z.record(z.string(), Blob) });

/** @param count - of files; their paths are the variables `path0`, `path1` … */
export function postmortemsQuestion(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const variables = numbers.map((index) => `$path${index}: String!`).join(", ");
  const fields = numbers.map((index) => `file${index}: object(expression: $path${index}) { ${BLOB} }`).join("\n    ");
  return `query Postmortems($owner: String!, $repo: String!, ${variables}) {
  repository(owner: $owner, name: $repo) {
    ${fields}
  }
}`;
}

/** Files of the default branch in one request; one that is not there is left out. */
export function createPostmortems(client: GitHubClient): Postmortems {
  return {
    async read(paths) {
      if (paths.length === 0) return [];
      const expressions = Object.fromEntries(paths.map((path, index) => [`path${index}`, `HEAD:${path}`]));
      const { repository } = await client.graphql.ask({
        document: postmortemsQuestion(paths.length),
        variables: { ...client.repository, ...expressions },
        answer: Answer,
      });
      return paths.flatMap((path, index) => readBlob(repository[`file${index}`] ?? null, path) ?? []);
    },
  };
}
