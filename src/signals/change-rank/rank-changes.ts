/** Which change is the cause, or that none is: when and where it reached production, what it can bring about, and what it speaks of. Pure. */
import { weighArrivals } from "./arrivals.js";
import { familiesShown, type Family, type FamilyWeights } from "./families.js";
import { changedLines, createComparison } from "./likeness.js";
import { bestMechanism, type Suspicion } from "./mechanisms.js";
import type { Change, ChangeRanking, RankedChange, Reason, Symptoms, Verdict } from "./model.js";
import { createNaming, type NamesChanged } from "./named-things.js";
import { judgeNature } from "./nature.js";
import { readOutsideSigns, type OutsideSign } from "./outside-signs.js";
import { reachedBy, weighPlace, weighTime } from "./when-and-where.js";

/** What a change is worth about which nothing more is known than that it was there. */
const PRESENT = 0.1;
const MECHANISM = 0.65;
const WORDS = 0.25;
/** Words alone, without a way to bring it about, are what decoys have. */
const WORDS_ALONE = 0.4;
/** Where lines were not read, words are all there is. */
const WORDS_UNREAD = 0.3;
/** From here on a way to bring it about is one. */
const SOLID = 0.3;
/** What lines that were not read may bring about: anything, but not likely this. */
const UNREAD = 0.15;
/** An error is about the very thing that it renamed, moved or took away. */
const NAMED = 0.4;
/** It alters what runs, and the trouble began where and when it arrived: enough to be named for, when nothing else is there that did. */
const ARRIVED = 0.3;
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
  const judged = changes
    .map((change) => weighChange(change, { symptoms, shown, compare, namesOf, arrival: arrivals.get(change) ?? 0 }))
    .toSorted((a, b) => b.ranked.score - a.ranked.score || (a.ranked.id < b.ranked.id ? -1 : 1));
  return { ranked: judged.map(({ ranked }) => ranked), verdict: decide(judged, outside) };
}

function decide(judged: readonly Judged[], outside: readonly OutsideSign[]): Verdict {
  const [first] = judged;
  const [sign] = outside.toSorted((a, b) => b.strength - a.strength);
  const needed = sign === undefined ? LEAST : Math.max(LEAST, AGAINST_SIGN * sign.strength);
  if (first !== undefined && first.ranked.score >= Math.max(needed, first.isExplained ? LEAST : UNEXPLAINED))
    return { kind: "change", id: first.ranked.id, why: first.ranked.for.map(({ what }) => what).join("; ") };
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

interface Around extends Suspicion {
  readonly namesOf: NamesChanged;
  readonly arrival: number; // 0…1
}

interface Judged {
  readonly ranked: RankedChange;
  /** Something tells how it brings it about; else only when and where it came. */
  readonly isExplained: boolean;
}

function weighChange(change: Change, around: Around): Judged {
  const { symptoms, compare, namesOf, arrival } = around;
  const named = namesOf(change);
  const when = weighTime(change, symptoms);
  const nature = judgeNature(change);
  const mechanism = bestMechanism(change, around);
  const where = weighPlace(change, symptoms, { isNamed: named.length > 0, isPassedOn: mechanism?.isPassedOn ?? false });
  const { degree, shared } = compare(`${change.message} ${change.files.join(" ")} ${changedLines(change.diff)}`);
  const explained = Math.min(1, (mechanism?.strength ?? 0) / SOLID);
  const saying = change.diff === null ? WORDS_UNREAD : WORDS * (WORDS_ALONE + (1 - WORDS_ALONE) * explained);
  const content =
    PRESENT +
    MECHANISM * (mechanism?.strength ?? (change.diff === null ? UNREAD : 0)) +
    saying * degree +
    (named.length > 0 ? NAMED : 0) +
    ARRIVED * arrival;
  const words: readonly Reason[] =
    shared.length === 0 ? [] : [{ what: `speaks of ${shared.join(", ")}, as the symptoms do`, strength: degree }];
  const told: readonly Reason[] =
    named.length === 0 ? [] : [{ what: `the errors are about ${named.slice(0, 3).join(", ")}, which it changes`, strength: 0.9 }];
  const inert: readonly Reason[] = nature.why === null ? [] : [{ what: nature.why, strength: 1 - nature.factor }];
  const ranked: RankedChange = {
    id: change.id,
    of: change.of,
    score: Math.min(1, content) * when.factor * where.factor * nature.factor,
    for: [
      ...when.for,
      ...where.for,
      ...(mechanism === null ? [] : [{ what: mechanism.what, strength: mechanism.strength }]),
      ...told,
      ...words,
    ].toSorted((a, b) => b.strength - a.strength),
    against: [...inert, ...when.against, ...where.against].toSorted((a, b) => b.strength - a.strength),
  };
  return { ranked, isExplained: (mechanism?.strength ?? 0) >= SOLID / 2 || named.length > 0 || change.diff === null };
}
