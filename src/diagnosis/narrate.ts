/** The story of an incident in plain sentences, from its facts alone. Pure; for analysts that do not write themselves. */
import type { Diagnosis, Fact, FactOf } from "../incident/facts.js";
import type { Execution, Incident, JournaledPlan } from "../incident/incident.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Narrative } from "../ports.js";
import { duration, plural } from "../evidence/phrases.js";

const MAX_PARAGRAPH = 800;

const EXECUTION_WORDS: Readonly<Record<NonNullable<Execution["outcome"]>, string>> = {
  recovered: "the service recovered",
  unchanged: "nothing changed",
  unknown: "it could not be told whether it helped",
  "worse-undone": "it got worse and was undone",
  "failed-undone": "a step failed and what was done was undone",
  failed: "a step failed",
  "undo-failed": "it had to be undone and that failed",
  drifted: "the world had changed meanwhile and nothing was done",
  stopped: "a person stopped it",
  ambiguous: "it could not be told whether a step had happened",
};
const RESOLVED_WORDS: Readonly<Record<FactOf<"resolved">["how"], string>> = {
  remediated: "It was resolved by the plan",
  "by-person": "It was resolved by a person",
  "recovered-by-itself": "It recovered by itself",
  "no-incident": "It turned out to be no incident",
  duplicate: "It was closed as a duplicate",
};

export function narrateFromFacts(incident: Incident): Narrative {
  const toParagraphs = (texts: readonly (string | null)[]): Narrative["summary"] =>
    texts.filter((text) => text !== null).map((text) => redact(text, MAX_PARAGRAPH));
  return {
    summary: toParagraphs([tellOpening(incident), tellCause(incident), tellRemediation(incident), tellEnd(incident)]),
    wentWell: toParagraphs(wentWell(incident)),
    wentBadly: toParagraphs(wentBadly(incident)),
  };
}

function tellOpening({ alerts, onset, openedAt, service, facts }: Incident): string {
  const [{ alert }] = alerts;
  const triage = ofKind(facts, "triaged").at(-1)?.triage;
  const others = alerts.length > 1 ? ` and ${plural(alerts.length - 1, "more alert")}` : "";
  const severity = triage === undefined ? "" : ` It was triaged as ${triage.severity}: ${triage.why}.`;
  return `At ${utc(onset)} the alert ${readForMatching(alert.name)}${others} began for ${service ?? "a service that is not in the catalogue"} (${readForMatching(alert.summary)}). The incident was opened at ${utc(openedAt)}.${severity}`;
}

function tellCause({ facts, causeByPerson }: Incident): string | null {
  const said = ofKind(facts, "diagnosed");
  const last = said.at(-1);
  if (last === undefined && causeByPerson === null) return null;
  if (causeByPerson !== null) return `A person named the cause: ${causeByPerson}.`;
  const tries = said.length === 1 ? "the first attempt" : `${said.length} attempts`;
  return last === undefined ? null : `After ${tries} ${last.analyst} concluded: ${tellDiagnosis(last.diagnosis)}`;
}

function tellDiagnosis(diagnosis: Diagnosis): string {
  if (diagnosis.kind !== "cause")
    return `${diagnosis.kind === "unknown" ? "the cause is not known" : "there is no incident"}, because ${diagnosis.why}.`;
  const [leader] = diagnosis.hypotheses;
  if (leader === undefined) return "the cause is not known.";
  const cited = leader.for.length === 0 ? "without a citation" : `citing ${leader.for.join(", ")}`;
  return `${readForMatching(leader.cause)} (${Math.round(diagnosis.confidence.value * 100)} % sure, ${cited}).`;
}

function tellRemediation(incident: Incident): string | null {
  const told = incident.executions.flatMap((execution) => {
    const plan = incident.plans.find(({ digest }) => digest === execution.warrant.digest);
    return plan === undefined ? [] : [tellExecution(execution, plan)];
  });
  return told.length === 0 ? null : told.join(" ");
}

function tellExecution({ outcome, warrant, startedAt, endedAt }: Execution, { plan }: JournaledPlan): string {
  const steps = plan.steps.map(({ says }) => says).join("; then ");
  const took = endedAt === null ? "" : ` after ${duration(endedAt.getTime() - startedAt.getTime())}`;
  const end = outcome === null ? "its end is not recorded" : EXECUTION_WORDS[outcome];
  return `Approved by ${warrant.by.join(" and ")}, the plan was carried out at ${utc(startedAt)}: ${steps}. Outcome${took}: ${end}.`;
}

function tellEnd({ facts, onset }: Incident): string | null {
  const resolved = ofKind(facts, "resolved").at(-1);
  if (resolved === undefined) return null;
  const by = resolved.by === null ? "" : ` (${resolved.by})`;
  return `${RESOLVED_WORDS[resolved.how]}${by} at ${utc(resolved.at)}, ${duration(Math.max(0, resolved.at.getTime() - onset.getTime()))} after the onset.`;
}

function wentWell({ facts, executions }: Incident): readonly (string | null)[] {
  const said = ofKind(facts, "diagnosed");
  const wasRight = said.length === 1 && said[0]?.diagnosis.kind === "cause" && executions.at(-1)?.outcome === "recovered";
  const lastEvidence = ofKind(facts, "evidence").at(-1)?.evidence;
  const allAnswered =
    lastEvidence !== undefined && lastEvidence.coverage.every(({ answer }) => answer === "ok" || answer === "empty");
  return [
    wasRight ? "The first diagnosis was borne out: acting on it helped." : null,
    allAnswered ? "Every source of evidence answered." : null,
  ];
}

function wentBadly({ facts, executions }: Incident): readonly (string | null)[] {
  const attempts = ofKind(facts, "diagnosed").length;
  const refused = ofKind(facts, "plan-refused").length;
  const unhelpful = executions.filter(({ outcome }) => outcome !== null && outcome !== "recovered").length;
  return [
    attempts > 1 ? `The cause took ${attempts} attempts to find.` : null,
    refused > 0 ? `${plural(refused, "proposed plan")} had to be refused.` : null,
    unhelpful > 0 ? `${plural(unhelpful, "plan")} did not help.` : null,
  ];
}

function ofKind<N extends Fact["fact"]>(facts: readonly Fact[], name: N): readonly FactOf<N>[] {
  return facts.filter((fact): fact is FactOf<N> => fact.fact === name);
}

function utc(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
