/** Which changes alter what runs, and came where and when the trouble began. Pure. */
import { groupBy } from "../cause-rank/group.js";
import { alignmentOf } from "./alignment.js";
import type { Change, Symptoms } from "./model.js";
import { judgeNature } from "./nature.js";
import { potencyOf } from "./potency.js";

/** Of two such arrivals neither is told from the other. */
const RIVAL = 0.6;
const UNDECIDED = 0.5;

/** 0…1 for each change: it alters what runs, and the trouble began where and when it arrived; less where another did so too. */
export function weighArrivals(changes: readonly Change[], symptoms: Symptoms): ReadonlyMap<Change, number> {
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
