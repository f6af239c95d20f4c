/** Weighs the changes among the findings against everything else that was seen, with what sources read for it. Pure. */
import type { Service } from "../config/config.js";
import { MAX_SUMMARY, MOST_WEIGHED, type Alert, type ChangeReview, type ObservationDetail } from "../incident/facts.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import type { Finding } from "../ports.js";
import { levelOf } from "../signals/cause-rank/tally-logs.js";
import type { Change, RankedChange, Shift, Sign, Verdict } from "../signals/change-rank/model.js";
import { rankChanges } from "../signals/change-rank/rank-changes.js";
import { readSymptoms } from "../signals/change-rank/symptoms.js";
import type { ObservationId } from "../words.js";
import { objectOf } from "./statement.js";

export interface Weighing {
  readonly service: Pick<Service, "name" | "dependsOn">;
  readonly alerts: readonly Alert[];
  readonly onset: Date;
  readonly findings: readonly Finding[];
}
export interface WeighedChange extends RankedChange {
  readonly finding: Finding;
}
export interface Weighed {
  readonly ranked: readonly WeighedChange[]; // likeliest first
  readonly verdict: Verdict;
  /** The change that the verdict blames, then the deployment that carried it and the settings in it. Empty: it blames none. */
  readonly named: readonly Finding[];
  /** Services that show the trouble, likeliest origin first. */
  readonly services: readonly string[];
}

const MAX_SAYS = 160;
const MOST_REASONS = 3;
const MOST_ANNOTATIONS = 3;
const MOST_CARRIERS = 4;

export function weighChanges(weighing: Weighing): Weighed {
  const { findings } = weighing;
  const weighed = new Map<string, { readonly finding: Finding; readonly change: Change }>(
    findings.flatMap((finding, index) => {
      const change = toChange(finding);
      return change === null ? [] : [[String(index), { finding, change: { id: String(index), ...change } }] as const];
    }),
  );
  const symptoms = symptomsOf(weighing);
  const { ranked, verdict } = rankChanges(
    [...weighed.values()].map(({ change }) => change),
    symptoms,
  );
  const blamed = verdict.kind === "change" ? weighed.get(verdict.id) : undefined;
  return {
    verdict,
    services: symptoms.services,
    ranked: ranked.flatMap((each) => {
      const finding = weighed.get(each.id)?.finding;
      return finding === undefined ? [] : [{ ...each, finding }];
    }),
    named: blamed === undefined ? [] : [blamed.finding, ...carriersOf(blamed.finding, blamed.change.files, findings)],
  };
}

/**
 * The verdict as it is kept: our words about what lines do, which may quote names and figures from them, redacted and short.
 * @param ids - of the findings that are kept
 */
export function reviewOf({ verdict, ranked, named }: Weighed, ids: ReadonlyMap<Finding, ObservationId>): ChangeReview {
  const idOf = (finding: Finding): readonly ObservationId[] => {
    const id = ids.get(finding);
    return id === undefined ? [] : [id];
  };
  const telling = ranked.filter((each) => each.for.length + each.against.length > 0 && idOf(each.finding).length > 0);
  return {
    verdict: verdict.kind,
    ids: named.flatMap(idOf),
    why: redact(verdict.why, MAX_SUMMARY),
    weighed: telling
      .slice(0, MOST_WEIGHED)
      .flatMap((each) => idOf(each.finding).map((id) => ({ id, says: redact(describe(each), MAX_SAYS) }))),
  };
}

function describe(ranked: RankedChange): string {
  const list = (reasons: RankedChange["for"]): string =>
    reasons
      .slice(0, MOST_REASONS)
      .map(({ what }) => what)
      .join("; ");
  const parts = [
    ranked.for.length > 0 ? `for: ${list(ranked.for)}` : "",
    ranked.against.length > 0 ? `against: ${list(ranked.against)}` : "",
  ];
  return parts.filter((part) => part !== "").join(". ");
}

/** What went out together with the blamed change and holds it. */
function carriersOf(blamed: Finding, files: readonly string[], findings: readonly Finding[]): readonly Finding[] {
  const rollout = blamed.material?.change?.rollout;
  if (rollout === undefined) return [];
  const together = findings.filter((each) => each !== blamed && each.material?.change?.rollout === rollout);
  const settings = together.filter(({ detail }) => isSettingsAmong(detail, files));
  return [...together.filter(isRollout), ...settings].slice(0, MOST_CARRIERS);
}

function isRollout({ detail }: Finding): boolean {
  return detail.kind === "change" && (detail.of === "deployment" || detail.of === "release");
}

function isSettingsAmong(detail: ObservationDetail, files: readonly string[]): boolean {
  return detail.kind === "change" && detail.of === "config" && detail.files.some((file) => files.includes(readForMatching(file)));
}

/** null: no change, or one whose lines another finding stands for. Without material its words and file names have to do. */
function toChange(finding: Finding): Omit<Change, "id"> | null {
  const { detail, material, at, subject, summary } = finding;
  if (detail.kind !== "change") return null;
  if (material?.change !== undefined) return material.change.weighedAs;
  const of = detail.of === "release" ? "deployment" : detail.of;
  const files = detail.files.map((file) => readForMatching(file));
  const isPlaced = of !== "commit" && objectOf(finding) === null;
  const rollouts = isPlaced ? [{ service: subject, at: at.getTime() }] : null;
  return { of, at: at.getTime(), message: readForMatching(summary), files, diff: null, rollouts };
}

function symptomsOf({ service, alerts, onset, findings }: Weighing): ReturnType<typeof readSymptoms> {
  const materials = findings.flatMap(({ material }) => material ?? []);
  const [series, lines] = [materials.flatMap((each) => each.series ?? []), materials.flatMap((each) => each.lines ?? [])];
  const [tallies, spans] = [materials.flatMap((each) => each.tallies ?? []), materials.flatMap((each) => each.spans ?? [])];
  const seen = [...series, ...lines, ...tallies, ...spans].map((each) => each.service);
  const placed = materials.flatMap(({ change }) => (change?.weighedAs?.rollouts ?? []).map((rollout) => rollout.service));
  const subjects = findings.map(({ subject }) => subject);
  return readSymptoms({
    noticedAt: onset.getTime(),
    alert: { service: service.name, texts: alerts.flatMap(textsOf) },
    services: [...new Set([service.name, ...service.dependsOn, ...subjects, ...seen, ...placed])],
    series,
    lines,
    tallies,
    spans,
    told: { signs: findings.flatMap(toSign), shifts: findings.flatMap((finding) => toShift(finding, onset)) },
  });
}

function textsOf({ name, summary, annotations }: Alert): readonly string[] {
  const [called, said] = [readForMatching(name), readForMatching(summary)];
  const more = Object.values(annotations)
    .map((text) => readForMatching(text))
    .filter((text) => text !== said && !/^https?:\S+$/.test(text));
  return [called, said, ...more.slice(0, MOST_ANNOTATIONS)];
}

/** Lines and spans speak for themselves; of a kind of line that names no level, the source's own word counts. */
function toSign({ subject, summary, detail, score, material }: Finding): readonly Sign[] {
  if (detail.kind === "trace" && material?.spans === undefined)
    return [{ text: readForMatching(summary), service: subject, weight: score, source: "trace" }];
  if (detail.kind !== "log") return [];
  const text = readForMatching(detail.template);
  const isCounted = material?.lines !== undefined && (levelOf(text) !== "other" || !detail.newSinceOnset);
  return isCounted ? [] : [{ text, service: subject, weight: 2 * score, source: "log" }];
}

function toShift({ subject, detail }: Finding, onset: Date): readonly Shift[] {
  if (detail.kind !== "metric" || (detail.direction !== "rose" && detail.direction !== "fell")) return [];
  return [{ service: subject, name: detail.signal, at: (detail.onsetAt ?? onset).getTime(), direction: detail.direction }];
}
