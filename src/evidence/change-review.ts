/** Weighs the changes among the observations against everything else that was observed. Pure. */
import type { Observation } from "../incident/facts.js";
import { readForMatching } from "../outside/match.js";
import type { DiagnosisInput } from "../ports.js";
import type { Change, ChangeRanking, Shift, Sign, Symptoms } from "../signals/change-rank/model.js";
import { rankChanges } from "../signals/change-rank/rank-changes.js";

const ALERT_WEIGHT = 3;

/**
 * Which observed change fits the symptoms, in words for and against, or signs that the cause lies outside.
 *
 * Observations hold file names and a summary of each change, not its lines: what the lines could bring about is not judged here.
 * @returns ids are those of the observations ("E3")
 */
export function reviewChanges(input: Pick<DiagnosisInput, "service" | "alerts" | "onset" | "observations">): ChangeRanking {
  const changes = input.observations.flatMap((observation) => toChange(observation));
  return rankChanges(changes, toSymptoms(input));
}

function toChange({ id, at, subject, summary, detail }: Observation): readonly Change[] {
  if (detail.kind !== "change") return [];
  const of = detail.of === "release" ? "deployment" : detail.of;
  const files = detail.files.map((file) => readForMatching(file));
  const rollouts = of === "commit" ? null : [{ service: subject, at: at.getTime() }];
  return [{ id, of, at: at.getTime(), message: readForMatching(summary), files, diff: null, rollouts }];
}

function toSymptoms({ service, alerts, onset, observations }: Parameters<typeof reviewChanges>[0]): Symptoms {
  const texts = alerts.flatMap(({ name, summary }) => [readForMatching(name), readForMatching(summary)]);
  const services = [...new Set([service.name, ...observations.map(({ subject }) => subject)])];
  return {
    noticedAt: onset.getTime(),
    onset: onset.getTime(),
    services,
    known: services,
    entries: [],
    signs: [
      ...texts.map((text): Sign => ({ text, service: service.name, weight: ALERT_WEIGHT, source: "alert" })),
      ...observations.flatMap(toSign),
    ],
    shifts: observations.flatMap(toShift),
  };
}

function toSign({ subject, summary, detail, score }: Observation): readonly Sign[] {
  if (detail.kind === "log")
    return [{ text: readForMatching(detail.template), service: subject, weight: 2 * score, source: "log" }];
  if (detail.kind === "trace") return [{ text: readForMatching(summary), service: subject, weight: score, source: "trace" }];
  const moved = detail.kind === "metric" && (detail.direction === "rose" || detail.direction === "fell");
  return moved ? [{ text: `${detail.signal} ${detail.direction}`, service: subject, weight: score, source: "metric" }] : [];
}

function toShift({ subject, detail }: Observation): readonly Shift[] {
  if (detail.kind !== "metric" || detail.onsetAt === null) return [];
  if (detail.direction !== "rose" && detail.direction !== "fell") return [];
  return [{ service: subject, name: detail.signal, at: detail.onsetAt.getTime(), direction: detail.direction }];
}
