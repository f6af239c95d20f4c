/** What Prometheus' HTTP API answers. Lenient about extra fields. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
import { z } from "zod";
import type { Point } from "../../signals/metric-change.js";
import { SourceUnavailableError } from "../unavailable.js";

/** [Unix seconds, value as text]; "NaN", "+Inf" and "-Inf" are values too. */
const Sample = z.tuple([z.number(), z.string()]);
const Labels = z.record(z.string(), z.string());

export const RangeAnswer = z.object({
  status: z.literal("success"),
  data: z.object({ resultType: z.literal("matrix"), result: z.array(z.object({ metric: Labels, values: z.array(Sample) })) }),
  warnings: z.array(z.string()).optional(),
});
export const InstantAnswer = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: Labels, value: Sample })) }),
    z.object({ resultType: z.literal("scalar"), result: Sample }),
  ]),
});
export const AlertsAnswer = z.object({
  status: z.literal("success"),
  data: z.object({ alerts: z.array(z.object({ labels: Labels, state: z.enum(["firing", "pending", "inactive"]) })) }),
});

/** @throws {SourceUnavailableError} when the answer has another shape */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown, from: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "its top level" : issue.path.join(".");
  throw new SourceUnavailableError(`${from} answered in an unknown shape (${where}): is the url that of the API?`, false);
}

/** null: a gap. Infinite values are gaps too: nothing can be compared with them. */
export function readSample([seconds, text]: z.infer<typeof Sample>): Point | null {
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { at: Math.round(seconds * 1000), value } : null;
}

export function readSamples(samples: readonly z.infer<typeof Sample>[]): readonly Point[] {
  return samples.flatMap((sample) => readSample(sample) ?? []);
}
