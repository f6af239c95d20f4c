/** Replaces the parts of a log line that differ from event to event. Pure. */

export const WILDCARD = "<*>";

const UNIT = "(?:bytes?|[KMGTkmgt]i?[Bb]|B|ms|us|ns|s|secs?\\.?|seconds?|mins?|minutes?|hours?|days?|%)(?!\\w)";
const AMOUNT = `\\d+(?:\\.\\d+)?\\s?${UNIT}`;

/** The first that fits at a place wins. No `i` flag: a host name is lower case, `Class.method:12` is none. */
const VARIABLE_PARTS: readonly string[] = [
  "\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?", // dates and timestamps
  "\\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\\b", // UUIDs
  "\\b[a-z][a-zA-Z0-9+.-]{0,40}:\\/\\/[^\\s\"'<>()[\\]{},]{0,500}[^\\s\"'<>()[\\]{},.:;]", // URLs
  "(?<![\\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}(?![\\w:])", // IPv6, MAC
  "\\/?\\b(?:\\d{1,3}\\.){3}\\d{1,3}(?::\\d+)?\\b", // IPv4 with port
  `<?(?<![\\w.])-?${AMOUNT}(?:\\s?\\(${AMOUNT}\\))?`, // 12 ms, 18846 bytes (18.4 KB), <1 sec
  "\\b[a-z0-9-]+(?:\\.[a-z0-9-]+)+:\\d{1,5}\\b", // host with port
  "\\b0[xX][0-9a-fA-F]+\\b",
  "\\b(?=[0-9a-fA-F]*\\d)(?=[0-9]*[a-fA-F])[0-9a-fA-F]{6,}\\b", // hashes and hex ids
  "\\b\\d+(?:[:.]\\d+)+\\b", // versions, times of day
];
const VARIABLE = new RegExp(VARIABLE_PARTS.join("|"), "g");

export function maskVariables(line: string): string {
  return line.replace(VARIABLE, WILDCARD);
}

const LITERAL = /^(?:true|false|null|nil|none)$/i;

/**
 * Whether a word stands for a value by its looks: a number, an id with digits, true and false, a path. One digit after
 * letters is part of a name (`eth0`, `IPv4`, `utf8`).
 */
export function isValue(word: string): boolean {
  return (
    word.includes(WILDCARD) ||
    /\d\d|(?:^|[^A-Za-z])\d/.test(word) ||
    LITERAL.test(word) ||
    (/^[\\/]/.test(word) && word.length > 1)
  );
}

/**
 * Whether a word looks like one of many of its kind, so that two lines that differ in such words only say the same: qualified
 * names, paths, addresses. Names of kinds (`java.io.IOException`, `action.SCREEN_ON`) are not: they are what the line says.
 */
export function isName(word: string): boolean {
  if (word.includes(WILDCARD)) return true;
  if (/(?:Error|Exception|Failure|Fault|\.[A-Z][A-Z0-9_]+)$/.test(word)) return false;
  return /\.\w+\.|\w[\\/]\w|@|\$/.test(word);
}
