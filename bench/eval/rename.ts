/**
 * Replaces names at random, the same everywhere in one case, so that an answer cannot rest on what things happen to be called.
 *
 * A word is replaced wherever it stands as a whole name or as a part of a longer one ("cart" in "cart-service-7d9f" and "cart_errors",
 * not in "carton"), in lower, Capitalized and UPPER case alike. Longer words win over shorter ones inside them. A word of one case
 * (`CartService`) is given as its parts or in lower case; spellings with other separators are words of their own.
 */

export interface Renamer {
  text(text: string): string;
  /** Strings, keys and values, at any depth; everything else as it is. */
  json<T>(value: T): T;
  /** Takes an answer back to the names of the truth. */
  restore(text: string): string;
}

/** @param seed - the same seed and words give the same names; null: nothing is renamed */
export function createRenamer(words: Iterable<string>, seed: number | null): Renamer {
  if (seed === null) return { text: (text) => text, json: (value) => value, restore: (text) => text };
  const names = inventNames(words, seed);
  const forth = createReplacer(names);
  const back = createReplacer(new Map([...names].map(([from, to]) => [to, from])));
  return { text: forth, json: (value) => mapStrings(value, forth) as typeof value, restore: back };
}

/** Not names but the language of measuring, in any system: units, truth values, what is thrown. */
const NO_NAME = /^(?:bytes?|secs?|seconds?|mins|minutes?|hours?|days?|true|false|null|none)$|(?:Error|Exception|Failure|Fault)$/i;

/**
 * Every run of four letters or more is another word of its length and case, the same everywhere; only units, truth values and
 * exceptions stay what they are.
 */
export function createWordRenamer(seed: number): (text: string) => string {
  const random = createRandom(seed);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const nameOf = (word: string): string => {
    const known = names.get(word);
    if (known !== undefined) return known;
    let name = inventName(word, random);
    while (taken.has(name)) name = inventName(word, random);
    taken.add(name);
    names.set(word, name);
    return name;
  };
  const rename = (word: string): string =>
    Array.from(nameOf(word.toLowerCase()), (letter, index) => likeCase(letter, word.charAt(index))).join("");
  return (text) => text.replace(/[A-Za-z]{4,}/g, (word) => (NO_NAME.test(word) ? word : rename(word)));
}

function likeCase(letter: string, pattern: string): string {
  return pattern >= "A" && pattern <= "Z" ? letter.toUpperCase() : letter;
}

/** One invented name for each word (compared without case): of the same length or a little longer, pronounceable, never a word in use. */
function inventNames(words: Iterable<string>, seed: number): ReadonlyMap<string, string> {
  const random = createRandom(seed);
  const unique = [...new Set([...words].map((word) => word.toLowerCase()))].filter((word) => word !== "").toSorted();
  const taken = new Set(unique);
  const names = new Map<string, string>();
  for (const word of unique) {
    let name = inventName(word, random);
    while (taken.has(name)) name = inventName(word, random);
    taken.add(name);
    names.set(word, name);
  }
  return names;
}

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";

/** Letters by syllables, digits by digits; separators stay, so that `a-b` remains a name of two parts. */
function inventName(word: string, random: () => number): string {
  const pick = (from: string): string => from.charAt(Math.floor(random() * from.length));
  const invented = word.replace(/[a-z]+/g, (part) =>
    Array.from({ length: Math.max(4, part.length) }, (_, index) => pick(index % 2 === 0 ? CONSONANTS : VOWELS)).join(""),
  );
  return invented.replace(/\d/g, () => pick("0123456789"));
}

function createReplacer(names: ReadonlyMap<string, string>): (text: string) => string {
  if (names.size === 0) return (text) => text;
  const inEachCase = new Map([...names].flatMap(([word, name]) => casesOf(word, name)));
  const longestFirst = [...inEachCase.keys()].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const whole = new RegExp(longestFirst.map(wholeName).join("|"), "g");
  return (text) => text.replace(whole, (found) => inEachCase.get(found) ?? found);
}

/** UPPER first and lower last, so that a word without letters is replaced as it stands. */
function casesOf(word: string, name: string): readonly (readonly [string, string])[] {
  const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return [
    [word.toUpperCase(), name.toUpperCase()],
    [capitalized(word), capitalized(name)],
    [word, name],
  ];
}

/** Bounded by anything but letters, or by the change of case inside a `camelCase` name. */
function wholeName(word: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (/^[A-Z][^A-Z]*$/.test(word) && word.length > 1) return `(?<![A-Z])${escaped}(?![a-z])`;
  return word === word.toUpperCase() ? `(?<![A-Za-z])${escaped}(?![A-Za-z])` : `(?<![A-Za-z])${escaped}(?![a-z])`;
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
}

/** Uniform in [0, 1), from a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
