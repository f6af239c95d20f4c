import type { Diagnosis } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import type { DiagnosisInput } from "../../../ports.js";
import type { Runbook } from "../../runbook/runbook.js";
import type { Look } from "../ask-further.js";
import { alertBlock, block, coverageBlock, historyBlock, lookBlock, observationBlock, reviewBlock } from "../evidence-lines.js";
import { DATA_RULES, type Draft } from "../prompt.js";
import { describeLookAlikes, describeRunbooks } from "./runbook-index.js";

const RULES = [
  "You find the cause of an incident in production from observations that others made. People read your answer at night and act on it.",
  "Give two or three hypotheses, likeliest first. For each: the observations for it, the observations against it, and what one look would tell it from the others. Look for what speaks against your first idea before you settle on it.",
  "A change shortly before the onset is a suspect, not a proof: say what shows that it did it. What began after the onset is a consequence. A symptom is not a cause.",
  "A source that is unavailable, empty or not configured has shown nothing, neither health nor harm.",
  "Confidence is the chance that acting on the first hypothesis is right. Be honest: with one observation, or with strong evidence against, it is below 0.6. When nothing fits, answer unknown and say which questions are open. Answer no-incident only when what was measured is healthy.",
  "Use a runbook's id where its cause is meant; null where none fits. Plain words, no markup, no addresses, no names of people.",
  DATA_RULES,
].join("\n\n");

/** Stable for a configuration: it is what prompt caching keeps. */
export function diagnoseSystem(runbooks: readonly Runbook[]): string {
  return `${RULES}\n\n${describeRunbooks(runbooks)}`;
}

export interface DiagnoseFacts {
  readonly offline: Diagnosis; // what the runbook rules concluded from the same observations
  readonly runbooks: readonly Runbook[];
  readonly looks?: readonly Look[]; // beyond the evidence; what they brought is among the observations
}

export function draftDiagnose(input: DiagnosisInput, { offline, runbooks, looks = [] }: DiagnoseFacts): Draft {
  const { service, attempt, observations, onset } = input;
  const [review, history] = [reviewBlock(input), historyBlock(input)];
  return {
    system: diagnoseSystem(runbooks),
    facts: [
      `Service: ${service.name}${service.core ? ", a core function" : ""}. It needs ${service.dependsOn.join(", ") || "no other service"}. Attempt ${attempt}. Times count from the onset.`,
      describeOffline(offline),
      offline.kind === "cause"
        ? describeLookAlikes(
            offline.hypotheses.flatMap(({ runbook }) => runbook ?? []),
            runbooks,
          )
        : "",
    ],
    data: [
      alertBlock(input.alerts),
      observationBlock(observations, onset),
      ...(review === null ? [] : [review]),
      coverageBlock(input),
      ...(looks.length === 0 ? [] : [lookBlock(looks)]),
      ...(history === null ? [] : [history]),
      ...openQuestions(offline),
    ],
    task: "What is the cause?",
  };
}

function describeOffline(offline: Diagnosis): string {
  if (offline.kind !== "cause") return `Fixed rules concluded: ${offline.kind}. They know only the runbooks.`;
  const told = offline.hypotheses.map(({ runbook, for: pro, against }) => {
    const contra = against.length === 0 ? "" : `, against ${against.join(" ")}`;
    return `${runbook ?? "no runbook"} (for ${pro.join(" ") || "nothing"}${contra})`;
  });
  return `Fixed rules concluded, likeliest first: ${told.join("; ")}. They know only the runbooks and can be wrong.`;
}

function openQuestions({ kind, ...rest }: Diagnosis): Draft["data"] {
  if (kind === "no-incident" || !("openQuestions" in rest) || rest.openQuestions.length === 0) return [];
  return [
    block(
      "questions that are open",
      rest.openQuestions.map((question) => ({ question: readForMatching(question) })),
    ),
  ];
}
