/** Observations recorded earlier, told again by the sources that made them. For replays and drills: the times are those of the recording. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Alert, ChangeReview, Coverage, Diagnosis, Observation, When } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import { Outside } from "../../outside/outside.js";
import type { Finding, Source } from "../../ports.js";
import { SourceUnavailableError } from "../unavailable.js";

/** What an analyst was asked when this had been seen, and what it said: enough to ask again. Sources have no use for it. */
const Asked = z.strictObject({
  service: z.string(), // a name of the service catalogue: the rest of it is read from the config at hand
  alerts: z.tuple([Alert], Alert),
  attempt: z.int().positive(),
  onset: When,
  hints: z.array(Outside),
  failed: z.array(z.strictObject({ cause: z.string(), action: z.string() })),
  leftOpen: z.array(Outside).default([]), // recordings of earlier versions lack it
  errorRatio: z.number().nullable(), // as measured for the triage
  windows: z.strictObject({ onset: When, logsMinutes: z.number().positive(), changesMinutes: z.number().positive() }),
  dropped: z.int().nonnegative(),
  review: ChangeReview,
  answer: z.strictObject({ analyst: z.string(), diagnosis: Diagnosis }).nullable(), // null: the run ended before
});

/** The file's format. `redact` has been through every text in it: recordings are made from evidence. */
export const Recording = z.strictObject({
  version: z.literal(1),
  observations: z.array(Observation.omit({ id: true })).max(5_000),
  coverage: z.array(Coverage),
  asked: Asked.optional(), // of a whole incident, by `gatehouse record`
});
export type Recording = z.infer<typeof Recording>;

export interface RecordingsOptions {
  readonly path: string; // in the workspace
  readonly named?: string; // where the path was given, for messages: a key of the config, or the command line
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
export async function readRecording({
  path,
  named = "sources.recordings.path",
  read = readText,
}: RecordingsOptions): Promise<Recording> {
  const text = await read(path).catch(() => {
    throw new SourceUnavailableError(`The recording ${path} cannot be read: check ${named}.`, false);
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
