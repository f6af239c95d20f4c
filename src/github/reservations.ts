import { z } from "zod";
import type { Reservation, Reservations } from "../ports.js";
import { parseAnswer } from "./answer.js";
import { REPEATABLE, type GitHubClient } from "./client.js";
import { alreadyExists, GitHubDownError } from "./errors.js";
import { present } from "./trunk.js";

export const RESERVATIONS = `query Reservations($owner: String!, $repo: String!, $prefix: String!) {
  repository(owner: $owner, name: $repo) {
    refs(refPrefix: $prefix, first: 100) { nodes { name target { ... on Tag { message } } } }
  }
}`;

const Tags = z.object({
  repository: z.object({
    refs: z
      .object({
        nodes: z
          .array(z.object({ name: z.string(), target: z.object({ message: z.string().nullish() }).nullable() }).nullable())
          .nullable(),
      })
      .nullable(),
  }),
});
const TagObject = z.object({ sha: z.string() });
const MOST_TRIES = 3;

/** Annotated tags `gatehouse/plan/<incident>/<digest>/<k>` whose message is the run id. Creating a ref is atomic: the second one loses. */
export function createReservations(client: GitHubClient): Reservations {
  async function of(incident: number, digest: string): Promise<readonly Reservation[]> {
    const prefix = `refs/tags/${folderOf(incident, digest)}/`;
    const { repository } = await client.graphql.ask({
      document: RESERVATIONS,
      variables: { ...client.repository, prefix },
      answer: Tags,
    });
    const tags = present(repository.refs?.nodes);
    return tags.map((tag) => readTag(tag.name, tag.target?.message ?? null)).sort((a, b) => a.k - b.k);
  }

  async function reserve(
    incident: number,
    digest: string,
    reservation: Reservation,
    commit: string,
  ): Promise<"reserved" | "taken"> {
    const tag = `${folderOf(incident, digest)}/${reservation.k}`;
    const object = { tag, message: String(reservation.runId), object: commit, type: "commit" } as const;
    const { data } = await client.rest.git.createTag({ ...client.repository, ...object, ...REPEATABLE });
    const { sha } = parseAnswer(TagObject, data, `creating tag ${tag}`);
    let lost: unknown = null;
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      try {
        await client.rest.git.createRef({ ...client.repository, ref: `refs/tags/${tag}`, sha });
        return "reserved";
      } catch (error) {
        if (!alreadyExists(error) && !mayHaveHappened(error)) throw error;
        if (alreadyExists(error) && lost === null) return "taken";
        lost = error;
      }
      // The answer was lost: whose tag stands there now, if any, tells what happened.
      const standing = (await of(incident, digest)).find((other) => other.k === reservation.k);
      if (standing) return standing.runId === reservation.runId ? "reserved" : "taken";
    }
    throw lost;
  }
  return { of, reserve };
}

function folderOf(incident: number, digest: string): string {
  return `gatehouse/plan/${incident}/${digest}`;
}

function mayHaveHappened(error: unknown): boolean {
  return error instanceof GitHubDownError && error.mayHaveHappened;
}

/** What stands where a reservation should be but is none: taken by nobody we know, so nothing is carried out on it. */
const MALFORMED: Reservation = { k: Number.MAX_SAFE_INTEGER, runId: 0 };

/** GitHub names a ref with or without the prefix that was asked for; its last part is k either way. */
function readTag(name: string, message: string | null): Reservation {
  const k = /(?:^|\/)([1-9]\d{0,8})$/.exec(name)?.[1];
  const runId = /^([1-9]\d*)\s*$/.exec(message ?? "")?.[1];
  return k === undefined || runId === undefined ? MALFORMED : { k: Number(k), runId: Number(runId) };
}
