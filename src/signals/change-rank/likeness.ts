/** How much a change and the symptoms speak of the same thing. Pure. */
import { clamp } from "../robust.js";
import { MAX_DIFF, MAX_LINE } from "./diff.js";
import type { Change, Symptoms } from "./model.js";
import { namesOf, rarityAmong, wordsOf } from "./words.js";

export interface Likeness {
  readonly degree: number; // 0…1
  readonly shared: readonly string[]; // most telling first
}
export type Compare = (text: string) => Likeness;

/** One rare word in many symptoms is worth this much; a whole made-up name more. */
const WORD = 0.4;
const NAME = 0.55;
/** What a service is called tells where, which counts elsewhere; every change there speaks of it. */
const PLACE = 0.35;
/** A word in one of some fifty changes is as rare as it needs to be. */
const RARE = 3;

/** Words count by how much of the symptoms uses them, and by how few of the changes do. */
export function createComparison(symptoms: Symptoms, changes: readonly Change[]): Compare {
  const rarity = rarityAmong(
    changes.map(({ message, files, diff }) => wordsOf(`${message} ${files.join(" ")} ${changedLines(diff)}`)),
  );
  const places = new Set(symptoms.known.flatMap((service) => [service.toLowerCase(), ...wordsOf(service)]));
  const known = (term: string): number => (places.has(term) ? PLACE : 1);
  const words = weigh(symptoms, wordsOf);
  const names = weigh(symptoms, namesOf);
  return (text) => {
    const found = [
      ...shared(wordsOf(text), words, (word) => WORD * known(word) * clamp(rarity(word) / RARE, 0, 1)),
      ...shared(namesOf(text), names, (name) => NAME * known(name)),
    ].toSorted((a, b) => b.worth - a.worth);
    return {
      degree: 1 - found.reduce((left, { worth }) => left * (1 - worth), 1),
      shared: found.slice(0, 4).map(({ term }) => term),
    };
  };
}

/** As far as `readDiff` reads them. */
export function changedLines(diff: string | null): string {
  return (diff ?? "")
    .slice(0, MAX_DIFF)
    .split("\n")
    .map((line) => line.slice(0, MAX_LINE))
    .filter((line) => /^[+-](?![+-]{2} )/.test(line))
    .join("\n");
}

function weigh({ signs }: Symptoms, termsOf: (text: string) => readonly string[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { text, weight } of signs) for (const term of new Set(termsOf(text))) sums.set(term, (sums.get(term) ?? 0) + weight);
  const most = Math.max(...sums.values(), Number.EPSILON);
  return new Map([...sums].map(([term, sum]) => [term, Math.sqrt(sum / most)]));
}

function shared(
  terms: readonly string[],
  weights: ReadonlyMap<string, number>,
  worthOf: (term: string) => number,
): readonly { term: string; worth: number }[] {
  return [...new Set(terms)].flatMap((term) => {
    const weight = weights.get(term);
    return weight === undefined ? [] : [{ term, worth: weight * worthOf(term) }];
  });
}
