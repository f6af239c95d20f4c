import { createHash } from "node:crypto";
import type { Answer } from "../site.js";

export function etagOf(answer: Answer): string {
  const content = answer.text ?? JSON.stringify(answer.body);
  return `W/"${createHash("sha256").update(content).digest("hex")}"`;
}

/** Weak comparison, as conditional requests want it. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return (header ?? "").split(",").some((tag) => opaque(tag) === opaque(etag));
}
