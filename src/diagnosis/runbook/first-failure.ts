import type { Observation } from "../../incident/facts.js";
import type { DiagnosisInput } from "../../ports.js";

/** From here on failing traces tell a pattern, not a single request. */
const LEAST_SCORE = 0.5;

/** The strongest observation of traces that failed first in another service than the one that is looked at; null: none. Pure. */
export function firstFailureElsewhere({
  observations,
  service,
}: Pick<DiagnosisInput, "observations" | "service">): Observation | null {
  const elsewhere = observations.filter(
    ({ detail, query, subject, score }) =>
      detail.kind === "trace" && query === "failing-traces" && subject !== service.name && score >= LEAST_SCORE,
  );
  return elsewhere.toSorted((a, b) => b.score - a.score)[0] ?? null;
}
