/**
 * Watches one metric as it comes and says how unusual each value is, from that value and earlier ones only.
 *
 * Three views, each judged by the tail of its own past: how far the value is from the usual level, how far the mean of the
 * last values is from where such means lie, and how far the value is from everything seen at this time of day before. The
 * strongest counts in full, the others half. Memory and time per value are bounded.
 */
import type { Point } from "./metric-change.js";
import { createDailyMemory } from "./same-hour.js";
import { createSortedWindow, type SortedWindow } from "./sorted-window.js";
import { createTailMeter } from "./tail.js";

export interface AnomalyReading {
  readonly score: number; // 0…1; from `ALARM` on it is worth an alarm
  readonly direction: "high" | "low"; // against the usual level
  /** Where nine of ten recent values lie; null while too little is known. */
  readonly usual: { readonly low: number; readonly high: number } | null;
}
export interface AnomalyDetector {
  /** A value that is not finite says nothing and is not remembered; gaps are simply missing points. */
  next(point: Point): AnomalyReading;
}

/** The one line for all metrics. */
export const ALARM = 0.5;

/** -log10 of a probability, the views combined: here the score is `ALARM`. */
const ALARM_SURPRISE = 4.4;
const LEVEL_VALUES = 2_000;
const MEAN_OF = 20;
const MEANS = 4_000;
const LEAST_VALUES = 20;
/** Moves smaller than this share of the level are never unusual. */
const LEAST_MOVE = 0.001;

export function createAnomalyDetector(): AnomalyDetector {
  const views = [createLevelView(), createMeanView(), createSameHourView()];
  const recent = createSortedWindow(LEVEL_VALUES);
  const quiet = createPause();

  const next = (point: Point): AnomalyReading => {
    const level = recent.size() === 0 ? point.value : recent.quantile(0.5);
    if (!Number.isFinite(point.value)) return { score: 0, direction: "high", usual: usualOf(recent) };
    const floor = LEAST_MOVE * Math.abs(level);
    const score = quiet(toScore(views.map((view) => view(point, floor))));
    const reading = { score, direction: point.value >= level ? "high" : "low", usual: usualOf(recent) } as const;
    recent.push(point.value);
    return reading;
  };
  return { next };
}

type View = (point: Point, floor: number) => number;

function createLevelView(): View {
  const values = createSortedWindow(LEVEL_VALUES);
  const tail = createTailMeter();
  return ({ value }, floor) => {
    const surprise = tail.measure(distanceFromMiddle(values, value), floor);
    values.push(value);
    return surprise;
  };
}

function createMeanView(): View {
  const means = createSortedWindow(MEANS);
  const tail = createTailMeter();
  let last: readonly number[] = [];
  return ({ value }, floor) => {
    last = [...last, value].slice(-MEAN_OF);
    const mean = last.reduce((sum, each) => sum + each, 0) / last.length;
    const surprise = tail.measure(distanceFromMiddle(means, mean), floor);
    means.push(mean);
    return surprise;
  };
}

function createSameHourView(): View {
  const days = createDailyMemory();
  const tail = createTailMeter();
  return (point, floor) => {
    const distance = days.distance(point);
    days.push(point);
    return tail.measure(distance ?? 0, floor);
  };
}

function distanceFromMiddle(past: SortedWindow, value: number): number {
  return past.size() <= LEAST_VALUES ? 0 : Math.abs(value - past.quantile(0.5));
}

/** The strongest view in full, the others half: agreement counts, but one clear voice is enough. */
function toScore(surprises: readonly number[]): number {
  const strongest = Math.max(...surprises);
  const sum = surprises.reduce((total, surprise) => total + surprise, 0);
  const combined = (strongest + sum) / 2;
  return combined / (combined + ALARM_SURPRISE);
}

/** So many values are watched before the first alarm. */
const LEARNING = 150;
const LEAST_PAUSE = 50;
const MOST_PAUSE = 600;
const PAUSE_SHARE = 0.04;

/** While it learns, and for a while after an alarm (the same event keeps looking unusual), the score stays just below the line. */
function createPause(): (score: number) => number {
  let seen = 0;
  let pausedUntil = LEARNING;
  return (score) => {
    seen += 1;
    if (score < ALARM) return score;
    if (seen < pausedUntil) return ALARM - 0.01;
    pausedUntil = seen + Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, PAUSE_SHARE * seen));
    return score;
  };
}

function usualOf(values: SortedWindow): AnomalyReading["usual"] {
  return values.size() <= LEAST_VALUES ? null : { low: values.quantile(0.05), high: values.quantile(0.95) };
}
