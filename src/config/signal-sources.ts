/** What may answer a reviewed query, by the kind of answer. */

/** They give numbers: only these can be compared with a bound. */
export const METRIC_SOURCES = ["prometheus", "cloudwatch", "datadog"] as const;
/** They give lines. */
export const LOG_SOURCES = ["loki", "elasticsearch", "cloudwatch-logs", "datadog-logs"] as const;

export function isMetricSource(source: string): boolean {
  return METRIC_SOURCES.some((each) => each === source);
}

/** The name under which that source reports: one source answers for metrics and lines of the same product. */
export function reporterOf(source: string): string {
  return source === "recording" ? "recordings" : source.replace(/-logs$/, "");
}
