/** Replaces the parts of a log line that differ from event to event. Pure. */

export const WILDCARD = "<*>";

/** In this order: a later rule must not split what an earlier one takes whole. */
const VARIABLE_PARTS: readonly RegExp[] = [
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, // timestamps
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, // UUIDs
  /"[^"]{0,300}"|'[^']{0,300}'/g, // quoted
  /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, // IPv4 with port
  /\b0x[0-9a-f]+\b/gi,
  /\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, // hashes and hex ids
  /\d+(?:\.\d+)*/g, // numbers, versions, durations' digits
];

export function maskVariables(line: string): string {
  return VARIABLE_PARTS.reduce((text, part) => text.replace(part, WILDCARD), line);
}
