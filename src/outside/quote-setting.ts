/** A setting of a changed file as it may be quoted: its name may tell more than `redact` knows of values. Pure. */
import { readForMatching } from "./match.js";
import { redactField } from "./redact.js";

/** Names whose values may be secrets. Here nothing is lost when one too many is not quoted. */
const TELLING =
  /(?:auth|cred(?:ential)?s?|pass(?:word|wd|code|phrase|key)?|pwd|pin|salt|seed|otp|nonce|secrets?|tokens?|webhook(?:[_.-]?ur[il])?|private|signature|cookies?|session(?:[_.-]?id)?|hmac|cipher|licen[sc]e|keys?|x-api)$/i;
/** Letters and digits in one long run are made by machines. */
const MADE = /(?=[a-z]{0,60}\d)(?=\d{0,60}[a-z])[a-z\d]{12,200}/gi;
const HIDDEN = "[redacted: field]";
/** `  "name": value,`, `NAME=value`, `- name: value` */
const LINE = /^([\s"'-]{0,80}([A-Za-z][\w.-]{0,80})["']?\s{0,8}[:=]\s{0,8})(\S[^\n]*)$/;
/** Begins a list, a block or a word without a value of its own. */
const NO_VALUE = /^(?:[[{|>&*]|(?:true|false|null)\b)/i;

/** The name of a setting says that its value is a secret. */
export function isTelling(name: string): boolean {
  return TELLING.test(name);
}

/** @param max - in characters */
export function quoteSetting(name: string, value: string, max: number): string {
  return TELLING.test(name) ? HIDDEN : readForMatching(redactField(name, value, max)).replace(MADE, "[redacted: opaque]");
}

/** The line itself, without the value where the name gives it away. */
export function quoteLine(line: string): string {
  const [, lead = "", name = "", value = ""] = LINE.exec(line) ?? [];
  return TELLING.test(name) && !NO_VALUE.test(value) ? `${lead}${HIDDEN}` : line;
}
