import { readForMatching } from "../../../outside/match.js";
import type { Narrative } from "../../../ports.js";
import { block } from "../evidence-lines.js";
import { DATA_RULES, type Draft } from "../prompt.js";

const SYSTEM = [
  "You write the summary of a post-mortem from a record of facts. Readers were not there and want to learn from it.",
  "Two or three short paragraphs: what users noticed, what caused it and how that is known, what was done and how it was verified. Then what went well and what went badly, one sentence each, at most three of each; none where the record shows none.",
  "Tell only what the record holds. Every time, number, version and name must stand in it. Speak of systems and of decisions, never of somebody's fault. Plain sentences, no markup, no addresses.",
  DATA_RULES,
].join("\n\n");

/** @param record - the story as code tells it from the facts */
export function draftNarrate(record: Narrative): Draft {
  const lines = [
    ...record.summary.map((paragraph) => ({ fact: readForMatching(paragraph) })),
    ...record.wentWell.map((each) => ({ wentWell: readForMatching(each) })),
    ...record.wentBadly.map((each) => ({ wentBadly: readForMatching(each) })),
  ];
  return { system: SYSTEM, facts: [], data: [block("record", lines)], task: "Write the summary." };
}
