/** What the model may conclude, and what is left of it when every claim that cites nothing real is gone. */
import { z } from "zod";
import type { Confidence, Diagnosis, Hypothesis } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import type { DiagnosisInput } from "../../../ports.js";
import type { ObservationId } from "../../../words.js";
import { INVENTED_CAP } from "../../confidence.js";
import { findNoIncident } from "../../no-incident.js";
import { blamedObject } from "../../runbook/blamed.js";
import type { Runbook } from "../../runbook/runbook.js";
import { toProse } from "../prose.js";

const MAX_CAUSE = 300;
const MAX_TELL_APART = 300;
const MAX_QUESTION = 200;

/** Why the model does not know, each with the words that code writes about it. */
const DOUBTS = {
  "too-little-evidence": "there is too little evidence to tell",
  contradictory: "the evidence contradicts itself",
  "sources-missing": "the sources that would tell did not answer",
  "nothing-fits": "nothing that was observed explains the alerts",
  none: "no cause could be told",
} as const;

const Ids = z.array(z.string().max(8)).max(40);
const HypothesisAnswer = z.strictObject({
  cause: z.string().min(3).max(600).describe("one sentence: what is wrong"),
  because: z.string().max(600).describe("one clause: what shows it"),
  runbook: z.string().max(100).nullable(),
  for: Ids,
  against: Ids,
  tellApart: z.string().max(600).nullable().describe("one look that would tell it from the others"),
  likelihood: z.number().min(0).max(1),
});
export const DiagnosisAnswer = z
  .strictObject({
    hypotheses: z.array(HypothesisAnswer).max(3),
    openQuestions: z.array(z.string().max(400)).max(5),
    verdict: z.enum(["cause", "unknown", "no-incident"]),
    doubt: z.enum(Object.keys(DOUBTS) as readonly (keyof typeof DOUBTS)[]).describe("of the verdict unknown, else none"),
    healthy: Ids.describe("of the verdict no-incident: the observations that show health"),
    confidence: z.number().min(0).max(1),
  })
  .superRefine(({ verdict, hypotheses }, context) => {
    if (verdict === "cause" && hypotheses.length < 2)
      context.addIssue({
        code: "custom",
        path: ["hypotheses"],
        message: "must hold two or three hypotheses for the verdict cause",
      });
  });
export type DiagnosisAnswer = z.infer<typeof DiagnosisAnswer>;

export interface Judged {
  /** null: nothing of it is left. */
  readonly diagnosis: Diagnosis | null;
  readonly droppedCitations: number;
  /** The model saw no incident, and what was measured does not bear it out. */
  readonly overruled: boolean;
}

/** Before the caps of the caller: ids that do not exist are gone, and so is a hypothesis that nothing real speaks for. */
export function judgeDiagnosis(answer: DiagnosisAnswer, input: DiagnosisInput, runbooks: readonly Runbook[]): Judged {
  const known = new Set<string>(input.observations.map(({ id }) => id));
  const cited = answer.hypotheses.flatMap((each) => [...each.for, ...each.against]);
  const droppedCitations = cited.filter((id) => !known.has(id)).length;
  if (answer.verdict === "no-incident") return { ...judgeNoIncident(answer, input), droppedCitations };
  const unknown = toUnknown(answer, DOUBTS[answer.doubt]);
  if (answer.verdict === "unknown") return { diagnosis: unknown, droppedCitations, overruled: false };
  const hypotheses = answer.hypotheses
    .map((each) => toHypothesis(each, known, input, runbooks))
    .filter((each) => each.for.length > 0);
  const [leader, ...others] = hypotheses.toSorted((a, b) => b.likelihood - a.likelihood);
  if (leader === undefined) return { diagnosis: null, droppedCitations, overruled: false };
  const { confidence: claimed } = answer;
  const diagnosis: Diagnosis = {
    kind: "cause",
    hypotheses: [leader, ...others],
    confidence: droppedCitations === 0 ? { claimed, caps: [], value: claimed } : capInvented(claimed),
    openQuestions: toQuestions(answer),
  };
  return { diagnosis, droppedCitations, overruled: false };
}

function capInvented(claimed: number): Confidence {
  return { claimed, caps: [INVENTED_CAP], value: Math.min(claimed, INVENTED_CAP.to) };
}

/** Closing an incident needs measured health: a log line that talks a model into calm must not do it. */
function judgeNoIncident(answer: DiagnosisAnswer, input: DiagnosisInput): Pick<Judged, "diagnosis" | "overruled"> {
  const measured = findNoIncident(input);
  if (measured !== null) return { diagnosis: measured, overruled: false };
  const why = "the model saw no incident, but what was measured does not show health";
  return { diagnosis: toUnknown(answer, why), overruled: true };
}

function toUnknown(answer: DiagnosisAnswer, why: string): Diagnosis {
  return { kind: "unknown", why, openQuestions: toQuestions(answer) };
}

function toQuestions({ openQuestions }: DiagnosisAnswer): Extract<Diagnosis, { kind: "unknown" }>["openQuestions"] {
  return openQuestions.map((question) => toProse(question, MAX_QUESTION)).filter((question) => readForMatching(question) !== "");
}

function toHypothesis(
  answer: z.infer<typeof HypothesisAnswer>,
  known: ReadonlySet<string>,
  { service, observations }: DiagnosisInput,
  runbooks: readonly Runbook[],
): Hypothesis {
  const real = (ids: readonly string[]): ObservationId[] => [...new Set(ids)].filter((id): id is ObservationId => known.has(id));
  const runbook = runbooks.find(({ id }) => id === answer.runbook) ?? null;
  const pro = real(answer.for);
  const object = blamedObject({ for: pro }, observations) ?? service.name;
  return {
    runbook: runbook?.id ?? null,
    cause: toProse(wordCause(answer, runbook, { service: service.name, object }), MAX_CAUSE),
    for: pro,
    against: real(answer.against).filter((id) => !pro.includes(id)),
    likelihood: answer.likelihood,
    tellApart: answer.tellApart === null ? null : toProse(answer.tellApart, MAX_TELL_APART),
  };
}

/** With a runbook its reviewed sentence says what is wrong, and the model only what shows it. */
function wordCause(
  { cause, because }: z.infer<typeof HypothesisAnswer>,
  runbook: Runbook | null,
  names: { readonly service: string; readonly object: string },
): string {
  if (runbook === null) return because === "" ? cause : `${cause.replace(/[.\s]+$/, "")}: ${because}`;
  const values: Readonly<Record<string, string>> = { ...names, why: because || cause };
  return runbook.cause.replace(/\{(service|object|why)\}/g, (_whole, name: string) => values[name] ?? "");
}
