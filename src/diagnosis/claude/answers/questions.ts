import { z } from "zod";
import type { Service } from "../../../config/config.js";
import type { Selector } from "../settings.js";

const WINDOWS = { "30m": 30 * 60_000, "2h": 2 * 3_600_000, "24h": 24 * 3_600_000 } as const;

export const QuestionsAnswer = z.strictObject({
  questions: z
    .array(
      z.strictObject({
        service: z.string().max(100),
        signal: z.string().max(100),
        window: z.enum(Object.keys(WINDOWS) as readonly (keyof typeof WINDOWS)[]),
      }),
    )
    .max(6),
});
export type QuestionsAnswer = z.infer<typeof QuestionsAnswer>;
export interface Asked extends Selector {
  readonly says: string; // "checkout error-ratio 30m": no equal question twice
}

/** Those that name what exists and were not asked before. */
export function readQuestions(
  { questions }: QuestionsAnswer,
  services: readonly Service[],
  asked: readonly string[],
): readonly Asked[] {
  const seen = new Set(asked);
  return questions.flatMap(({ service: name, signal, window }) => {
    const service = services.find((each) => each.name === name);
    const says = `${name} ${signal} ${window}`;
    if (service === undefined || seen.has(says) || !(signal === "changes" || service.signals.has(signal))) return [];
    seen.add(says);
    return [{ service, signal, windowMs: WINDOWS[window], says }];
  });
}
