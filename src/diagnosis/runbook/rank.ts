/** Which of the fitting runbooks leads, and how sure that makes us. Pure. */
import type { DiagnosisInput } from "../../ports.js";
import { clamp } from "../../signals/robust.js";
import { hintBoost } from "./hints.js";
import { isSymptom, matchEverywhere, supportOf, type Match } from "./match.js";
import type { Runbook } from "./runbook.js";
import { blamesChange, findSuspects } from "./suspects.js";

export interface Ranking {
  readonly leader: Match | null;
  readonly rivals: readonly Match[]; // fit as well, likeliest first
  readonly ruledOut: readonly Match[]; // their signals hold, something excludes them; or most of their signals hold
  readonly claimed: number; // 0…1, of the leader; 0 without one
  readonly outside: string | null; // why the cause lies outside our changes, with words of the evidence; null: no sign of that
}

/** The most that signatures alone may claim. */
const MOST_WITH_CHANGE = 0.95;
const MOST_WITHOUT_CHANGE = 0.85;
const MOST_PLAIN = 0.9; // for causes that need no change
const RIVALRY = 0.4;
const NAMED_ALIKE = /^(?:app|service)\//;
const FAILED_CUT = 0.8;
/** Of what blames a change, beside signs that no change brought it. */
const OUTSIDE_CUT = 0.5;

export function rankRunbooks(runbooks: readonly Runbook[], input: DiagnosisInput): Ranking {
  const { suspects, outside } = findSuspects(input);
  const sighting = { ...input, suspects };
  const matched = runbooks.flatMap((runbook) => matchEverywhere(runbook, sighting)).filter(({ held }) => held.length > 0);
  const placeCut = ({ runbook }: Match): number => (outside !== null && blamesChange(runbook) ? OUTSIDE_CUT : 1);
  const weightOf = (match: Match): number =>
    match.weight * hintBoost(match.runbook, input) * pastCut(match, input) * placeCut(match);
  const order = (a: Match, b: Match): number => weightOf(b) - weightOf(a) || compareIds(a, b);
  const [leader = null, ...rivals] = matched.filter(({ fits }) => fits).toSorted(order);
  const ruledOut = matched.filter((match) => !match.fits && isNear(match)).toSorted(order);
  return { leader, rivals, ruledOut, claimed: leader === null ? 0 : claim(leader, rivals, input), outside };
}

function compareIds(a: Match, b: Match): number {
  const [one, other] = [a, b].map(({ runbook, object }) => `${runbook.id} ${object ?? ""}`);
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** How well the leader is borne out, less what a rival explains and it does not. A hint has no part in it. */
function claim(leader: Match, rivals: readonly Match[], input: DiagnosisInput): number {
  const most = leader.runbook.after === null ? MOST_PLAIN : leader.after.length > 0 ? MOST_WITH_CHANGE : MOST_WITHOUT_CHANGE;
  const share = leader.runbook.any ? 0.85 + (0.15 * leader.held.length) / leader.runbook.signals.length : 1;
  const open = rivals.filter((rival) => !isSymptomOf(rival, leader)).map((rival) => unexplainedBy(leader, rival));
  const rivalry = Math.max(0, ...open) / leader.weight;
  const claimed = leader.score * most * share * (1 - RIVALRY * Math.min(1, rivalry)) * pastCut(leader, input);
  return clamp(claimed, 0, leader.runbook.claimsAtMost);
}

/** A runbook that says itself that its cause lies elsewhere is no rival to one that names a cause of the same object. */
function isSymptomOf(rival: Match, leader: Match): boolean {
  return isSameObject(rival.object, leader.object) && rival.runbook.claimsAtMost < leader.runbook.claimsAtMost;
}

/** A neighbour of the catalogue and the app of its name in the cluster are one thing, seen from two sides. */
function isSameObject(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one.replace(NAMED_ALIKE, "") === other.replace(NAMED_ALIKE, "");
}

/** Weight of the rival's evidence that the leader leaves open. Failing requests are everyone's symptom and count for nobody. */
export function unexplainedBy(leader: Match, rival: Match): number {
  const explained = new Set(supportOf(leader));
  return rival.held.reduce((sum, { condition, by }) => {
    const [first] = by;
    return first === undefined || isSymptom(condition) || explained.has(first.id) ? sum : sum + condition.weight * first.score;
  }, 0);
}

/** A cause that was acted on in this incident without success is less likely the second time. Numbers in it may differ by then. */
function pastCut({ runbook }: Match, { failed, service }: DiagnosisInput): number {
  const fixed = runbook.cause
    .split("{why}")
    .flatMap((part) => part.split("{object}"))
    .map((part) => plain(part.replaceAll("{service}", service.name)))
    .filter((part) => part !== "");
  const wasTried = failed.some(({ cause }) => fixed.length > 0 && fixed.every((part) => plain(cause).includes(part)));
  return wasTried ? FAILED_CUT : 1;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Something of its own was seen, and something was missing or against it. A change is nobody's own: it comes before many causes. */
function isNear({ weight, held, missing, excludedBy }: Match): boolean {
  const hasOwn = held.some(({ condition }) => condition.kind !== "change" && !isSymptom(condition));
  return weight > 0 && (excludedBy.length > 0 || (hasOwn && held.length >= missing.length));
}
