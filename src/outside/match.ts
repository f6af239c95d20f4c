import type { Outside } from "./outside.js";

/** Whether the text matches. A `g` or `y` pattern keeps no state between calls. */
export function matches(text: Outside, pattern: RegExp): boolean {
  return text.outside.search(pattern) !== -1;
}

/** The text for comparing, counting and templating by code; what is rendered goes through `escape.ts` all the same. */
export function readForMatching(text: Outside): string {
  return text.outside;
}
