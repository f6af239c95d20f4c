/** The summary of a job: what happened, what comes next. Shown on the page of the run. */
import { codeSpan, escapeInline } from "../outside/escape.js";
import type { PhaseName } from "../words.js";
import { blocks, bullets, link, ourWords } from "./markdown.js";
import { explainReason } from "./reasons.js";

export interface SummaryView {
  readonly command: string;
  readonly incident: { readonly number: number; readonly url: string } | null;
  readonly phase: PhaseName | null;
  /** In order, our own words. */
  readonly happened: readonly string[];
  /** Our own words: "An approver answers the plan." */
  readonly comesNext: string;
  /** Why nothing, or not everything, was done. */
  readonly reason: string | null;
  readonly dryRun: boolean;
}

export function renderSummary(view: SummaryView): string {
  const { command, incident, phase, happened, comesNext, reason, dryRun } = view;
  const subject = incident === null ? "" : ` · ${link(`incident ${incident.number}`, incident.url)}`;
  const words = reason === null ? null : explainReason(reason);
  return blocks([
    `### Gatehouse ${escapeInline(command)}${subject}${phase === null ? "" : ` · ${phase}`}`,
    dryRun ? "**Dry run: nothing was written or changed.**" : null,
    happened.length === 0 ? "Nothing was due." : bullets(happened.map(ourWords)),
    words === null || reason === null ? null : `${codeSpan(reason)}: ${words.means} ${words.next}`,
    `**Next:** ${ourWords(comesNext)}`,
  ]);
}
