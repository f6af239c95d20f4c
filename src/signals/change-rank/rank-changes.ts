/** Which change is the cause, or that none is: when and where it reached production, what it can bring about, and what it speaks of. Pure. */
import { CLOCK_SKEW_MS, isBeforeOnset } from "../change-rank.js";
import { codeMechanisms } from "./code-mechanisms.js";
import { readDiff } from "./diff.js";
import { familiesShown, type Family, type FamilyWeights } from "./families.js";
import { changedLines, createComparison, type Compare } from "./likeness.js";
import type { Change, ChangeRanking, RankedChange, Reason, Symptoms, Verdict } from "./model.js";
import { judgeNature } from "./nature.js";
import { readOutsideSigns, type OutsideSign } from "./outside-signs.js";
import { packageMechanisms } from "./package-mechanisms.js";
import { settingMechanisms, type Mechanism } from "./setting-mechanisms.js";

/** What a change is worth about which nothing more is known than that it was there. */
const PRESENT = 0.1;
const MECHANISM = 0.65;
const WORDS = 0.25;
/** Words alone, without a way to bring it about, are what decoys have. */
const WORDS_ALONE = 0.4;
/** What lines that were not read may bring about: anything, but not likely this. */
const UNREAD = 0.15;
/** A mechanism in lines that the symptoms do not speak of. */
const ELSEWHERE_ABOUT = 0.5;
const OTHER_SERVICE = 0.4;
const AFTER_FIRST_SIGN = 0.3;
/** Effects may build up for hours; nearness is a hint, not a proof. */
const NEARNESS = 0.25;
const HALF_LIFE_H = 6;
/** Something moved this soon after it arrived. */
const PROMPT_MS = 10 * 60_000;
const PROMPT = 0.15;
/** Below this no change is named. */
const LEAST = 0.3;
/** Against a positive sign of a cause outside a change needs this much of the sign's strength. */
const AGAINST_SIGN = 0.55;

export function rankChanges(changes: readonly Change[], symptoms: Symptoms): ChangeRanking {
  const outside = readOutsideSigns(symptoms).filter((sign) => !broughtIn(sign, changes, symptoms));
  const accounted = new Set(outside.flatMap(({ accountsFor }) => [...accountsFor]));
  const shown = unexplained(familiesShown(symptoms.signs), accounted);
  const compare = createComparison(symptoms, changes);
  const ranked = changes
    .map((change) => weighChange(change, symptoms, shown, compare))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return { ranked, verdict: decide(ranked, outside) };
}

function decide(ranked: readonly RankedChange[], outside: readonly OutsideSign[]): Verdict {
  const [best] = ranked;
  const [sign] = outside.toSorted((a, b) => b.strength - a.strength);
  const needed = sign === undefined ? LEAST : Math.max(LEAST, AGAINST_SIGN * sign.strength);
  if (best !== undefined && best.score >= needed)
    return { kind: "change", id: best.id, why: best.for.map(({ what }) => what).join("; ") };
  if (sign !== undefined) return { kind: "outside", why: sign.why };
  return { kind: "none", why: "no change stands out as the cause" };
}

function unexplained(shown: FamilyWeights, accounted: ReadonlySet<Family>): FamilyWeights {
  return Object.fromEntries(Object.entries(shown).filter(([family]) => !accounted.has(family as Family)));
}

/** The failing thing came in with a change: then the change is to blame, not the thing. */
function broughtIn({ excuse }: OutsideSign, changes: readonly Change[], symptoms: Symptoms): boolean {
  if (excuse === null) return false;
  return changes.some((change) => reachedBy(change, symptoms) !== null && excuse.test(whatChanged(change)));
}

/** Where lines were not read, what is said of them and the names of the files have to do. */
function whatChanged({ diff, message, files }: Change): string {
  return diff === null ? `${message}\n${files.join("\n")}` : changedLines(diff);
}

interface Weighed {
  readonly factor: number;
  readonly for: readonly Reason[];
  readonly against: readonly Reason[];
}

function weighChange(change: Change, symptoms: Symptoms, shown: FamilyWeights, compare: Compare): RankedChange {
  const when = weighTime(change, symptoms);
  const where = weighPlace(change, symptoms);
  const nature = judgeNature(change);
  const mechanism = bestMechanism(change, shown, compare);
  const { degree, shared } = compare(`${change.message} ${change.files.join(" ")} ${changedLines(change.diff)}`);
  const isWords = mechanism === null && change.diff !== null;
  const content =
    PRESENT +
    MECHANISM * (mechanism?.strength ?? (change.diff === null ? UNREAD : 0)) +
    WORDS * degree * (isWords ? WORDS_ALONE : 1);
  const words: readonly Reason[] =
    shared.length === 0 ? [] : [{ what: `speaks of ${shared.join(", ")}, as the symptoms do`, strength: degree }];
  const inert: readonly Reason[] = nature.why === null ? [] : [{ what: nature.why, strength: 1 - nature.factor }];
  return {
    id: change.id,
    of: change.of,
    score: content * when.factor * where.factor * nature.factor,
    for: [...when.for, ...where.for, ...(mechanism === null ? [] : [mechanism]), ...words].toSorted(
      (a, b) => b.strength - a.strength,
    ),
    against: [...inert, ...when.against, ...where.against].toSorted((a, b) => b.strength - a.strength),
  };
}

/** When it first reached production in time to be a cause, where the trouble shows if it did; null: it did not. */
function reachedBy({ at, rollouts }: Change, { noticedAt, services }: Symptoms): number | null {
  const all = rollouts ?? [{ at, service: null }];
  const inTime = all.filter((rollout) => isBeforeOnset(rollout.at, noticedAt));
  const telling = inTime.filter(({ service }) => service !== null && services.includes(service));
  const times = (telling.length > 0 ? telling : inTime).map((rollout) => rollout.at);
  return times.length === 0 ? null : Math.min(...times);
}

function weighTime(change: Change, symptoms: Symptoms): Weighed {
  const { onset, shifts } = symptoms;
  const at = reachedBy(change, symptoms);
  if (at === null) return { factor: 0.02, for: [], against: [{ what: "did not reach production before it", strength: 1 }] };
  if (at > onset + CLOCK_SKEW_MS)
    return { factor: AFTER_FIRST_SIGN, for: [], against: [{ what: "reached production after the first sign", strength: 0.7 }] };
  const nearness = 2 ** (-Math.max(0, onset - at) / 3_600_000 / HALF_LIFE_H);
  const prompt = shifts.filter((shift) => shift.at >= at - CLOCK_SKEW_MS && shift.at <= at + PROMPT_MS);
  const [first] = prompt.toSorted((a, b) => a.at - b.at);
  const moved =
    first === undefined
      ? []
      : [{ what: `${first.name} of ${first.service} ${first.direction} within minutes of it`, strength: 0.5 }];
  return { factor: 1 - NEARNESS * (1 - nearness) - (first === undefined ? PROMPT : 0), for: moved, against: [] };
}

function weighPlace({ rollouts }: Change, { services }: Symptoms): Weighed {
  if (rollouts === null || rollouts.length === 0) return { factor: 1, for: [], against: [] };
  const hit = services.find((service) => rollouts.some((rollout) => rollout.service === service));
  if (hit !== undefined)
    return { factor: 1, for: [{ what: `went out with ${hit}, which shows the trouble`, strength: 0.4 }], against: [] };
  return { factor: OTHER_SERVICE, for: [], against: [{ what: "went out with a service that shows nothing", strength: 0.6 }] };
}

function bestMechanism(change: Change, shown: FamilyWeights, compare: Compare): Reason | null {
  const mechanisms = change.diff === null ? [] : mechanismsOf(change.diff, change.files);
  const weighed = mechanisms.map(({ what, strength, brings, text }) => {
    const about = compare(text).degree;
    return { what, strength: strength * fit(brings, shown) * (ELSEWHERE_ABOUT + (1 - ELSEWHERE_ABOUT) * about) };
  });
  return weighed.filter(({ strength }) => strength > 0.02).toSorted((a, b) => b.strength - a.strength)[0] ?? null;
}

export function mechanismsOf(diff: string, files: readonly string[]): readonly Mechanism[] {
  const all = readDiff(diff, files);
  return all.flatMap((file) => [...settingMechanisms(file), ...codeMechanisms(file, all), ...packageMechanisms(file)]);
}

function fit(brings: FamilyWeights, shown: FamilyWeights): number {
  return Math.max(0, ...Object.entries(brings).map(([family, weight]) => weight * (shown[family as Family] ?? 0)));
}
