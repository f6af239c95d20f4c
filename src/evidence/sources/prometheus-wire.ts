/** What Prometheus' HTTP API answers. Lenient about extra fields. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
import { z } from "zod";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { Point } from "../../signals/metric-change.js";

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
  warnings: z.array(z.string()).optional(),
});
export const AlertsAnswer = z.object({
  status: z.literal("success"),
  data: z.object({ alerts: z.array(z.object({ labels: Labels, state: z.enum(["firing", "pending", "inactive"]) })) }),
});

/** Remarks on the query itself say nothing of missing series. */
const ON_THE_QUERY = /^PromQL (?:info|warning)\b/i;
const MAX_WARNING = 160;

/** Why series may be missing though the status is "success": a store behind did not answer, or a limit cut the answer. null: nothing says so. */
export function gapOf({ warnings = [] }: Pick<z.infer<typeof RangeAnswer>, "warnings">): string | null {
  const [first] = warnings.filter((warning) => !ON_THE_QUERY.test(warning));
  return first === undefined ? null : `it warned of ${readForMatching(redact(first, MAX_WARNING))}`;
}

/** null: a gap. Infinite values are gaps too: nothing can be compared with them. */
export function readSample([seconds, text]: z.infer<typeof Sample>): Point | null {
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { at: Math.round(seconds * 1000), value } : null;
}

export function readSamples(samples: readonly z.infer<typeof Sample>[]): readonly Point[] {
  return samples.flatMap((sample) => readSample(sample) ?? []);
}

/** A moment as parameters take it: Unix seconds. */
export function unixSeconds(moment: Date): string {
  return (moment.getTime() / 1000).toFixed(3);
}
