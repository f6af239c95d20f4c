import type { Diagnosis, Observation } from "../../incident/facts.js";
import { isWitness } from "../../evidence/background.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput } from "../../ports.js";
import { matchRunbook, type Match } from "./match.js";
import { questionsAbout } from "./questions.js";
import type { Condition, Runbook } from "./runbook.js";
import { describeCondition } from "./words.js";

/** Observations that are named, strongest first, each in so many words. */
const MOST_OBSERVATIONS = 2;
const MOST_WORDS = 11;
/** What is steady, well or only a remark scores less. */
const UNUSUAL = 0.2;
const LONGEST_SUMMARY = 90;
/** When it moved stands in the evidence. */
const MOMENT = /, first at \d\d:\d\d:\d\d UTC$/;
/** Runbooks that are named because they nearly fit, those with the most evidence first. */
const MOST_NEAR = 3;
const LONGEST_QUESTION = 200;

/** "I do not know", with the strongest of what was seen; what nearly fitted comes as questions: people see what was tried. */
export function abstain(runbooks: readonly Runbook[], ruledOut: readonly Match[], input: DiagnosisInput): Diagnosis {
  const near = nearMisses(runbooks, input).map((question) => redact(question, LONGEST_QUESTION));
  return { kind: "unknown", why: reasonFor(runbooks, input), openQuestions: [...near, ...questionsAbout(ruledOut, input)] };
}

/** At most about thirty words. */
function reasonFor(runbooks: readonly Runbook[], input: DiagnosisInput): string {
  if (runbooks.length === 0) return "there are no runbooks to compare with";
  const hasAnswer = input.coverage.filter(isWitness).some(({ answer }) => answer === "ok" || answer === "empty");
  if (!hasAnswer) return "no source answered, so there is nothing to reason from";
  const strongest = input.observations
    .filter(({ detail }) => detail.kind !== "past" && detail.kind !== "alert")
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_OBSERVATIONS);
  return strongest.every(({ score }) => score < UNUSUAL)
    ? "no runbook fits, and nothing unusual was seen"
    : `no runbook fits; strongest: ${strongest.map(inShort).join(" · ")}`;
}

function inShort({ id, summary }: Observation): string {
  const text = readForMatching(summary).trim().replace(MOMENT, "");
  const words = text.split(/\s+/).slice(0, MOST_WORDS).join(" ").slice(0, LONGEST_SUMMARY);
  return `${id} ${words.length < text.length ? `${words.replace(/[,;:]$/, "")} …` : words}`;
}

function nearMisses(runbooks: readonly Runbook[], input: DiagnosisInput): readonly string[] {
  return runbooks
    .map((runbook) => matchRunbook(runbook, input))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_NEAR)
    .map(whyNot);
}

function whyNot({ runbook, missing, excludedBy }: Match): string {
  const name = `Was it ${runbook.id}?`;
  if (excludedBy.length > 0) return `${name} Against it: ${excludedBy.map(({ id }) => id).join(", ")}.`;
  if (missing.length === 0) return `${name} Nothing particular to it was seen.`;
  return `${name} Not seen: ${[...new Set(missing.map(inWords))].join(", ")}.`;
}

/** A pattern is for machines: people read what kind of thing was looked for. */
function inWords(condition: Condition): string {
  switch (condition.kind) {
    case "log":
      return "log lines that are typical of it";
    case "alert":
      return "an alert that speaks of it";
    case "state":
    case "event":
      return describeCondition({ ...condition, match: null });
    case "metric":
    case "change":
      return describeCondition(condition);
  }
}
