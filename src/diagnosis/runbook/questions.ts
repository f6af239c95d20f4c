import { isWitness } from "../../evidence/background.js";
import { readForMatching } from "../../outside/match.js";
import type { Outside } from "../../outside/outside.js";
import { redact } from "../../outside/redact.js";
import type { DiagnosisInput } from "../../ports.js";
import type { Match } from "./match.js";
import { describeCondition } from "./words.js";

const MOST = 5;
const MAX_QUESTION = 200;

/**
 * What nobody could tell, likeliest to matter first: silent sources, a change that should be there, signals that are not measured.
 * @param outside - why the cause may lie outside our changes; null: nothing says so
 */
export function questionsAbout(matches: readonly Match[], input: DiagnosisInput, outside: string | null = null): Outside[] {
  const asked = [
    ...(outside === null ? [] : [`Is the cause outside our changes? It looks so: ${outside}.`]),
    ...silentSources(input),
    ...matches.flatMap(missingChange),
    ...matches.flatMap((match) => unmeasured(match, input)),
  ];
  return [...new Set(asked)].slice(0, MOST).map((question) => redact(question, MAX_QUESTION));
}

function silentSources({ coverage }: DiagnosisInput): readonly string[] {
  return coverage
    .filter(isWitness)
    .flatMap((each) =>
      each.answer === "unavailable" ? [`What does ${each.source} say? It could not be asked: ${readForMatching(each.why)}`] : [],
    );
}

function missingChange({ runbook, fits, after }: Match): readonly string[] {
  if (!fits || runbook.after === null || after.length > 0) return [];
  return [`What changed before the onset? There was not ${describeCondition(runbook.after)}.`];
}

function unmeasured({ missing, runbook }: Match, { observations, service }: DiagnosisInput): readonly string[] {
  const measured = new Set(observations.flatMap(({ detail }) => (detail.kind === "metric" ? [detail.signal] : [])));
  return [...missing, ...runbook.excludes].flatMap((condition) =>
    condition.kind === "metric" && !condition.signals.some((signal) => measured.has(signal))
      ? [`Has ${condition.signals.join(" or ")} of ${service.name} changed? It was not measured.`]
      : [],
  );
}
