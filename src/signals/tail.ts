/** How seldom a deviation as large as this one is, judged by the deviations before it. */
import { createSortedWindow } from "./sorted-window.js";

export interface TailMeter {
  /**
   * Judges, then remembers.
   * @param deviation - at least 0
   * @param floor - differences smaller than this say nothing, in the deviation's unit
   * @returns -log10 of its estimated probability: 2 is one in a hundred; 0 for the usual and while too little is known; at most 30
   */
  measure(deviation: number, floor: number): number;
}

const REMEMBERED = 3_000;
const ENOUGH = 50;
const TAIL_SHARE = 0.03;
const LEAST_TAIL = 5; // values
/** A tail thinner than this share of its beginning is taken for this thick: nothing real is that regular. */
const THINNEST = 0.02;
const MOST = 30;

/** Beyond the largest 3 % of the remembered deviations the tail is taken for exponential, with their mean excess. */
export function createTailMeter(): TailMeter {
  const past = createSortedWindow(REMEMBERED);

  const surprise = (deviation: number, floor: number): number => {
    const size = past.size();
    if (size <= ENOUGH) return 0;
    const tail = Math.max(LEAST_TAIL, Math.floor(size * TAIL_SHARE));
    const start = past.at(size - tail - 1);
    if (deviation <= start) return 0;
    let excess = 0;
    for (let rank = size - tail; rank < size; rank += 1) excess += past.at(rank) - start;
    const thickness = Math.max(excess / tail, THINNEST * start, floor, Number.MIN_VALUE);
    return Math.min(MOST, Math.log10(size / tail) + (Math.LOG10E * (deviation - start)) / thickness);
  };

  const measure = (deviation: number, floor: number): number => {
    const measured = surprise(deviation, floor);
    past.push(deviation);
    return measured;
  };
  return { measure };
}
