/** Words of code and of symptoms, made comparable. Pure. */

/** Say nothing of what a change or a trouble is about. */
const COMMON = new Set(
  (
    "the and for with from into that this not are was were has have had its our all any can will when where which while than then but out off per via " +
    "func function return err error errors nil null none true false string int bool float byte bytes void var let const def class self new make type struct interface " +
    "import package public private static final async await ctx context req res request requests response resp get set put post add use run main test tests file files line lines code data value values key keys name names " +
    "service services svc server client api http https app src lib pkg cmd internal index config default defaults update updated change changed fix feat chore refactor docs style tidy simplify bump support minor misc cleanup " +
    "above below critical high low warning ms sec secs second seconds minute minutes time times count total ratio rate avg p50 p90 p95 p99 max min msg log logs info warn debug level id ids uid url path host status ok"
  ).split(" "),
);

const MIN_LENGTH = 3;

/** Lower-case words: `maxConnIdleTime`, `max_conn_idle_time` and "max conn idle time" give the same. */
export function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .map(stem)
    .filter((word) => word.length >= MIN_LENGTH && !COMMON.has(word));
}

/** Names long and made enough to be shared only on purpose: `dashboard_favorites`, `ListProducts`, `api.example.com`. */
export function namesOf(text: string): readonly string[] {
  const found =
    text.match(/[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+/g) ?? [];
  return found.filter((name) => name.length >= 8).map((name) => name.toLowerCase());
}

/** Plurals and participles fall together; good enough to compare, never shown. */
function stem(word: string): string {
  if (word.length > 5 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 6 && word.endsWith("ing")) return word.slice(0, -3);
  if (word.length > 5 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 4 && word.endsWith("es") && !word.endsWith("ses")) return word.slice(0, -1);
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

/** Few texts prove little about how rare a word is: it is as if so many others had been seen without it. */
const UNSEEN = 20;

/** How rare each word is among these texts, from near 0 (in all of many) up. */
export function rarityAmong(texts: readonly (readonly string[])[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const all = texts.length + UNSEEN;
  return (word) => Math.log(all / (1 + (counts.get(word) ?? 0)));
}
