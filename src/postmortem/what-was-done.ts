/** What was carried out, and what the readings said afterwards. */
import type { Execution, Incident } from "../incident/incident.js";
import { codeSpan, escapeInline } from "../outside/escape.js";
import type { Plan } from "../plan/plan.js";
import { readingsTable } from "../render/criteria.js";
import { blocks, bullets } from "../render/markdown.js";
import { OUTCOME_WORDS, VERDICT_WORDS } from "../render/outcome-words.js";
import { newestFact, planOf } from "../render/recall.js";
import { durationBetween, time } from "../render/units.js";
import { shortDigest } from "../words.js";

const EFFECT_WORDS = {
  ok: "done",
  failed: "failed",
  drifted: "not done, the target had changed",
  ambiguous: "may or may not have happened",
} as const;

export function whatWasDone(incident: Incident): string {
  const done = incident.executions.map((execution) => executed(execution, incident));
  return blocks([...(done.length === 0 ? ["The automation changed nothing in production."] : done), resolvedByPerson(incident)]);
}

function executed(execution: Execution, incident: Incident): string {
  const { warrant, outcome, startedAt, endedAt } = execution;
  const plan = planOf(incident, warrant.digest)?.plan;
  const title = `Plan ${codeSpan(shortDigest(warrant.digest))}, started ${time(startedAt, incident.onset)}, took ${durationBetween(startedAt, endedAt)}: ${outcome === null ? "unfinished" : OUTCOME_WORDS[outcome]}`;
  if (plan === undefined) return title;
  return blocks([
    title,
    bullets(plan.steps.map(({ number, says }) => `${escapeInline(says)}: ${fate(number, execution)}`)),
    readings(execution, plan),
  ]);
}

function fate(number: number, { effects }: Execution): string {
  const own = effects.filter(({ step }) => step === number);
  const words = own.map(
    ({ direction, outcome }) =>
      `${direction === "undo" ? "undo " : ""}${outcome === null ? "unfinished" : EFFECT_WORDS[outcome]}`,
  );
  return words.length === 0 ? "not carried out" : words.join(", then ");
}

function readings({ verifications }: Execution, plan: Plan): string | null {
  const last = verifications.at(-1);
  if (last === undefined) return null;
  const shown = last.readings.length === 0 ? null : readingsTable(last.readings, plan, "After");
  return blocks([`Verified: **${VERDICT_WORDS[last.verdict]}**.`, shown]);
}

function resolvedByPerson(incident: Incident): string | null {
  const resolved = newestFact(incident.facts, "resolved");
  if (resolved === null || resolved.how === "remediated" || resolved.note === null) return null;
  return `What a person noted at the end: ${escapeInline(resolved.note)}`;
}
