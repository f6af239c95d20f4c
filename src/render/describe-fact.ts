/** One fact in words; the vocabulary of the timeline. */
import { codeSpan, escapeInline, plainLine } from "../outside/escape.js";
import type { Alert, Diagnosis, Fact, FactOf } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { shortDigest } from "../words.js";
import { readingValue } from "./criteria.js";
import { escalationWords } from "./escalation-words.js";
import { firstWords, link, person } from "./markdown.js";
import { OUTCOME_WORDS, VERDICT_WORDS } from "./outcome-words.js";
import { first, planOf, planUrl } from "./recall.js";
import { count, percent, time } from "./units.js";

const LONGEST_WORDS = 40;
const LONGEST_NAME = 60;
const NOTICED: Readonly<Record<FactOf<"noticed">["what"], string>> = {
  "labels-changed": "someone changed the labels; they are put back from the record",
  "closed-by-hand": "someone closed the issue by hand",
  "reopened-by-hand": "someone reopened the issue by hand",
  locked: "someone locked the issue; comments are not possible until it is unlocked",
  unlocked: "the issue was unlocked",
};
const RESOLVED: Readonly<Record<FactOf<"resolved">["how"], string>> = {
  remediated: "the remediation worked",
  "by-person": "a person resolved it",
  "recovered-by-itself": "it recovered without intervention",
  "no-incident": "there was no incident",
  duplicate: "it is a duplicate",
};
const EFFECT_WORDS = {
  ok: "done",
  failed: "**failed**",
  drifted: "not done: the target had changed",
  ambiguous: "**may or may not have happened**",
} as const;

/** The line of one fact; no line for facts that only keep books. */
export function describeFact(fact: Fact, incident: Incident): readonly string[] {
  switch (fact.fact) {
    case "opened":
      return [
        `incident opened: ${names(fact.alerts)}${fact.reportedBy === null ? "" : `, reported by ${person(fact.reportedBy)}`}`,
      ];
    case "alerted-again":
      return [alertedAgain(fact)];
    case "triaged":
      return [`triaged **${fact.triage.severity}**: ${firstWords(fact.triage.why, LONGEST_WORDS)}`];
    case "evidence":
      return [gathered(fact)];
    case "diagnosed":
      return [`${diagnosed(fact.diagnosis)} – ${escapeInline(fact.analyst)}, attempt ${fact.attempt}`];
    case "consulted":
      return fact.what === "called" ? [] : [`${fact.task}: ${escapeInline(fact.text)}`];
    case "planned":
      return [`plan ${planName(fact.digest, incident)} made by ${escapeInline(fact.proposedBy)}, risk ${fact.plan.risk}`];
    case "plan-refused":
      return [
        `plan refused by the guard: ${fact.findings.map(({ rule, message }) => `${firstWords(message, LONGEST_WORDS)} (${codeSpan(rule)})`).join("; ")}`,
      ];
    case "asked":
      return [`approval of plan ${planName(fact.digest, incident)} asked`];
    case "advised":
      return [`plan ${planName(fact.digest, incident)} posted for people to carry out`];
    case "command":
      return [command(fact)];
    case "approved":
      return [
        `plan ${planName(fact.warrant.digest, incident)} approved by ${fact.warrant.by.map(person).join(", ")}, to be started by ${time(fact.warrant.until, fact.at)}`,
      ];
    case "paged":
      return [paged(fact)];
    case "execution-seen":
      return [];
    case "escalated":
      return [`**to people:** ${escalationWords(fact.reason, fact.detail, LONGEST_WORDS)}`];
    case "noticed":
      return [`${NOTICED[fact.what]}${fact.detail === "" ? "" : ` (${firstWords(fact.detail, LONGEST_WORDS)})`}`];
    case "burned":
      return [];
    case "recovery-checked":
      return [recoveryChecked(fact)];
    case "resolved":
      return [
        `**resolved:** ${RESOLVED[fact.how]}${fact.by === null ? "" : ` (${person(fact.by)})`}${fact.note === null ? "" : `: ${firstWords(fact.note, LONGEST_WORDS)}`}`,
      ];
    case "narrated":
      return [`summary written by ${escapeInline(fact.analyst)}`];
    case "filed":
      return [`post-mortem filed: ${link(codeSpan(fact.path), fact.url)}`];
    case "execution-started":
      return [`run ${fact.run} starts to carry out plan ${planName(fact.warrant.digest, incident)}`];
    case "execution-resumed":
      return [`run ${fact.run} takes over where the earlier run stopped`];
    case "intent":
      return [`step ${fact.step} ${fact.direction === "undo" ? "is undone" : "starts"}`];
    case "done":
      return [
        `${link(effectName(fact.key, incident), fact.url)} ${EFFECT_WORDS[fact.outcome]}${fact.detail === null ? "" : `: ${firstWords(fact.detail, LONGEST_WORDS)}`}`,
      ];
    case "verified":
      return [`verified after step ${fact.afterStep}: **${VERDICT_WORDS[fact.verdict]}**${readings(fact, incident)}`];
    case "execution-ended":
      return [
        `execution ended: ${OUTCOME_WORDS[fact.outcome]}${fact.detail === null ? "" : ` ${firstWords(fact.detail, LONGEST_WORDS)}`}`,
      ];
  }
}

export function diagnosed(diagnosis: Diagnosis): string {
  switch (diagnosis.kind) {
    case "cause":
      return `cause, ${percent(diagnosis.confidence.value)} sure: ${firstWords(first(diagnosis.hypotheses).cause, LONGEST_WORDS)}`;
    case "unknown":
      return `no cause found: ${firstWords(diagnosis.why, LONGEST_WORDS)}`;
    case "no-incident":
      return `no incident: ${firstWords(diagnosis.why, LONGEST_WORDS)}`;
  }
}

function names(alerts: readonly Alert[]): string {
  const shown = alerts.slice(0, 3).map(({ name }) => codeSpan(plainLine(name, LONGEST_NAME)));
  return `${shown.join(", ")}${alerts.length > 3 ? ` and ${count(alerts.length - 3, "more alert")}` : ""}`;
}

function alertedAgain({ alerts }: FactOf<"alerted-again">): string {
  const firing = alerts.filter(({ state }) => state === "firing");
  return firing.length > 0 ? `${names(firing)} fires again or anew` : `${names(alerts)} no longer fires`;
}

function gathered({ evidence }: FactOf<"evidence">): string {
  const answered = evidence.coverage.filter(({ answer }) => answer === "ok" || answer === "empty").length;
  const asked = evidence.coverage.filter(({ answer }) => answer !== "not-configured").length;
  return `evidence gathered, attempt ${evidence.attempt}: ${count(evidence.observations.length, "observation")}, ${answered} of ${count(asked, "source")} answered`;
}

function recoveryChecked({ healthy, errorRatio }: FactOf<"recovery-checked">): string {
  const measured = errorRatio === null ? "" : ` (${percent(errorRatio)} of requests fail)`;
  if (healthy === null) return "looked whether it is over: cannot be told";
  return `looked whether it is over: ${healthy ? "yes" : "**not yet**"}${measured}`;
}

function command({ verb, by, outcome, reason, text }: FactOf<"command">): string {
  const refused = outcome === "refused" ? ` – refused${reason === null ? "" : `: ${codeSpan(reason)}`}` : "";
  return `${person(by)} ${codeSpan(`/${verb}`)}${text === null ? "" : ` ${firstWords(text, LONGEST_WORDS)}`}${refused}`;
}

function paged({ reason, reached, failed }: FactOf<"paged">): string {
  const occasion = codeSpan(reason);
  if (reached.length === 0)
    return `**page not delivered** (${occasion}): ${failed.map(escapeInline).join(", ") || "no channel"} did not take it`;
  return `paged (${occasion}) through ${reached.map(escapeInline).join(", ")}${failed.length > 0 ? `; not through ${failed.map(escapeInline).join(", ")}` : ""}`;
}

function effectName(key: string, incident: Incident): string {
  const effect = incident.executions.flatMap(({ effects }) => effects).find((each) => each.key === key);
  if (effect === undefined) return "step";
  return effect.direction === "undo" ? `undo of step ${effect.step}` : `step ${effect.step}`;
}

function readings(fact: FactOf<"verified">, incident: Incident): string {
  const execution = incident.executions.find(({ verifications }) =>
    verifications.some(({ at }) => at.getTime() === fact.at.getTime()),
  );
  const plan = execution === undefined ? null : (planOf(incident, execution.warrant.digest)?.plan ?? null);
  if (plan === null || fact.readings.length === 0) return "";
  return ` (${fact.readings.map((reading) => `${escapeInline(reading.criterion)}: ${readingValue(reading, reading.last, plan)}`).join("; ")})`;
}

function planName(digest: string, incident: Incident): string {
  return link(codeSpan(shortDigest(digest)), planUrl(incident, digest));
}
