/** Which change is the cause, or that none is: when and where it reached production, what it can bring about, and what it speaks of. Pure. */
import { groupBy } from "../cause-rank/group.js";
import { CLOCK_SKEW_MS, isBeforeOnset } from "../change-rank.js";
import { alignmentOf, movedAfter } from "./alignment.js";
import { codeMechanisms } from "./code-mechanisms.js";
import { contractMechanisms } from "./contract-mechanisms.js";
import { readDiff } from "./diff.js";
import { familiesShown, showsAny, type Family, type FamilyWeights } from "./families.js";
import { changedLines, createComparison, type Compare } from "./likeness.js";
import type { Change, ChangeRanking, RankedChange, Reason, Symptoms, Verdict } from "./model.js";
import { createNaming, type NamesChanged } from "./named-things.js";
import { judgeNature } from "./nature.js";
import { readOutsideSigns, type OutsideSign } from "./outside-signs.js";
import { packageMechanisms } from "./package-mechanisms.js";
import { potencyOf } from "./potency.js";
import { settingMechanisms, type Mechanism } from "./setting-mechanisms.js";

/** What a change is worth about which nothing more is known than that it was there. */
const PRESENT = 0.1;
const MECHANISM = 0.65;
const WORDS = 0.25;
/** Words alone, without a way to bring it about, are what decoys have. */
const WORDS_ALONE = 0.4;
/** From here on a way to bring it about is one. */
const SOLID = 0.3;
/** What lines that were not read may bring about: anything, but not likely this. */
const UNREAD = 0.15;
/** What speaks for lines of which the symptoms do not speak, but a figure that moved. */
const IN_KIND = 0.8;
const CHIEFLY = 0.7;
/** A mechanism in lines that the symptoms do not speak of. */
const ELSEWHERE_ABOUT = 0.5;
const OTHER_SERVICE = 0.4;
/** What is not measured cannot show anything: rules, images, jobs, machines. */
const UNWATCHED = 0.8;
/** Wrong data hurt those who read them; who wrote them is content. */
const READ_ELSEWHERE = 0.75;
const PASSED_ON: ReadonlySet<string> = new Set<Family>(["wrong", "decode", "gone", "clock", "schema", "queue"]);
const AFTER_FIRST_SIGN = 0.3;
/** Effects may build up for hours; nearness is a hint, not a proof. */
const NEARNESS = 0.25;
const HALF_LIFE_H = 6;
/** An error is about the very thing that it renamed, moved or took away. */
const NAMED = 0.4;
/** It alters what runs, and the trouble began where and when it arrived: enough to be named for, when nothing else is there that did. */
const ARRIVED = 0.3;
/** Of two such arrivals neither is told from the other. */
const RIVAL = 0.6;
const UNDECIDED = 0.5;
const PROMPT = 0.15;
/** Below this no change is named. */
const LEAST = 0.3;
/** The same for one of which nothing tells how it did it. */
const UNEXPLAINED = 0.36;
/** Against a positive sign of a cause outside a change needs this much of the sign's strength. */
const AGAINST_SIGN = 0.55;

export function rankChanges(changes: readonly Change[], symptoms: Symptoms): ChangeRanking {
  const outside = readOutsideSigns(symptoms).filter((sign) => !broughtIn(sign, changes, symptoms));
  const accounted = new Set(outside.flatMap(({ accountsFor }) => [...accountsFor]));
  const shown = unexplained(familiesShown(symptoms.signs), accounted);
  const compare = createComparison(symptoms, changes);
  const namesOf = createNaming(symptoms, changes);
  const arrivals = weighArrivals(changes, symptoms);
  const ranked = changes
    .map((change) => weighChange(change, { symptoms, shown, compare, namesOf, arrival: arrivals.get(change) ?? 0 }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return { ranked: ranked.map(({ isExplained: _, ...each }) => each), verdict: decide(ranked, outside) };
}

function decide(ranked: readonly Judged[], outside: readonly OutsideSign[]): Verdict {
  const [best] = ranked;
  const [sign] = outside.toSorted((a, b) => b.strength - a.strength);
  const needed = sign === undefined ? LEAST : Math.max(LEAST, AGAINST_SIGN * sign.strength);
  if (best !== undefined && best.score >= Math.max(needed, best.isExplained ? LEAST : UNEXPLAINED))
    return { kind: "change", id: best.id, why: best.for.map(({ what }) => what).join("; ") };
  if (sign !== undefined) return { kind: "outside", why: sign.why };
  return { kind: "none", why: "no change that reached production before it can have brought this about" };
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

interface Around {
  readonly symptoms: Symptoms;
  readonly shown: FamilyWeights;
  readonly compare: Compare;
  readonly namesOf: NamesChanged;
  readonly arrival: number; // 0…1
}

interface Judged extends RankedChange {
  /** Something tells how it brings it about; else only when and where it came. */
  readonly isExplained: boolean;
}

function weighChange(change: Change, { symptoms, shown, compare, namesOf, arrival }: Around): Judged {
  const named = namesOf(change);
  const when = weighTime(change, symptoms);
  const nature = judgeNature(change);
  const mechanism = bestMechanism(change, { shown, compare, symptoms });
  const where = weighPlace(change, symptoms, { isNamed: named.length > 0, isPassedOn: mechanism?.isPassedOn ?? false });
  const { degree, shared } = compare(`${change.message} ${change.files.join(" ")} ${changedLines(change.diff)}`);
  const explained = change.diff === null ? 1 : Math.min(1, (mechanism?.strength ?? 0) / SOLID);
  const content =
    PRESENT +
    MECHANISM * (mechanism?.strength ?? (change.diff === null ? UNREAD : 0)) +
    WORDS * degree * (WORDS_ALONE + (1 - WORDS_ALONE) * explained) +
    (named.length > 0 ? NAMED : 0) +
    ARRIVED * arrival;
  const words: readonly Reason[] =
    shared.length === 0 ? [] : [{ what: `speaks of ${shared.join(", ")}, as the symptoms do`, strength: degree }];
  const told: readonly Reason[] =
    named.length === 0 ? [] : [{ what: `the errors are about ${named.slice(0, 3).join(", ")}, which it changes`, strength: 0.9 }];
  const inert: readonly Reason[] = nature.why === null ? [] : [{ what: nature.why, strength: 1 - nature.factor }];
  return {
    id: change.id,
    of: change.of,
    isExplained: (mechanism?.strength ?? 0) >= SOLID / 2 || named.length > 0 || change.diff === null,
    score: Math.min(1, content) * when.factor * where.factor * nature.factor,
    for: [...when.for, ...where.for, ...(mechanism === null ? [] : [{ what: mechanism.what, strength: mechanism.strength }]), ...told, ...words].toSorted(
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
  const { onset } = symptoms;
  const at = reachedBy(change, symptoms);
  if (at === null) return { factor: 0.02, for: [], against: [{ what: "did not reach production before it", strength: 1 }] };
  if (at > onset + CLOCK_SKEW_MS)
    return { factor: AFTER_FIRST_SIGN, for: [], against: [{ what: "reached production after the first sign", strength: 0.7 }] };
  const nearness = 2 ** (-Math.max(0, onset - at) / 3_600_000 / HALF_LIFE_H);
  const [first] = movedAfter(at, symptoms);
  const moved =
    first === undefined
      ? []
      : [{ what: `${first.name} of ${first.service} ${first.direction} within minutes of it`, strength: 0.5 }];
  return { factor: 1 - NEARNESS * (1 - nearness) - (first === undefined ? PROMPT : 0), for: moved, against: [] };
}

/** 0…1 for each change: it alters what runs, and the trouble began where and when it arrived; less where another did so too. */
function weighArrivals(changes: readonly Change[], symptoms: Symptoms): ReadonlyMap<Change, number> {
  const all = changes.map((change) => {
    const aligned = alignedTogether(change, symptoms);
    return { change, weight: aligned * potencyOf(change) * judgeNature(change).factor };
  });
  return new Map(
    all.map(({ change, weight }) => {
      const hasRival = all.some((other) => other.change !== change && other.weight >= RIVAL * weight);
      return [change, hasRival ? UNDECIDED * weight : weight] as const;
    }),
  );
}

/** One service that gets it step by step, and trouble that follows each step, is no coincidence; several services are. */
function alignedTogether({ rollouts }: Change, symptoms: Symptoms): number {
  const byService = groupBy(rollouts ?? [], ({ service }) => service);
  const chances = [...byService].map(([service, steps]) =>
    steps.reduce((left, { at }) => left * (1 - alignmentOf(at, service, symptoms)), 1),
  );
  return 1 - Math.min(1, ...chances);
}

interface Seen {
  readonly isNamed: boolean;
  readonly isPassedOn: boolean;
}

function weighPlace({ rollouts }: Change, symptoms: Symptoms, { isNamed, isPassedOn }: Seen): Weighed {
  const { services, known } = symptoms;
  if (rollouts === null || rollouts.length === 0) return { factor: 1, for: [], against: [] };
  const hit = services.find((service) => rollouts.some((rollout) => rollout.service === service));
  if (hit !== undefined)
    return { factor: 1, for: [{ what: `went out with ${hit}, which shows the trouble`, strength: 0.4 }], against: [] };
  if (isNamed) return { factor: 1, for: [], against: [] };
  const watched = symptoms.watched ?? known;
  if (!rollouts.some(({ service }) => watched.includes(service)))
    return { factor: UNWATCHED, for: [], against: [{ what: "went out with something that nothing is measured of", strength: 0.2 }] };
  if (isPassedOn) return { factor: READ_ELSEWHERE, for: [], against: [{ what: "shows only where its data are read, if at all", strength: 0.3 }] };
  return { factor: OTHER_SERVICE, for: [], against: [{ what: "went out with a service that shows nothing", strength: 0.6 }] };
}

interface Suspected extends Reason {
  /** Its trouble shows where data are read, not where they are made. */
  readonly isPassedOn: boolean;
}

function bestMechanism(change: Change, { shown, compare, symptoms }: Pick<Around, "shown" | "compare" | "symptoms">): Suspected | null {
  const mechanisms = change.diff === null ? [] : mechanismsOf(change.diff, change.files);
  const weighed = mechanisms.map(({ what, strength, brings, text }) => {
    const { weight, family } = fit(brings, shown);
    const moved = movedInKind(change, brings, symptoms);
    const about = Math.max(compare(text).degree, moved >= CHIEFLY ? IN_KIND : 0);
    const fitting = strength * Math.max(weight, IN_KIND * moved) * (ELSEWHERE_ABOUT + (1 - ELSEWHERE_ABOUT) * about);
    return { what, strength: fitting, isPassedOn: PASSED_ON.has(family) };
  });
  return weighed.filter(({ strength }) => strength > 0.02).toSorted((a, b) => b.strength - a.strength)[0] ?? null;
}

/** 0…1: a figure of a kind that it brings about moved at once, and of the very service that it went out with. */
function movedInKind({ rollouts }: Change, brings: FamilyWeights, symptoms: Symptoms): number {
  const own = (rollouts ?? []).flatMap(({ at, service }) => movedAfter(at, symptoms).filter((shift) => shift.service === service));
  const kinds = Object.entries(brings).filter(([family]) => own.some(({ name }) => showsAny(name, [family as Family])));
  return Math.max(0, ...kinds.map(([, weight]) => weight));
}

export function mechanismsOf(diff: string, files: readonly string[]): readonly Mechanism[] {
  const all = readDiff(diff, files);
  return all.flatMap((file) => [...settingMechanisms(file), ...codeMechanisms(file, all), ...contractMechanisms(file, all), ...packageMechanisms(file)]);
}

/** The kind of trouble that shows and that it brings about most. */
function fit(brings: FamilyWeights, shown: FamilyWeights): { readonly weight: number; readonly family: string } {
  const all = Object.entries(brings).map(([family, weight]) => ({ family, weight: weight * (shown[family as Family] ?? 0) }));
  return all.toSorted((a, b) => b.weight - a.weight)[0] ?? { family: "", weight: 0 };
}
