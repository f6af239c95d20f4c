import { z } from "zod";
import { readForMatching } from "../../../outside/match.js";
import type { Narrative } from "../../../ports.js";
import { toProse } from "../prose.js";

const MAX_PARAGRAPH = 800;
const MAX_SENTENCE = 300;

/** Every figure must stand in the record: a summary that invents one is not accepted. */
export function narrativeAnswer(record: Narrative) {
  const told = [...record.summary, ...record.wentWell, ...record.wentBadly].map((text) => readForMatching(text)).join("\n");
  return z
    .strictObject({
      summary: z.array(z.string().min(1).max(1_200)).min(1).max(4),
      wentWell: z.array(z.string().min(1).max(400)).max(3),
      wentBadly: z.array(z.string().min(1).max(400)).max(3),
    })
    .superRefine((answer, context) => {
      for (const [part, texts] of Object.entries(answer))
        if (texts.some((text) => inventsFigures(text, told)))
          context.addIssue({
            code: "custom",
            path: [part],
            message: "must hold no number, time or version that is not in the record",
          });
    });
}
export type NarrativeAnswer = z.infer<ReturnType<typeof narrativeAnswer>>;

export function judgeNarrative({ summary, wentWell, wentBadly }: NarrativeAnswer): Narrative {
  const toTexts = (texts: readonly string[], max: number): Narrative["summary"] =>
    texts.map((text) => toProse(text, max)).filter((text) => readForMatching(text) !== "");
  return {
    summary: toTexts(summary, MAX_PARAGRAPH),
    wentWell: toTexts(wentWell, MAX_SENTENCE),
    wentBadly: toTexts(wentBadly, MAX_SENTENCE),
  };
}

/** One digit alone may count things that the record lists. */
function inventsFigures(text: string, record: string): boolean {
  const figures = text.match(/\d[\d.,:]*\d/g) ?? [];
  return figures.some((figure) => !record.includes(figure));
}
