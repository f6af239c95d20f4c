/**
 * The kinds of value that the configuration holds. Each carries one phrase, "Write …", that says what would be right; parsing
 * and the published JSON Schema both use it.
 */
import { z } from "zod";
import { DURATION, parseDuration } from "./duration.js";
import { ED25519_PUBLIC, isEd25519Public } from "./keys.js";

/** Text of one shape. */
export function text(pattern: RegExp, right: string) {
  return z
    .string({ error: right })
    .regex(pattern, right)
    .meta({ patternErrorMessage: `Write ${right}.` });
}

/** `10s`, `2m`, `4h`, `1h30m` within bounds; milliseconds once parsed. */
export function duration(least: string, most: string) {
  const right = `a duration from ${least} to ${most}, such as 10s, 2m, 4h or 1h30m`;
  const [low, high] = [least, most].map((bound) => parseDuration(bound) ?? Number.NaN);
  return z
    .string({ error: right })
    .regex(DURATION, { error: right, abort: true })
    .refine((value) => within(parseDuration(value), low, high), right)
    .meta({ patternErrorMessage: `Write ${right}.` })
    .transform((value) => parseDuration(value) ?? Number.NaN);
}

export function whole(least: number, most: number) {
  const right = `a whole number from ${least} to ${most}`;
  return z.int({ error: right }).min(least, right).max(most, right);
}

export function amount(least: number, most: number) {
  const right = `a number from ${least} to ${most}`;
  return z.number({ error: right }).min(least, right).max(most, right);
}

export function oneOf<const T extends readonly [string, ...string[]]>(words: T, right = `one of ${words.join(", ")}`) {
  return z.enum(words, { error: right });
}

export const flag = z.boolean({ error: "true or false" });

export const name = text(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  "a name of at most 63 letters, digits, dots, dashes and underscores",
);

export const repository = text(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, "a repository as owner/name");

export const owner = text(
  /^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/,
  'a GitHub user or team with its @, quoted, such as "@octocat" or "@acme/payments"',
);

export const login = text(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "a GitHub login without @, such as octocat");

export const team = text(
  /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
  "a team as organisation/team, without @",
);

/** No credentials, query or fragment: those would end up in logs and links. */
export const baseUrl = text(
  /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
  "an http or https address without user, password, query or fragment",
);

/** A token is sent there: never in the clear, but to this very machine. */
export const tokenUrl = text(
  /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?)(\/[^\s?#]*)?$/,
  "an https address without user, password, query or fragment",
);

export const environmentVariable = text(
  /^[A-Z_][A-Z0-9_]{0,127}$/,
  "the name of an environment variable (capital letters, digits, underscores); the workflow maps it from a secret",
);

export const publicKey = text(ED25519_PUBLIC, "an Ed25519 public key as base64 SPKI on one line").refine(
  isEd25519Public,
  "an Ed25519 public key as base64 SPKI on one line",
);

export const folder = text(
  /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
  "a path inside the repository, without a leading slash, a trailing slash or ..",
);

/** Quoted or not: YAML 1.2 keeps both as text. */
export const instant = z.iso
  .datetime({ offset: true, error: "a time with its zone, such as 2026-12-24T18:00:00Z" })
  .transform((value) => new Date(value));

export function prose(most: number, right: string) {
  return z
    .string({ error: right })
    .regex(/\S/, right)
    .max(most, right)
    .meta({ patternErrorMessage: `Write ${right}.` });
}

function within(value: number | null, low: number | undefined, high: number | undefined): boolean {
  return value !== null && value >= (low ?? 0) && value <= (high ?? 0);
}
