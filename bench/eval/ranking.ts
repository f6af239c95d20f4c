/** Figures of rankings. Pure. */
import type { CaseResult } from "./scorer.js";

export interface RankedCase {
  readonly id: string;
  readonly expected: readonly string[]; // any of them is right
  readonly ranking: readonly string[]; // best first
  readonly why: string; // why the first one is first
}

/** Share of cases that have a right one among the first `k`; null without cases. */
export function topShare(cases: readonly RankedCase[], k: number): number | null {
  if (cases.length === 0) return null;
  const right = cases.filter(({ expected, ranking }) => ranking.slice(0, k).some((each) => expected.includes(each)));
  return right.length / cases.length;
}

export function toCaseResult({ id, expected, ranking, why }: RankedCase): CaseResult {
  const place = ranking.findIndex((each) => expected.includes(each));
  const answer = `${ranking.slice(0, 3).join(" > ")}${why === "" ? "" : ` (${why})`}`;
  return { id, right: place === 0, answer, expected: `${expected.join(" or ")}, at ${place === -1 ? "no place" : place + 1}` };
}
