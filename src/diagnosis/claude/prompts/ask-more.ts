import type { Service } from "../../../config/config.js";
import type { DiagnosisInput } from "../../../ports.js";
import { alertBlock, coverageBlock, observationBlock } from "../evidence-lines.js";
import { DATA_RULES, type Draft } from "../prompt.js";

const SYSTEM = [
  "You decide which further look at monitoring would help to find the cause of an incident. Someone else draws the conclusions.",
  "You choose from named signals of named services and one of three windows before the onset. You cannot write queries.",
  "Ask only where the answer would separate one cause from another: a neighbour that may have failed first, a longer window to tell a change from a habit. When the observations suffice, ask nothing.",
  DATA_RULES,
].join("\n\n");

export interface AskMoreFacts {
  readonly services: readonly Service[]; // the one of the incident first
  readonly asked: readonly string[]; // "checkout error-ratio 30m"
  readonly left: number; // questions
}

export function draftAskMore(input: DiagnosisInput, { services, asked, left }: AskMoreFacts): Draft {
  return {
    system: SYSTEM,
    facts: [
      `What can be looked at:\n${services.map(describeSignals).join("\n")}`,
      asked.length === 0 ? "" : `Asked already, not to be repeated: ${asked.join("; ")}.`,
    ],
    data: [alertBlock(input.alerts), observationBlock(input.observations, input.onset), coverageBlock(input)],
    task: `At most ${left} questions, the most telling first; none when the observations suffice.`,
  };
}

function describeSignals({ name, signals }: Service): string {
  return `- ${name}: ${[...signals.keys(), "changes"].join(", ")}`;
}
