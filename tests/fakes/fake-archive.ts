/** Reservation tags, the archive's commits and pull requests, and comparisons. */
import { NotFoundError } from "../../src/github/errors.js";
import type { Archive, Changes, Comparison, Postmortems, Reservation, Reservations } from "../../src/ports.js";
import { blobSha, commitFiles, headOf, type FakeState } from "./state.js";

export function createFakeReservations(state: FakeState): Reservations {
  const folder = (incident: number, digest: string) => `gatehouse/plan/${incident}/${digest}/`;
  return {
    of: async (incident, digest) =>
      [...state.tags]
        .filter(([name]) => name.startsWith(folder(incident, digest)))
        .map(([name, { message }]) => readTag(name.slice(folder(incident, digest).length), message))
        .sort((a, b) => a.k - b.k),
    reserve: async (incident, digest, { k, runId }, commit) => {
      const name = `${folder(incident, digest)}${k}`;
      if (state.tags.has(name)) return "taken";
      state.tags.set(name, { message: String(runId), commit });
      return "reserved";
    },
  };
}

/** What is none of ours counts all the same, as taken by nobody, after all others. */
function readTag(number: string, message: string): Reservation {
  const isOurs = /^[1-9]\d{0,8}$/.test(number) && /^[1-9]\d*$/.test(message);
  return isOurs ? { k: Number(number), runId: Number(message) } : { k: Number.MAX_SAFE_INTEGER, runId: 0 };
}

export function createFakeArchive(state: FakeState): Archive {
  const find = (branch: string) => state.pulls.find((pull) => pull.branch === branch && pull.state !== "closed");
  return {
    commit: async ({ files, headline, expectedHead }) => {
      if (expectedHead !== headOf(state)) return { kind: "stale" };
      if (state.trunkIsProtected) return { kind: "protected" };
      return { kind: "committed", sha: commitFiles(state, headline, files) };
    },
    openPullRequest: async ({ files, branch, body }) => {
      const known = find(branch);
      if (known) return { number: known.number, url: known.url };
      const number = state.nextNumber();
      const url = `https://github.com/${state.repository}/pull/${number}`;
      state.pulls.push({ number, url, branch, body, files, state: "open" });
      return { number, url };
    },
    file: async (path) => {
      const text = state.files.get(path);
      return text === undefined ? null : { path, text, sha: blobSha(text) };
    },
    pullRequest: async (branch) => {
      const pull = find(branch);
      return pull ? { number: pull.number, url: pull.url } : null;
    },
  };
}

export function createFakePostmortems(state: FakeState): Postmortems {
  return {
    read: async (paths) =>
      paths.flatMap((path) => {
        const text = state.files.get(path);
        return text === undefined ? [] : [{ path, text, sha: blobSha(text) }];
      }),
  };
}

/** @param known - by "base...head" */
export function createFakeChanges(known: ReadonlyMap<string, Comparison>): Changes {
  return {
    compare: async (repository, base, head) => {
      const comparison = known.get(`${base}...${head}`);
      if (!comparison) throw new NotFoundError(`No comparison ${base}...${head} in ${repository}.`);
      return comparison;
    },
    filesOf: async (repository, commit) => {
      throw new NotFoundError(`No commit ${commit} in ${repository}.`);
    },
  };
}
