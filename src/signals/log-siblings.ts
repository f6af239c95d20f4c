/** Finds lines that are alike but for one word: with enough different words there, the word is a value. */
import { isSeparator } from "./log-tokens.js";
import { WILDCARD } from "./mask.js";

export interface Siblings {
  /**
   * Adds a template.
   * @param standing - the id that a template has by now
   * @returns all that are now one with it, by id; none while the family is too small
   */
  join(id: number, tokens: readonly string[], standing: (id: number) => number): readonly number[];
  /** A merged family that a line with these tokens belongs to. */
  merged(tokens: readonly string[]): number | null;
}

/** So many different words at one place make it a value: twice or three times is a choice between kinds of events. */
const MANY = 5;
/** Words such as `worker3`, which differ in a digit as a rule. */
const MANY_NUMBERED = 4;
/** With few words besides, more are asked for: `<*> started` says little. */
const MANY_IN_SHORT = 8;
const SHORT = 3;

interface Family {
  readonly members: Map<number, string>; // id of the template → its word
  mergedAs: number | null;
}

/** Memory is bounded by the number of templates times their words. */
export function createSiblings(): Siblings {
  const families = new Map<string, Family>();
  let anyMerged = false;

  const join = (id: number, tokens: readonly string[], standing: (id: number) => number): readonly number[] => {
    const words = wordPlaces(tokens);
    for (const place of words) {
      const key = familyKey(tokens, place);
      const family = families.get(key) ?? { members: new Map<number, string>(), mergedAs: null };
      family.members.set(id, tokens[place] ?? "");
      families.set(key, family);
      const members = new Set([...family.members.keys()].map(standing));
      if (members.size < needed([...family.members.values()], words.length)) continue;
      family.mergedAs = id;
      anyMerged = true;
      return [...members];
    }
    return [];
  };

  const merged = (tokens: readonly string[]): number | null => {
    if (!anyMerged) return null;
    for (const place of wordPlaces(tokens)) {
      const id = families.get(familyKey(tokens, place))?.mergedAs ?? null;
      if (id !== null) return id;
    }
    return null;
  };
  return { join, merged };
}

/** A line of one word is that word. */
function wordPlaces(tokens: readonly string[]): readonly number[] {
  const places = tokens.flatMap((token, index) => (token === "" || token === WILDCARD || isSeparator(token) ? [] : [index]));
  return places.length < 2 ? [] : places;
}

function familyKey(tokens: readonly string[], place: number): string {
  return `${tokens.slice(0, place).join("")}\u0000${tokens.slice(place + 1).join("")}`;
}

function needed(words: readonly string[], wordsInLine: number): number {
  if (wordsInLine <= SHORT) return MANY_IN_SHORT;
  return words.every((word) => /\d/.test(word)) ? MANY_NUMBERED : MANY;
}
