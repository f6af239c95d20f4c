import type { Service } from "../../../config/config.js";
import type { DiagnosisInput } from "../../../ports.js";
import { looksOf } from "../answers/questions.js";
import type { Look } from "../ask-further.js";
import { alertBlock, coverageBlock, historyBlock, lookBlock, observationBlock } from "../evidence-lines.js";
import { DATA_RULES, type Draft } from "../prompt.js";

const SYSTEM = [
  "You decide which further look at monitoring would help to find the cause of an incident. Someone else draws the conclusions.",
  "You choose a named service, one of its named signals or a source that is asked about the whole service, and one of three windows before the onset. You cannot write queries.",
  "Ask only where the answer would separate one cause from another: a neighbour that may have failed first, a longer window to tell a change from a habit. When the observations suffice, ask nothing. What was refused or looked at already is not asked again.",
  DATA_RULES,
].join("\n\n");

export interface AskMoreFacts {
  readonly services: readonly Service[]; // the one of the incident first
  readonly sources: readonly string[]; // those that can be asked about a whole service
  readonly looks: readonly Look[]; // what was asked before, and what came of it
  readonly left: number; // questions
}

export function draftAskMore(input: DiagnosisInput, { services, sources, looks, left }: AskMoreFacts): Draft {
  const history = historyBlock(input);
  return {
    system: SYSTEM,
    facts: [`What can be looked at:\n${services.map((service) => describeLooks(service, sources)).join("\n")}`],
    data: [
      alertBlock(input.alerts),
      observationBlock(input.observations, input.onset),
      coverageBlock(input),
      ...(looks.length === 0 ? [] : [lookBlock(looks)]),
      ...(history === null ? [] : [history]),
    ],
    task: `At most ${left} questions, the most telling first; none when the observations suffice.`,
  };
}

function describeLooks(service: Service, sources: readonly string[]): string {
  return `- ${service.name}: ${looksOf(service, sources).join(", ")}`;
}
