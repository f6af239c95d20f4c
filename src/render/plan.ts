/**
 * The comment that asks for an approval, or hands a task to people. The same input gives the same bytes: the hash of the
 * comment is kept, and any later difference voids the plan.
 */
import { codeBlock } from "../outside/escape.js";
import type { Config } from "../config/config.js";
import type { Incident } from "../incident/incident.js";
import { VERIFY_LIMIT_IN_SOAKS, type Plan } from "../plan/plan.js";
import { shortDigest, type Digest } from "../words.js";
import { blocks, firstWords, mention, sentence } from "./markdown.js";
import { folded } from "./plan-details.js";
import { causeBehind, first } from "./recall.js";
import { count, duration, percent, time } from "./units.js";

const HEADLINE_WORDS = 12;
const WHY_WORDS = 18;

export interface PlanView {
  readonly plan: Plan;
  readonly digest: Digest;
  readonly incident: Incident;
  readonly config: Config;
  /** Handles of the config that are notified: "@user", "@org/team". */
  readonly mentions: readonly string[];
}

export function renderPlan(view: PlanView): string {
  const { plan } = view;
  const visible = plan.carriedOutBy === "people" ? taskForPeople(view) : requestForApproval(view);
  return blocks([headline(plan), ...visible, ...folded(view)]);
}

function headline({ steps }: Plan): string {
  const more = steps.length > 1 ? ` (and ${count(steps.length - 1, "more step")})` : "";
  return `### ${firstWords(capitalize(first(steps).says), HEADLINE_WORDS)}${more}`;
}

function requestForApproval(view: PlanView): readonly string[] {
  const { plan, digest } = view;
  const called = view.mentions.map(mention).join(" ");
  return [
    `${why(view)}  \n${risk(view)}  \n${otherwise(plan)}`,
    codeBlock(`/approve ${shortDigest(digest)}`),
    `or \`/reject <why>\` until **${time(plan.expiresAt, plan.createdAt)}**, then people are paged. ${called}`.trim(),
  ];
}

function taskForPeople(view: PlanView): readonly string[] {
  const called = view.mentions.map(mention).join(" ");
  return [
    why(view),
    `**People carry this out.** ${called}`.trim(),
    "Done? Say what you did:",
    codeBlock("/resolve <what you did>"),
  ];
}

function why({ plan, digest, incident }: PlanView): string {
  const cause = causeBehind(incident, digest);
  const sure = cause === null ? "" : ` ${percent(cause.confidence.value)} sure.`;
  return `**Why:** ${sentence(firstWords(plan.cause, WHY_WORDS))}${sure}`;
}

function risk({ plan, config }: PlanView): string {
  const limit = plan.steps.reduce((sum, { limitMs }) => sum + limitMs, 0);
  const touches = plan.touchesProduction ? "touches production" : "does not touch production";
  const undo = plan.reversible ? "can be undone" : "**cannot be undone**";
  return `**Risk: ${plan.risk}.** At most ${duration(limit)}; ${[touches, dataClause(plan, config), undo].filter((part) => part !== null).join(", ")}.`;
}

/** Said only when the config knows every target: silence is better than a guess about data. */
function dataClause(plan: Plan, config: Config): string | null {
  const stateful = plan.steps.map(({ service, target }) => config.services.get(service)?.targets.get(target)?.stateful);
  if (stateful.includes(true)) return "**holds data**";
  return stateful.every((holdsData) => holdsData === false) ? "no data" : null;
}

function otherwise(plan: Plan): string {
  return `**Not better in ${duration(plan.verify.soakMs * VERIFY_LIMIT_IN_SOAKS)}:** ${whenUnchanged(plan)}. **Worse:** ${plan.reversible ? "undone" : "it stays"}, you are paged.`;
}

function whenUnchanged({ steps }: Plan): string {
  const fallback = steps.find(({ when }) => when === "if-not-recovered");
  if (fallback) return `step ${fallback.number} is tried`;
  return steps.some(({ onUnchanged }) => onUnchanged === "undo") ? "undone, diagnosis goes on" : "it stays, diagnosis goes on";
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
