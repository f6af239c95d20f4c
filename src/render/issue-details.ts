/** The folded parts of the issue. Each keeps to its budget, so that the whole stays readable in the worst case. */
import { objectOf, readStatement } from "../evidence/statement.js";
import { codeSpan, escapeInline } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import type { ChangeReview, Coverage, Evidence, Hypothesis, Observation } from "../incident/facts.js";
import type { Incident, JournaledPlan } from "../incident/incident.js";
import { shortDigest } from "../words.js";
import { blocks, bullets, fitLines, fold, link, table } from "./markdown.js";
import { OUTCOME_WORDS } from "./outcome-words.js";
import { factsOf, first, newestCause, newestDiagnosis, newestEvidence, planUrl } from "./recall.js";
import { timeline, timelineLine } from "./timeline.js";
import { count, percent } from "./units.js";

const BUDGET = {
  evidence: 8000,
  coverage: 1000,
  hypotheses: 2000,
  timeline: 5000,
  questions: 800,
  timelineStart: 1000,
  plans: 1200,
} as const;
const ANSWER_WORDS: Readonly<Record<Coverage["answer"], string>> = {
  ok: "ok",
  empty: "answered: nothing there",
  "not-configured": "not configured",
  unavailable: "**unavailable**",
};

/** A rival less likely than this is ruled out, and reads like noise. */
const WORTH_TELLING = 0.01;

/** Evidence of the newest attempt; earlier attempts are counted. */
export function evidencePart(incident: Incident): string | null {
  const evidence = newestEvidence(incident);
  if (evidence === null) return null;
  const summary = `<b>Evidence</b> · ${count(evidence.observations.length, "observation")} · ${answered(evidence)}`;
  const told = evidence.observations.filter((seen) => !isSteady(seen));
  const lines = fitLines(
    [...told.map((seen) => observation(seen, evidence.review)), ...steadyLine(evidence.observations.filter(isSteady))],
    BUDGET.evidence,
    (left) => `${left} more in the record`,
  );
  return fold(summary, blocks([bullets(lines), notKept(evidence, incident), coverageTable(evidence.coverage)]));
}

export function hypothesesPart(incident: Incident): string | null {
  const isNamedAbove = newestDiagnosis(incident)?.diagnosis.kind === "cause";
  const all = newestCause(incident)?.hypotheses.slice(isNamedAbove ? 1 : 0) ?? [];
  const others = all.filter(({ likelihood }) => likelihood >= WORTH_TELLING);
  const questions = openQuestions(incident);
  if (others.length === 0 && questions.length === 0) return null;
  const lines = fitLines(others.map(hypothesis), BUDGET.hypotheses, (left) => `${left} more in the record`);
  return fold(
    "<b>What else it could be</b>",
    blocks([bullets(lines), questions.length > 0 ? `Open questions:\n\n${bullets(questions)}` : null]),
  );
}

/** From the first line to now; when it is long, the middle is left out. */
export function timelinePart(incident: Incident): string {
  const lines = timeline(incident).map((entry) => timelineLine(entry, incident.onset));
  const start = fitLines(lines, BUDGET.timelineStart, () => "").filter((line) => line !== "");
  const newestFirst = fitLines(
    lines.slice(start.length).reverse(),
    BUDGET.timeline - BUDGET.timelineStart,
    (left) => `… ${left} more in the record …`,
  );
  return fold("<b>Timeline</b> (UTC)", bullets([...start, ...newestFirst.toReversed()]));
}

export function plansPart(incident: Incident): string | null {
  const refused = factsOf(incident.facts, "plan-refused").flatMap(({ findings }) =>
    findings.map(({ rule, message }) => `refused by the guard: ${escapeInline(message)} (${codeSpan(rule)})`),
  );
  const lines = [...incident.plans.map((plan) => planLine(plan, incident)), ...refused];
  if (lines.length === 0) return null;
  return fold(
    `<b>Plans</b> · ${incident.plans.length}`,
    bullets(fitLines(lines, BUDGET.plans, (left) => `${left} more in the record`)),
  );
}

function isSteady({ detail, summary }: Observation): boolean {
  return detail.kind === "metric" && readForMatching(summary).startsWith(`${detail.signal} ${STEADY}`);
}
const STEADY = "is steady at ";

/** What did nothing, on one line: people look here for what they miss, not for news. */
function steadyLine(seen: readonly Observation[]): readonly string[] {
  if (seen.length === 0) return [];
  const each = seen.map(({ id, summary, link: url }) => {
    const [signal = "", value = ""] = readForMatching(summary).split(` ${STEADY}`);
    return `**${id}** ${link(escapeInline(signal), url)} ${escapeInline(value)}`;
  });
  return [`steady · ${each.join(" · ")}`];
}

/** "app/web Slow: …" rather than "app/web: app Slow: …", and "app/web: container OutOfMemory: …" where it is about a part of it. */
function saidOf(object: string, seen: Observation): string {
  const said = readStatement(seen);
  const isItself = said !== null && (said.of === "dependency" || said.of === "cluster" || object.startsWith(`${said.of}/`));
  return isItself
    ? `${escapeInline(object)} ${said.reason}: ${escapeInline(said.message)}`
    : `${escapeInline(object)}: ${escapeInline(seen.summary)}`;
}

function observation(seen: Observation, { weighed }: ChangeReview): string {
  const review = weighed.find(({ id }) => id === seen.id);
  const weighs = review === undefined ? "" : `<br><sub>${escapeInline(review.says)}</sub>`;
  const object = objectOf(seen);
  const says = object === null ? escapeInline(seen.summary) : saidOf(object, seen);
  const where = link(escapeInline(seen.source), seen.link);
  return `**${seen.id}** ${seen.detail.kind} · ${says} · ${where}${weighs}`;
}

function answered({ coverage }: Evidence): string {
  const asked = coverage.filter(({ answer }) => answer !== "not-configured");
  const answers = asked.filter(({ answer }) => answer !== "unavailable");
  return `${answers.length} of ${count(asked.length, "source")} answered`;
}

function notKept(evidence: Evidence, incident: Incident): string | null {
  const earlier = factsOf(incident.facts, "evidence")
    .slice(0, -1)
    .reduce((sum, fact) => sum + fact.evidence.observations.length, 0);
  const parts = [
    evidence.dropped > 0 ? `${count(evidence.dropped, "weaker observation")} not kept.` : "",
    earlier > 0 ? `${count(earlier, "observation")} of earlier attempts in the record.` : "",
    evidence.attempt > 1
      ? `Attempt ${evidence.attempt} looked back ${evidence.logsMinutes} min in logs, ${evidence.changesMinutes / 60} h in changes.`
      : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : parts.join(" ");
}

function coverageTable(coverage: readonly Coverage[]): string | null {
  if (coverage.length === 0) return null;
  const rows = coverage.map((source) => [
    escapeInline(source.source),
    ANSWER_WORDS[source.answer] + (source.answer === "unavailable" ? `: ${escapeInline(source.why)}` : ""),
  ]);
  const kept = rows.filter((_, index) => rows.slice(0, index + 1).join("").length <= BUDGET.coverage);
  return table(["Source", "Answer"], kept);
}

function hypothesis({ cause, likelihood, for: supports, against, tellApart }: Hypothesis): string {
  const parts = [
    `**${escapeInline(cause)}** (${percent(likelihood)}).`,
    supports.length > 0 ? `For: ${supports.join(" ")}.` : "",
    against.length > 0 ? `Against: ${against.join(" ")}.` : "",
    tellApart === null ? "" : `To tell it apart: ${escapeInline(tellApart)}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function openQuestions(incident: Incident): readonly string[] {
  const diagnosis = newestDiagnosis(incident)?.diagnosis;
  if (diagnosis === undefined || diagnosis.kind === "no-incident") return [];
  return fitLines(diagnosis.openQuestions.map(escapeInline), BUDGET.questions, (left) => `${left} more in the record`);
}

function planLine({ plan, digest, proposedBy }: JournaledPlan, incident: Incident): string {
  const run = incident.executions.findLast(({ warrant }) => warrant.digest === digest);
  const fate = run?.outcome
    ? OUTCOME_WORDS[run.outcome]
    : run
      ? "being carried out"
      : incident.deadDigests.has(digest)
        ? "void, not carried out"
        : "waiting";
  return `${link(codeSpan(shortDigest(digest)), planUrl(incident, digest))} ${escapeInline(first(plan.steps).says)} (by ${escapeInline(proposedBy)}, risk ${plan.risk}): ${fate}`;
}
