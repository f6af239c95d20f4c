/** The vocabulary of the story: what may be due, and what may have arrived. */
import type { Command } from "./gate/commands.js";
import type { FactOf } from "./incident/facts.js";
import type { Intake } from "./intake/intake.js";
import type { GateState } from "./remediation/gate-state.js";
import type { ReasonCode } from "./render/reasons.js";

/** What has arrived since the journal was last written. */
export interface Inbox {
  readonly commands: readonly Command[]; // in order of comment id
  readonly intakes: readonly { readonly comment: number; readonly intake: Intake }[];
  readonly executions: readonly FactOf<"execution-seen">[]; // documents newer than those the journal names
  readonly noticed: readonly FactOf<"noticed">[]; // someone moved labels, closed, locked, edited the view
  readonly burned: readonly FactOf<"burned">[]; // dead plans whose reservation is used up by now
  readonly told: ReadonlySet<string>; // keys of comments we have posted
  readonly tried?: ReadonlySet<string>; // keys of pages sent during this wake-up, whether or not they reached anyone
  readonly voidPlan: string | null; // digest of the waiting plan whose comment was edited or deleted; a newer plan is not meant
  readonly gate: GateState | null; // null: not asked, because nothing was approved before this wake-up
  readonly filedAt: { readonly path: string; readonly via: "commit" | "pull-request"; readonly url: string | null } | null;
}

export type Wait = {
  readonly do: "wait";
  readonly for: "approval" | "people" | "gate" | "hands" | "archive" | "nothing";
  readonly until: Date | null;
};
export type Step =
  | { readonly do: "take-in"; readonly comment: number; readonly intake: Intake }
  | { readonly do: "note"; readonly facts: readonly (FactOf<"execution-seen"> | FactOf<"noticed"> | FactOf<"burned">)[] }
  | { readonly do: "answer"; readonly command: Command }
  | { readonly do: "triage" }
  | { readonly do: "page"; readonly reason: ReasonCode; readonly key: string }
  | { readonly do: "gather"; readonly attempt: number; readonly widening: number } // every window times this
  | { readonly do: "diagnose" }
  | { readonly do: "propose" }
  | { readonly do: "ask" }
  | { readonly do: "check-recovery" } // the monitor says it is over: measure before believing it
  | { readonly do: "escalate"; readonly reason: ReasonCode; readonly detail: string }
  | { readonly do: "resolve"; readonly how: FactOf<"resolved">["how"]; readonly note: string | null }
  | { readonly do: "tell"; readonly key: string }
  | { readonly do: "narrate" }
  | { readonly do: "file" }
  | Wait;

export function wait(what: Wait["for"], until: Date | null = null): Wait {
  return { do: "wait", for: what, until };
}
