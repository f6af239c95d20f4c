/** What the suspected rollout brought: its commits, and the lines that each finding stands for. */
import type { ChangedFile, Changes, Comparison } from "../../ports.js";
import type { Change } from "../../signals/change-rank/model.js";
import type { Material } from "../material.js";
import { isSettingsFile, MOST_CONFIG_FILES } from "./config-changes.js";
import type { Rollout, Suspect } from "./github-rollouts.js";

export const MOST_COMMITS = 8;
/** Of one file, in characters; and files of one change. */
const MAX_PATCH = 10_000;
const MOST_FILES = 60;
/** Of what was written about a change, in characters: all messages of a rollout together. */
const MAX_MESSAGE = 8_000;
/** Of one line of it. */
const MAX_MESSAGE_LINE = 500;

export interface Brought {
  readonly rollout: Suspect;
  readonly isNearest: boolean; // before the onset, of those that are compared
  readonly comparison: Comparison;
  /** Own lines of each commit, by its id; null: only what all of them changed together is known. */
  readonly ownFiles: ReadonlyMap<string, readonly ChangedFile[]> | null;
}

/**
 * One request, and with `commitDiffs` one more for each commit where there are two to eight.
 * A single commit changed what the comparison shows.
 */
export async function readBrought(
  { rollout, isNearest }: Pick<Brought, "rollout" | "isNearest">,
  repository: string,
  { changes, commitDiffs }: { readonly changes: Changes; readonly commitDiffs: boolean },
): Promise<Brought> {
  const comparison = await changes.compare(repository, rollout.previous.sha, rollout.sha);
  const { commits, files } = comparison;
  const [only] = commits;
  if (only !== undefined && commits.length === 1)
    return { rollout, isNearest, comparison, ownFiles: new Map([[only.sha, files]]) };
  if (!commitDiffs || commits.length === 0 || commits.length > MOST_COMMITS)
    return { rollout, isNearest, comparison, ownFiles: null };
  const read = await Promise.all(commits.map(async ({ sha }) => [sha, await changes.filesOf(repository, sha)] as const));
  return { rollout, isNearest, comparison, ownFiles: new Map(read) };
}

interface Placed {
  readonly service: string;
  readonly rollout: Rollout;
}

export function rolloutMaterial({ service, rollout }: Placed, brought: Brought | null): Material {
  if (brought !== null && brought.ownFiles !== null) return materialOf(rollout, null);
  const told = brought === null ? [] : settingsIn(brought.comparison.files);
  const files = (brought?.comparison.files ?? []).filter((file) => !told.includes(file));
  const isTold = brought !== null && files.length === 0 && told.length > 0;
  const message = [rollout.ref, rollout.title, ...(brought?.comparison.commits ?? []).map((commit) => commit.message)].join("\n");
  return materialOf(rollout, isTold ? null : weighAs("deployment", { service, rollout }, message, files));
}

export function settingsMaterial(file: ChangedFile, { service, rollout }: Placed, brought: Brought): Material {
  return materialOf(rollout, brought.ownFiles === null ? weighAs("config", { service, rollout }, file.path, [file]) : null);
}

export function commitMaterial(
  { sha, message }: Comparison["commits"][number],
  { service, rollout }: Placed,
  { ownFiles }: Brought,
): Material {
  const files = ownFiles?.get(sha);
  return materialOf(rollout, files === undefined ? null : weighAs("commit", { service, rollout }, message, files));
}

function materialOf({ id }: Rollout, weighedAs: Omit<Change, "id"> | null): Material {
  return { change: { weighedAs, rollout: id } };
}

/** What failed to go out reached nothing. */
function weighAs(
  of: Change["of"],
  { service, rollout }: Placed,
  message: string,
  files: readonly ChangedFile[],
): Omit<Change, "id"> {
  const { at, change } = rollout;
  const rollouts = change.state === "failed" ? [] : [{ service, at }];
  return { of, at, message: inShort(message), files: files.map(({ path }) => path), diff: diffOf(files), rollouts };
}

function inShort(message: string): string {
  return message
    .slice(0, MAX_MESSAGE)
    .split("\n")
    .map((line) => line.slice(0, MAX_MESSAGE_LINE))
    .join("\n");
}

/** As `git diff` prints it, secrets and all: it is weighed and goes no further. null when no line of it is known. */
function diffOf(files: readonly ChangedFile[]): string | null {
  const known = files.flatMap(({ path, patch }) => (patch === null ? [] : [`+++ b/${path}\n${patch.slice(0, MAX_PATCH)}`]));
  return known.length === 0 ? null : known.slice(0, MOST_FILES).join("\n");
}

export function settingsIn(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files.filter(({ path }) => isSettingsFile(path)).slice(0, MOST_CONFIG_FILES);
}
