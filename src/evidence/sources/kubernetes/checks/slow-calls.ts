/** Calls of a database that an app's own log says took long. */
import type { Said, View } from "../view.js";

/** `Database call completed in 9.01 seconds`, `query took 5231 ms`, `duration: 4002.117 ms  statement: SELECT …` */
const TIMED =
  /\b(?:database|db|quer(?:y|ies)|sql|statement|stored procedure)\b[^\n]{0,100}?\b(?:in|took|taking|after|time|duration)\b[^\n\d]{0,12}(\d+(?:\.\d+)?) ?(ms|millis\w*|s|secs?|seconds?)\b/i;
const DURATION_FIRST = /\bduration: (\d+(?:\.\d+)?) (ms) +(?:statement|execute)/i;
/** Longer than people wait for a page, and often enough to be no accident. */
const SLOW_S = 1;
const FEW = 3;

export function checkSlowCalls({ logsByApp }: View): readonly Said[] {
  return [...logsByApp].flatMap(([app, lines]) => {
    const times = lines.flatMap(secondsOf);
    const slow = times.filter((seconds) => seconds >= SLOW_S);
    if (slow.length < FEW || slow.length * 2 < times.length) return [];
    const [least, most] = [Math.min(...slow), Math.max(...slow)].map((seconds) => Number(seconds.toPrecision(3)));
    const message = `${slow.length} of ${times.length} database calls in its log took ${least} to ${most} seconds`;
    return [{ kind: "state" as const, of: "database", reason: "SlowCalls", object: app, message, ageMs: 0, score: 0.6 }];
  });
}

function secondsOf(line: string): readonly number[] {
  const found = TIMED.exec(line) ?? DURATION_FIRST.exec(line);
  if (found === null) return [];
  return [Number(found[1]) / (/^m/i.test(found[2] ?? "") ? 1_000 : 1)];
}
