/** The one documented list of reason codes: answers, findings, checks, escalations and pages. See docs/reason-codes.md. */
import { CHECKS } from "./reasons/checks.js";
import { ESCALATIONS, PAGES } from "./reasons/escalations.js";
import { GUARD_FINDINGS } from "./reasons/guard.js";
import type { Reason, ReasonKind } from "./reasons/reason.js";
import { REFUSALS } from "./reasons/refusals.js";

export type { Reason, ReasonKind } from "./reasons/reason.js";

export const REASON_CODES = { ...REFUSALS, ...GUARD_FINDINGS, ...CHECKS, ...ESCALATIONS, ...PAGES } as const;
export type ReasonCode = keyof typeof REASON_CODES;

export function isReasonCode(word: string): word is ReasonCode {
  return Object.hasOwn(REASON_CODES, word);
}

/** What a code means and what to do next. A journal may hold a word of a later version: that is said, not hidden. */
export function explainReason(code: string): Reason {
  if (isReasonCode(code)) return REASON_CODES[code];
  return {
    kinds: [],
    means: "This version does not know the reason.",
    next: "`/status` says where the incident stands.",
  };
}

const KIND_TITLES: Readonly<Record<ReasonKind, string>> = {
  refusal: "Refusals: a command was not carried out",
  guard: "Guard: a plan was not let through",
  check: "Checks: an approved plan was not, or not fully, carried out",
  escalation: "Escalations: the incident went to people",
  page: "Pages: someone was called",
};

/** The text of docs/reason-codes.md. */
export function renderReasonCodes(): string {
  const sections = Object.entries(KIND_TITLES).map(([kind, title]) => `## ${title}\n\n${listOf(kind as ReasonKind)}`);
  const intro =
    "The output `reason-code`, the journal and the comments use these words and no others. A code may appear in more than one list.";
  return `# Reason codes\n\n${intro}\n\n${sections.join("\n\n")}\n`;
}

function listOf(kind: ReasonKind): string {
  const rows = Object.entries<Reason>(REASON_CODES).filter(([, reason]) => reason.kinds.includes(kind));
  const lines = rows.map(([code, { means, next }]) => `| \`${code}\` | ${means} | ${next} |`);
  return ["| code | means | what next |", "| --- | --- | --- |", ...lines].join("\n");
}
