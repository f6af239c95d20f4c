import type { Point } from "./metric-change.js";
export const ALARM = 0.5;
export interface Reading {
  readonly score: number;
}
export function createAnomalyDetector(): { next(point: Point): Reading } {
  const w: number[] = [];
  return {
    next({ value }) {
      let score = 0;
      if (w.length > 20) {
        const m = w.reduce((a, b) => a + b, 0) / w.length;
        const s = Math.sqrt(w.reduce((a, b) => a + (b - m) ** 2, 0) / w.length);
        const z = Math.abs(value - m) / (s || 1e-9);
        score = z > 4.0 ? 1 : 0;
      }
      w.push(value);
      if (w.length > 2000) w.shift();
      return { score };
    },
  };
}
