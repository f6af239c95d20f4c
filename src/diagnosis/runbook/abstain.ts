import type { Diagnosis } from "../../incident/facts.js";
import type { DiagnosisInput } from "../../ports.js";
import { matchRunbook, type Match } from "./match.js";
import { questionsAbout } from "./questions.js";
import type { Runbook } from "./runbook.js";
import { describeCondition } from "./words.js";

const MAX_WHY = 600;
/** As many as people read; those with the most evidence first. */
const MOST_NAMED = 6;

/** "I do not know", with what was looked for and what would help: people see what was tried. */
export function abstain(runbooks: readonly Runbook[], near: readonly Match[], input: DiagnosisInput): Diagnosis {
  const why = reasonFor(runbooks, input);
  const cut = why.length <= MAX_WHY ? why : `${why.slice(0, MAX_WHY - 1)}…`;
  return { kind: "unknown", why: cut, openQuestions: questionsAbout(near, input) };
}

function reasonFor(runbooks: readonly Runbook[], input: DiagnosisInput): string {
  if (runbooks.length === 0) return "there are no runbooks to compare with";
  const hasAnswer = input.coverage.some(({ answer }) => answer === "ok" || answer === "empty");
  if (!hasAnswer) return "no source answered, so there is nothing to reason from";
  const nearest = runbooks.map((runbook) => matchRunbook(runbook, input)).toSorted((a, b) => b.weight - a.weight);
  const looked = nearest.slice(0, MOST_NAMED).map(whyNot);
  const rest = nearest.length - looked.length;
  return `no runbook fits what was seen. Looked for ${looked.join("; ")}${rest > 0 ? `; and for ${rest} more` : ""}`;
}

function whyNot({ runbook, missing, excludedBy }: Match): string {
  if (excludedBy.length > 0) return `${runbook.id} (against it: ${excludedBy.map(({ id }) => id).join(", ")})`;
  return `${runbook.id} (not seen: ${missing.map(describeCondition).join(", ")})`;
}
