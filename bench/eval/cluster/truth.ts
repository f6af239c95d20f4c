/** What is true of the recorded clusters, and whether an answer says it. Read by scorers alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Answer, Guess } from "./answer.js";

const Truth = z.record(z.string(), z.object({ root_cause: z.string(), fault_object: z.string() }));
const Vocabulary = z.record(z.string(), z.object({ object: z.string(), category: z.string() }));

/** From here on an incident acts on a diagnosis: the default threshold of the config. */
export const THRESHOLD = 0.7;

export interface Key {
  readonly truth: ReadonlyMap<string, Guess>; // by the id of the case
  readonly names: ReadonlySet<string>; // every name that an answer may use
}

export async function readKey(folder: string): Promise<Key> {
  const truth = Truth.parse(JSON.parse(await readFile(join(folder, "truth.json"), "utf8")));
  const names = Object.keys(Vocabulary.parse(JSON.parse(await readFile(join(folder, "vocabulary.json"), "utf8"))));
  return {
    truth: new Map(Object.entries(truth).map(([id, each]) => [id, { rootCause: each.root_cause, object: each.fault_object }])),
    names: new Set(names),
  };
}

/** The right kind of fault and the right object, among the first answers. */
export function isAmong(truth: Guess, { guesses }: Answer, among: number): boolean {
  return guesses.slice(0, among).some(({ rootCause, object }) => rootCause === truth.rootCause && object === truth.object);
}

export function isConfident({ confidence }: Answer): boolean {
  return confidence >= THRESHOLD;
}

export function restoreNames(answered: Answer, restore: (text: string) => string): Answer {
  return { ...answered, guesses: answered.guesses.map(({ rootCause, object }) => ({ rootCause, object: restore(object) })) };
}

export function describeGuess({ rootCause, object }: Guess): string {
  return `${rootCause} of ${object}`;
}
