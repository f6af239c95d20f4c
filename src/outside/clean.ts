/** ANSI escape sequences: CSI, terminated OSC and other strings, and the two-character forms. */
const ANSI =
  // oxlint-disable-next-line no-control-regex -- escape characters are what it is about
  /\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g;
const LINE_ENDS = /\r\n?|[\u2028\u2029\u0085]/g;
/** What is not seen but splits words or turns them round: controls, bidi, zero-width, fillers, lone surrogates, private use. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Co}]/gu;

/** The text as a person would read it: line ends are `\n`, tabs stay, everything invisible is gone. Idempotent. */
export function cleanText(text: string): string {
  return text.replace(ANSI, "").replace(LINE_ENDS, "\n").replace(UNSEEN, "");
}

/** Cleaned text on one line, runs of whitespace as one space. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, " ").trim();
}
