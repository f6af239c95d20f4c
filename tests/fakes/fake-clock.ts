import type { Clock } from "../../src/ports.js";

/** Time that moves only when told to, or when somebody sleeps. */
export interface FakeClock extends Clock {
  /** Moves time forward; what was due on the way happens at its own moment, in order. */
  advance(ms: number): void;
  /** Runs once when that moment comes. */
  at(moment: Date, run: () => void): void;
}

export function createFakeClock(start: Date): FakeClock {
  let nowMs = start.getTime();
  const due: { readonly atMs: number; readonly run: () => void }[] = [];
  function advance(ms: number): void {
    const untilMs = nowMs + Math.max(0, ms);
    for (;;) {
      const next = due.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      due.splice(due.indexOf(next), 1);
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
    }
    nowMs = untilMs;
  }
  return {
    now: () => new Date(nowMs),
    sleep: async (ms) => advance(ms),
    advance,
    at: (moment, run) => void due.push({ atMs: moment.getTime(), run }),
  };
}
