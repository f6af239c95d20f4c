/** What a change can bring about, and which of it is there. Pure. */
import { movedAfter } from "./alignment.js";
import { codeMechanisms } from "./code-mechanisms.js";
import { contractMechanisms } from "./contract-mechanisms.js";
import { readDiff } from "./diff.js";
import { showsAny, type Family, type FamilyWeights } from "./families.js";
import type { Compare } from "./likeness.js";
import type { Change, Reason, Symptoms } from "./model.js";
import { packageMechanisms } from "./package-mechanisms.js";
import { settingMechanisms, type Mechanism } from "./setting-mechanisms.js";

/** What speaks for lines of which the symptoms do not speak, but a figure that moved. */
const IN_KIND = 0.8;
const CHIEFLY = 0.7;
/** A mechanism in lines that the symptoms do not speak of. */
const ELSEWHERE_ABOUT = 0.5;
const PASSED_ON: ReadonlySet<string> = new Set<Family>(["wrong", "decode", "gone", "clock", "schema", "queue"]);

export interface Suspicion {
  readonly symptoms: Symptoms;
  /** What nothing outside accounts for. */
  readonly shown: FamilyWeights;
  readonly compare: Compare;
}

export interface Suspected extends Reason {
  /** Its trouble shows where data are read, not where they are made. */
  readonly isPassedOn: boolean;
}

export function bestMechanism(change: Change, suspicion: Suspicion): Suspected | null {
  const { shown, compare } = suspicion;
  const mechanisms = change.diff === null ? [] : mechanismsOf(change.diff, change.files);
  const weighed = mechanisms.map(({ what, strength, brings, text }) => {
    const { weight, family } = fit(brings, shown);
    const moved = movedInKind(change, brings, suspicion);
    const about = Math.max(compare(text).degree, moved >= CHIEFLY ? IN_KIND : 0);
    const fitting = strength * Math.max(weight, IN_KIND * moved) * (ELSEWHERE_ABOUT + (1 - ELSEWHERE_ABOUT) * about);
    return { what, strength: fitting, isPassedOn: PASSED_ON.has(family) };
  });
  return weighed.filter(({ strength }) => strength > 0.02).toSorted((a, b) => b.strength - a.strength)[0] ?? null;
}

/** 0…1: a figure of a kind that it brings about moved at once, and of the very service that it went out with. */
function movedInKind({ rollouts }: Change, brings: FamilyWeights, { symptoms, shown }: Suspicion): number {
  const own = (rollouts ?? []).flatMap(({ at, service }) =>
    movedAfter(at, symptoms).filter((shift) => shift.service === service),
  );
  const isShown = (family: Family): boolean => (shown[family] ?? 0) > 0;
  const kinds = Object.entries(brings).filter(
    ([family]) => isShown(family as Family) && own.some(({ name }) => showsAny(name, [family as Family])),
  );
  return Math.max(0, ...kinds.map(([, weight]) => weight));
}

export function mechanismsOf(diff: string, files: readonly string[]): readonly Mechanism[] {
  const all = readDiff(diff, files);
  return all.flatMap((file) => [
    ...settingMechanisms(file),
    ...codeMechanisms(file, all),
    ...contractMechanisms(file, all),
    ...packageMechanisms(file),
  ]);
}

/** The kind of trouble that shows and that it brings about most. */
function fit(brings: FamilyWeights, shown: FamilyWeights): { readonly weight: number; readonly family: string } {
  const all = Object.entries(brings).map(([family, weight]) => ({ family, weight: weight * (shown[family as Family] ?? 0) }));
  return all.toSorted((a, b) => b.weight - a.weight)[0] ?? { family: "", weight: 0 };
}
