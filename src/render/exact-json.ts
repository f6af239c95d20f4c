import type { Json } from "../words.js";

const UNSEEN = /[\p{C}\p{Z}]/gu;

/**
 * JSON in which every character can be seen: what people approve must not hide anything. Invisible characters and unusual
 * spaces are written as \uXXXX, which JSON reads back as the same value.
 * @param indent - spaces for each level; 0 keeps it on one line
 */
export function exactJson(value: Json, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN, (sign) => (sign === " " || sign === "\n" ? sign : escaped(sign)));
}

/** A plain word as it is, anything else as JSON on one line. */
export function exactWord(value: Json): string {
  return typeof value === "string" && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) ? value : exactJson(value, 0);
}

function escaped(sign: string): string {
  return Array.from({ length: sign.length }, (_, index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
