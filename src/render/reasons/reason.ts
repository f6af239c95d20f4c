/**
 * Where a code can appear: an answer to a command, a finding of the guard, a result of `check` or of the hands' own checks,
 * why an incident went to people, or the occasion of a page.
 */
export type ReasonKind = "refusal" | "guard" | "check" | "escalation" | "page";

export interface Reason {
  readonly kinds: readonly ReasonKind[];
  /** One sentence for people. */
  readonly means: string;
  /** What would be accepted, or what to do next. Safe markdown; commands in code spans. */
  readonly next: string;
}
