import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";

/** One thing that is wrong in a file: where, by key path, and what, in a sentence that says what would be right. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** Point at the key itself (an unknown one) or at what it holds. */
  readonly at: "key" | "value";
  readonly says: string;
}
export interface Place {
  readonly line: number; // from 1
  readonly column: number; // from 1
}

/** `services.checkout.signals.errors`, `keys.mind[0]`; keys that are no plain words in brackets. */
export function nameOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part, index) => {
    if (typeof part === "number") return `[${part}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key.slice(0, 60))}]`;
    return index === 0 ? key : `.${key}`;
  });
  return parts.length === 0 ? "the file" : parts.join("");
}

/** A value as a message shows it: redacted, short, on one line. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 ? "an empty map" : "a map";
  const shown = readForMatching(redact(String(value), 60));
  return typeof value === "string" ? JSON.stringify(shown) : shown;
}

/** All problems as one message, in the order of the file, each on a line `path:line:column: …`. */
export function describeProblems(path: string, found: readonly { readonly place: Place; readonly says: string }[]): string {
  const ordered = [...found].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const lines = ordered.map(({ place, says }) => `${path}:${place.line}:${place.column}: ${says}`);
  return [...new Set(lines)].join("\n");
}
