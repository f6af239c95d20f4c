import type { Severity } from "../words.js";

const WORDS: Readonly<Record<Severity, string>> = {
  P0: "p0 sev0 s0 severity0 disaster",
  P1: "p1 sev1 s1 severity1 critical crit page emergency emerg fatal panic blocker urgent highest",
  P2: "p2 sev2 s2 severity2 high major severe error err",
  P3: "p3 p4 p5 sev3 sev4 sev5 s3 s4 s5 severity3 severity4 severity5 warning warn minor average medium moderate low lowest normal notice info information informational debug trivial ticket ok cleared",
};
const BY_WORD: ReadonlyMap<string, Severity> = new Map(
  (["P0", "P1", "P2", "P3"] as const).flatMap((severity) => WORDS[severity].split(" ").map((word) => [word, severity] as const)),
);

/**
 * A monitor's own word as our severity; P0 only where the word says so, because nobody but a measurement or a person calls an
 * outage complete. Null for words that we do not know, and for bare numbers: monitors count in both directions.
 */
export function severityOf(word: unknown): Severity | null {
  if (typeof word !== "string") return null;
  return BY_WORD.get(word.toLowerCase().replace(/[^a-z0-9]/g, "")) ?? null;
}

/** A *priority* is a rank in every monitor: 1 is the most urgent, or a word. */
export function severityOfPriority(rank: unknown): Severity | null {
  const text = typeof rank === "number" ? String(rank) : rank;
  if (typeof text !== "string" || !/^[1-5]$/.test(text.trim())) return severityOf(text);
  return severityOf(`p${text.trim()}`);
}
