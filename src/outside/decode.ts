/** Shows what a text says once its escapes and encodings are undone, so that a secret cannot hide in them. Pure. */
import { cleanText } from "./clean.js";

const ESCAPE_HINT = /%[0-9a-f]{2}|\\[ux][0-9a-f{]|&(?:#|[a-z]{2,6};)|[\u0100-\uffff]/i;
const NAMED: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
  equals: "=",
  colon: ":",
};

/** URL escapes, `\uXXXX`, `\xXX`, HTML entities and full-width letters, undone once. The line itself where it has none. */
export function decodeEscapes(line: string): string {
  if (!ESCAPE_HINT.test(line)) return line;
  const decoded = decodeUrl(line)
    .replace(
      /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi,
      (whole: string, braced?: string, four?: string, two?: string) =>
        characterOf(Number.parseInt(braced ?? four ?? two ?? "", 16), whole),
    )
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (whole: string, hex?: string, decimal?: string) =>
      characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16), whole),
    )
    .replace(/&([a-z]{2,6});/gi, (whole: string, name: string) => NAMED[name.toLowerCase()] ?? whole);
  return cleanText(decoded.normalize("NFKC"));
}

/** Runs of escapes together, because one character of UTF-8 may take several. */
function decodeUrl(line: string): string {
  return line.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
}

function characterOf(code: number, whole: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

const BLOB = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX = /^(?:[0-9a-f]{2})+$/i;
const LONGEST_BLOB = 100_000;

/**
 * Replaces base64 and hexadecimal blobs whose readable content holds a secret.
 * @param isSecret - judges decoded text; called only for text that people can read
 */
export function replaceBlobs(text: string, isSecret: (decoded: string) => boolean, replacement: string): string {
  return text.replace(BLOB, (blob) => (blob.length <= LONGEST_BLOB && readingsOf(blob).some(isSecret) ? replacement : blob));
}

/** base64 is tried at each of the four places it may begin: something else may be glued to its front. */
function readingsOf(blob: string): readonly string[] {
  const base64 = [0, 1, 2, 3].map((offset) => ({
    head: blob.slice(offset, offset + 24),
    decode: () => blob.slice(offset),
    from: "base64" as const,
  }));
  const hex = HEX.test(blob) ? [{ head: blob.slice(0, 24), decode: () => blob, from: "hex" as const }] : [];
  return [...hex, ...base64]
    .filter(({ head, from }) => isReadable(Buffer.from(head, from).toString("latin1")))
    .map(({ decode, from }) => Buffer.from(decode(), from).toString("utf8"));
}

function isReadable(text: string): boolean {
  return text.length >= 8 && /^[\t\n\r\u0020-\u007e]*$/.test(text);
}
