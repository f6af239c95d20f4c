import { z } from "zod";
import type { Service } from "../../../config/config.js";
import type { Selector } from "../settings.js";

const WINDOWS = { "30m": 30 * 60_000, "2h": 2 * 3_600_000, "24h": 24 * 3_600_000 } as const;

export const QuestionsAnswer = z.strictObject({
  questions: z
    .array(
      z.strictObject({
        service: z.string().max(100),
        signal: z.string().max(100).describe("a signal of that service, or a source that is asked about the whole service"),
        window: z.enum(Object.keys(WINDOWS) as readonly (keyof typeof WINDOWS)[]),
      }),
    )
    .max(6),
});
export type QuestionsAnswer = z.infer<typeof QuestionsAnswer>;
type Question = QuestionsAnswer["questions"][number];

export interface Asked extends Selector {
  readonly says: string; // "checkout error-ratio 30m": names of the config alone
}
/** What is not looked at, and why; `asked` is the model's own wording. */
export interface Refused {
  readonly asked: string;
  readonly why: string; // our words
}
export interface Selection {
  readonly questions: readonly Asked[];
  readonly refused: readonly Refused[];
}
export interface Selectable {
  readonly services: readonly Service[];
  readonly sources: readonly string[]; // those that are configured
  readonly asked: readonly string[]; // no look twice
  readonly left: number; // looks
}

/** Those that name what exists and were not asked before, as many as are left. */
export function readQuestions({ questions }: QuestionsAnswer, { services, sources, asked, left }: Selectable): Selection {
  const seen = new Set(asked);
  const taken: Asked[] = [];
  const refused: Refused[] = [];
  for (const question of questions) {
    const service = services.find(({ name }) => name === question.service);
    const says = `${question.service} ${question.signal} ${question.window}`;
    const why = whyNot(question, service, { sources, isRepeated: seen.has(says), isFull: taken.length >= left });
    if (service === undefined || why !== null) {
      refused.push({ asked: says, why: why ?? NO_SERVICE });
      continue;
    }
    seen.add(says);
    taken.push({ service, signal: question.signal, windowMs: WINDOWS[question.window], says });
  }
  return { questions: taken, refused };
}

const NO_SERVICE = "no such service among those that can be looked at";

interface Circumstances {
  readonly sources: readonly string[];
  readonly isRepeated: boolean;
  readonly isFull: boolean;
}

function whyNot(
  { signal }: Question,
  service: Service | undefined,
  { sources, isRepeated, isFull }: Circumstances,
): string | null {
  if (service === undefined) return NO_SERVICE;
  if (!looksOf(service, sources).includes(signal)) return "this service has no such signal, and there is no such source";
  if (isRepeated) return "it was looked at already";
  return isFull ? "no more looks are left" : null;
}

/** Everything that can be named for a service: its reviewed signals, then the sources that know it as a whole. */
export function looksOf({ signals, kubernetes }: Service, sources: readonly string[]): readonly string[] {
  const whole = sources.filter((source) => source !== "kubernetes" || kubernetes !== null);
  return [...new Set([...signals.keys(), ...whole])];
}
