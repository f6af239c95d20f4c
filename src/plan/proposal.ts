import type { Json, NonEmpty, ObservationId, Risk } from "../words.js";

/** One move someone suggests; only names of the catalogue and bounded parameters. */
export interface Choice {
  readonly action: string;
  readonly target: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly when: "always" | "if-not-recovered";
}
/** What a criterion may say before the guard resolves it: a signal of the service, or the alert itself. */
export type WantedCriterion =
  | { readonly signal: string; readonly below: number }
  | { readonly signal: string; readonly above: number }
  | { readonly alert: "not-firing" };

/** All that an analyst, a runbook or a person (`/plan …`) can say. Compiling it into a plan is the guard's work. */
export interface Proposal {
  readonly service: string;
  readonly choices: NonEmpty<Choice>;
  readonly because: readonly ObservationId[];
  readonly claimedRisk: Risk;
  readonly verify: readonly WantedCriterion[]; // empty: the default of the service
  readonly runbook: { readonly id: string; readonly sha: string } | null;
}
