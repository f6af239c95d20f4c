/** A replay as the terminal shows it. Every text from outside on one line, defused. */
import type { ChangeReview, Coverage, Diagnosis, Observation } from "../incident/facts.js";
import { plural } from "../evidence/phrases.js";
import { plainLine } from "../outside/escape.js";
import type { Proposal } from "../plan/proposal.js";
import type { Replayed } from "./replay.js";

const WIDTH = 300;

export function describeReplay({ triage, evidence, diagnosis, proposal, recorded }: Replayed): string {
  const { observations, coverage, review } = evidence;
  return [
    `Severity ${triage.severity}: ${triage.why}.`,
    `Evidence: ${plural(observations.length, "observation")} from ${coverage.map(describeCoverage).join(", ")}; onset ${moment(evidence.onset)} UTC.`,
    ...observations.map((seen) => describeObservation(seen, evidence.onset)),
    ...describeReview(review),
    ...describeDiagnosis(diagnosis),
    describeProposal(proposal),
    describeRecorded(recorded, diagnosis),
  ].join("\n");
}

/** Lines no longer than this many characters, cut between words; what belongs to a line stands below its text. */
export function wrapLines(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, Math.max(width, LEAST_WIDTH)))
    .join("\n");
}

const LEAST_WIDTH = 40;

function wrapLine(line: string, width: number): string {
  const indent = `${/^ */.exec(line)?.[0] ?? ""}  `;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    if (at <= indent.length) break; // one long word: the terminal may cut it
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest].join("\n");
}

function describeCoverage(coverage: Coverage): string {
  const { source, answer } = coverage;
  return coverage.answer === "unavailable" ? `${source} (${answer}: ${plainLine(coverage.why, WIDTH)})` : `${source} (${answer})`;
}

function describeObservation({ id, source, subject, at, summary }: Observation, onset: Date): string {
  const when = moment(at).slice(0, 10) === moment(onset).slice(0, 10) ? moment(at).slice(11) : moment(at);
  return `  ${id} ${when} ${source}, ${plainLine(subject)}: ${plainLine(summary, WIDTH)}`;
}

/** "2026-11-20 04:40:00", in UTC. */
function moment(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
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

function describeRecorded(recorded: Replayed["recorded"], now: Diagnosis): string {
  if (recorded === null) return "The recorded run ended before its diagnosis.";
  const { analyst, same, diagnosis } = recorded;
  if (same) return `The recorded run said the same (${plainLine(analyst)}).`;
  if (isAlike(diagnosis, now))
    return `The recorded run named the same cause, just as sure, in other words (${plainLine(analyst)}).`;
  return [`The recorded run said something else (${plainLine(analyst)}):`, ...describeDiagnosis(diagnosis)].join("\n");
}

/** The same runbooks in the same order, resting on the same observations. */
function isAlike(one: Diagnosis, other: Diagnosis): boolean {
  if (one.kind !== "cause" || other.kind !== "cause" || percent(one.confidence.value) !== percent(other.confidence.value))
    return false;
  const [first, second] = [one, other].map(({ hypotheses }) =>
    hypotheses.map(({ runbook, for: support, against }) => [runbook, ...support, "/", ...against].join(" ")).join("\n"),
  );
  return first === second;
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? "nothing" : ids.join(", ");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
