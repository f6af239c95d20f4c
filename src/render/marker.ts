/**
 * Hidden last lines of our comments. They let a later run recognise what it wrote itself; they prove nothing, because anyone
 * with write access can type one.
 */
const MARKER = /<!-- gatehouse:(\S+) r(\d+) -->\s*$/;
const PAGE_MARKER = /<!-- gatehouse:page (\S+) -->\s*$/;

/** The last line of a comment of the mind: what it is (`key`) and the state revision it was written at. */
export function marker(key: string, revision: number): string {
  return `<!-- gatehouse:${encodeKey(key)} r${revision} -->`;
}

/** The marker a body ends with, or null when it ends with something else. */
export function readMarker(body: string): { readonly key: string; readonly revision: number } | null {
  const found = MARKER.exec(body);
  if (!found?.[1] || !found[2]) return null;
  return { key: decodeKey(found[1]), revision: Number(found[2]) };
}

/** The last line of a comment that pages someone: the deduplication key of the page. */
export function pageMarker(key: string): string {
  return `<!-- gatehouse:page ${encodeKey(key)} -->`;
}

export function readPageMarker(body: string): string | null {
  const found = PAGE_MARKER.exec(body);
  return found?.[1] ? decodeKey(found[1]) : null;
}

/** Keys of our own make pass unchanged; whatever could end the comment or the word is percent-encoded. */
function encodeKey(key: string): string {
  return key.replace(/[^\w:./@+-]/gu, (unsafe) => encodeURIComponent(unsafe));
}

function decodeKey(encoded: string): string {
  return encoded.replace(/(?:%[0-9A-F]{2})+/g, (escaped) => decodeURIComponent(escaped));
}
