/** A replay as the terminal shows it. Every text from outside on one line, defused. */
import type { ChangeReview, Coverage, Diagnosis, Observation } from "../incident/facts.js";
import { plainLine } from "../outside/escape.js";
import type { Proposal } from "../plan/proposal.js";
import type { Replayed } from "./replay.js";

const WIDTH = 300;

export function describeReplay({ triage, evidence, diagnosis, proposal, recorded }: Replayed): string {
  const { observations, coverage, review } = evidence;
  return [
    `Severity ${triage.severity}: ${triage.why}.`,
    `Evidence: ${observations.length} observations from ${coverage.map(describeCoverage).join(", ")}.`,
    ...observations.map(describeObservation),
    ...describeReview(review),
    ...describeDiagnosis(diagnosis),
    describeProposal(proposal),
    describeRecorded(recorded),
  ].join("\n");
}

function describeCoverage(coverage: Coverage): string {
  const { source, answer } = coverage;
  return coverage.answer === "unavailable" ? `${source} (${answer}: ${plainLine(coverage.why, WIDTH)})` : `${source} (${answer})`;
}

function describeObservation({ id, source, subject, at, summary }: Observation): string {
  return `  ${id} ${at.toISOString()} ${source}, ${plainLine(subject)}: ${plainLine(summary, WIDTH)}`;
}

function describeReview({ verdict, ids, why, weighed }: ChangeReview): readonly string[] {
  const named = verdict === "change" ? `${list(ids)}: ${plainLine(why, WIDTH)}` : plainLine(why, WIDTH);
  return [`Changes: ${named}.`, ...weighed.map(({ id, says }) => `  ${id} ${plainLine(says, WIDTH)}`)];
}

function describeDiagnosis(diagnosis: Diagnosis): readonly string[] {
  if (diagnosis.kind === "unknown") return [`Cause: not known, ${diagnosis.why}.`];
  if (diagnosis.kind === "no-incident") {
    const cited = diagnosis.cites.length === 0 ? "" : ` (${diagnosis.cites.join(", ")})`;
    return [`No incident: ${diagnosis.why}${cited}.`];
  }
  const { confidence, hypotheses } = diagnosis;
  const caps = confidence.caps.map(({ reason, to }) => `at most ${percent(to)}: ${reason}`);
  return [
    `Cause, ${percent(confidence.value)} sure${caps.length === 0 ? "" : ` (${caps.join("; ")})`}:`,
    ...hypotheses.map(
      ({ runbook, cause, likelihood, for: support, against }) =>
        `  ${percent(likelihood)} ${runbook ?? "no runbook"}: ${plainLine(cause, WIDTH)} [for ${list(support)}; against ${list(against)}]`,
    ),
  ];
}

function describeProposal(proposal: Proposal | null): string {
  if (proposal === null) return "Proposal: none.";
  const moves = proposal.choices.map(
    ({ action, target, params }) => `${action} ${target} ${plainLine(JSON.stringify(params), WIDTH)}`,
  );
  return `Proposal: ${moves.join(", then ")}. In an incident the guard would look at the targets before there is a plan.`;
}

function describeRecorded(recorded: Replayed["recorded"]): string {
  if (recorded === null) return "The recorded run ended before its diagnosis.";
  const { analyst, same, diagnosis } = recorded;
  if (same) return `The recorded run said the same (${plainLine(analyst)}).`;
  return [`The recorded run said something else (${plainLine(analyst)}):`, ...describeDiagnosis(diagnosis)].join("\n");
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? "nothing" : ids.join(", ");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
