import { logLine } from "../outside/log-line.js";
import { isReasonCode } from "../render/reasons.js";
import { renderSummary } from "../render/summary.js";
import { PHASES, type PhaseName } from "../words.js";
import type { Outcome } from "./app.js";

export interface Finished {
  readonly command: string;
  readonly dryRun: boolean;
  readonly serverUrl: string;
  readonly repository: string;
  readonly outcome: Outcome;
}

/** What the runner takes from a job. */
export interface Report {
  output(name: string, value: string): void;
  summary(markdown: string): Promise<void>;
  info(line: string): void;
  fail(line: string): void;
}

/** Tells the workflow (outputs), the reader of the run (summary) and the log how it ended. */
export async function finish({ command, dryRun, serverUrl, repository, outcome }: Finished, report: Report): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(outcome))) report.output(name, value);
  report.output("result", JSON.stringify({ schema_version: 1, command, ...outputsOf(outcome), happened: outcome.happened }));
  const incident =
    outcome.incident === null ? null : { number: outcome.incident, url: `${serverUrl}/${repository}/issues/${outcome.incident}` };
  const phase = knownPhase(outcome);
  const { happened, comesNext, reason } = outcome;
  await report.summary(renderSummary({ command, incident, phase, happened, comesNext, reason, dryRun }));
  for (const line of happened) report.info(logLine(line));
  report.info(logLine(comesNext));
  if (outcome.failed) report.fail(logLine(`${reason ?? "failed"}: ${happened.at(-1) ?? ""}`));
}

/** Closed words and numbers only: a job output that looks like a secret is dropped by the runner. */
function outputsOf(outcome: Outcome): Readonly<Record<string, string>> {
  const { incident, next, go, reason } = outcome;
  return {
    incident: incident === null ? "" : String(incident),
    next: next ?? "",
    go: go === null ? "" : String(go),
    phase: knownPhase(outcome) ?? "",
    "reason-code": reason !== null && isReasonCode(reason) ? reason : "", // a journal may hold a word of a later version
  };
}

function knownPhase({ phase }: Outcome): PhaseName | null {
  return PHASES.find((known) => known === phase) ?? null;
}
