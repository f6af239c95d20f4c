/** The one comment of the hands: what is being done, what was read, how it ended. */
import { codeSpan, escapeInline } from "../outside/escape.js";
import type { Fact } from "../incident/facts.js";
import type { Effect, Execution, Verification } from "../incident/incident.js";
import type { Plan } from "../plan/plan.js";
import { shortDigest } from "../words.js";
import { readingsTable, readingValue } from "./criteria.js";
import { blocks, bullets, callout, fold, link, person, table, type Callout } from "./markdown.js";
import { OUTCOME_WORDS, VERDICT_WORDS } from "./outcome-words.js";
import { factsOf } from "./recall.js";
import { count, durationBetween, time, timeOfDay } from "./units.js";

const EFFECT_SIGNS = { ok: "✓", failed: "✗", drifted: "✗", ambiguous: "?" } as const;
const EFFECT_WORDS = {
  ok: "done",
  failed: "failed",
  drifted: "not done: the target had changed",
  ambiguous: "may or may not have happened",
} as const;

export interface ExecutionView {
  readonly plan: Plan;
  readonly execution: Execution;
  /** The hands' own facts; those of other executions may be among them. */
  readonly facts: readonly Fact[];
  /** Of the repository in which the run is to be seen: "https://github.com/acme/shop"; null leaves the link out. */
  readonly repositoryUrl: string | null;
}

export function renderExecution(view: ExecutionView): string {
  const { plan, execution } = view;
  const latest = execution.verifications.at(-1) ?? null;
  return blocks([
    state(execution, latest),
    bullets(plan.steps.map(({ number, says }) => stepLine(number, says, execution))),
    latest === null ? readingsBefore(view) : readingsTable(latest.readings, plan, "Now"),
    fold("<b>What was done when</b> (UTC)", bullets(log(view))),
    `<sub>Plan ${codeSpan(shortDigest(execution.warrant.digest))}, approved by ${execution.warrant.by.map(person).join(", ")} · ${run(view)} · reservation ${execution.reservation}</sub>`,
  ]);
}

function state({ outcome, startedAt, endedAt, effects }: Execution, latest: Verification | null): string {
  if (outcome !== null)
    return callout(calloutOf(outcome), [`**${OUTCOME_WORDS[outcome]}** ${durationBetween(startedAt, endedAt)} after the start.`]);
  const open = effects.find((effect) => effect.outcome === null);
  if (open)
    return callout("NOTE", [
      `**Step ${open.step} is ${open.direction === "undo" ? "being undone" : "running"}** since ${time(open.intendedAt, startedAt)}. \`/hold\` stops before the next one.`,
    ]);
  const sofar = latest === null ? "" : ` So far: ${VERDICT_WORDS[latest.verdict]}.`;
  return callout("NOTE", [
    `**${effects.length === 0 ? "Starting" : "Watching whether it helps"}.**${sofar} \`/hold\` stops before the next step.`,
  ]);
}

function calloutOf(outcome: NonNullable<Execution["outcome"]>): Callout {
  if (outcome === "recovered") return "TIP";
  return outcome === "undo-failed" || outcome === "ambiguous" || outcome === "failed" ? "CAUTION" : "WARNING";
}

function stepLine(number: number, says: string, execution: Execution): string {
  const effects = execution.effects.filter(({ step }) => step === number);
  const words = effects.map(effectWords).join("; ");
  const none = execution.outcome === null ? "not started" : "not carried out";
  return `**${number}.** ${escapeInline(says)}: ${words === "" ? none : words}`;
}

function effectWords({ direction, outcome, url, detail }: Effect): string {
  const undo = direction === "undo" ? "undo " : "";
  if (outcome === null) return `${undo}running`;
  const why = detail === null || outcome === "ok" ? "" : ` (${escapeInline(detail)})`;
  return `${EFFECT_SIGNS[outcome]} ${undo}${link(EFFECT_WORDS[outcome], url)}${why}`;
}

function readingsBefore({ plan, execution }: ExecutionView): string | null {
  if (execution.readingsBefore.length === 0) return null;
  return table(
    ["Criterion", "Before"],
    execution.readingsBefore.map((reading) => [escapeInline(reading.criterion), readingValue(reading, reading.before, plan)]),
  );
}

function log({ execution, facts }: ExecutionView): readonly string[] {
  const stamp = (at: Date, text: string): string => `**${timeOfDay(at, execution.startedAt)}** ${text}`;
  const keys = new Set<string>(execution.effects.map(({ key }) => key));
  const resumed = factsOf(facts, "execution-resumed").filter(({ at }) => at >= execution.startedAt);
  const lines = [
    { at: execution.startedAt, text: "started" },
    ...resumed.map(({ at, run: id }) => ({ at, text: `run ${id} takes over` })),
    ...execution.effects.map((effect) => ({
      at: effect.intendedAt,
      text: `step ${effect.step}: ${effect.direction === "undo" ? "undo" : "apply"}`,
    })),
    ...factsOf(facts, "done")
      .filter(({ key }) => keys.has(key))
      .map(({ at, outcome }) => ({ at, text: EFFECT_WORDS[outcome] })),
    ...execution.verifications.map(({ at, verdict, afterStep }) => ({
      at,
      text: `after step ${afterStep}: **${VERDICT_WORDS[verdict]}**`,
    })),
    ...(execution.endedAt === null
      ? []
      : [{ at: execution.endedAt, text: `ended: ${count(execution.effects.length, "effect")}` }]),
  ];
  return lines.sort((one, other) => one.at.getTime() - other.at.getTime()).map(({ at, text }) => stamp(at, text));
}

function run({ execution, repositoryUrl }: ExecutionView): string {
  return link(`run ${execution.run}`, repositoryUrl === null ? null : `${repositoryUrl}/actions/runs/${execution.run}`);
}
