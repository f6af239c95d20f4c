/** Observations recorded earlier, told again by the sources that made them. For replays and drills: the times are those of the recording. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Coverage, Observation } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import type { Finding, Source } from "../../ports.js";
import { SourceUnavailableError } from "../unavailable.js";

/** The file's format. `redact` has been through every text in it: recordings are made from evidence. */
export const Recording = z.strictObject({
  version: z.literal(1),
  observations: z.array(Observation.omit({ id: true })).max(5_000),
  coverage: z.array(Coverage),
});
export type Recording = z.infer<typeof Recording>;

export interface RecordingsOptions {
  readonly path: string; // in the workspace
  readonly read?: (path: string) => Promise<string>;
}

/**
 * One source for each one in the recording, so that coverage is told as it was.
 * @returns a single source that reports why, when the file cannot be read or has another format
 */
export async function createRecordedSources(options: RecordingsOptions): Promise<readonly Source[]> {
  try {
    return toSources(await readRecording(options));
  } catch (error) {
    return [{ name: "recordings", observe: () => Promise.reject(error) }];
  }
}

/** @throws {SourceUnavailableError} naming the file and the place in it */
export async function readRecording({ path, read = readText }: RecordingsOptions): Promise<Recording> {
  const text = await read(path).catch(() => {
    throw new SourceUnavailableError(`The recording ${path} cannot be read: check sources.recordings.path.`, false);
  });
  const parsed = Recording.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SourceUnavailableError(
    `The recording ${path} is not valid at ${issue?.path.join(".") ?? "its top"}: ${issue?.message ?? "unknown"}.`,
    false,
  );
}

function toSources({ observations, coverage }: Recording): readonly Source[] {
  const covered = coverage.filter(({ answer }) => answer !== "not-configured");
  const names = new Set([...covered.map(({ source }) => source), ...observations.map(({ source }) => source)]);
  return [...names].map((name) => ({ name, observe: () => tell(name, { observations, coverage }) }));
}

async function tell(
  name: string,
  { observations, coverage }: Pick<Recording, "observations" | "coverage">,
): Promise<readonly Finding[]> {
  const down = coverage.find(({ source, answer }) => source === name && answer === "unavailable");
  if (down?.answer === "unavailable") throw new SourceUnavailableError(readForMatching(down.why), false);
  return observations.filter(({ source }) => source === name);
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8");
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SourceUnavailableError(`The recording ${path} is not JSON.`, false);
  }
}
