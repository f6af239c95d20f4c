import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../ports.js";

/** GitHub's clock as its answers let us know it. */
export interface GitHubClock extends Clock {
  /** Takes the `Date` header of an answer; anything else is ignored. */
  observe(dateHeader: string | null): void;
}

/**
 * Time by GitHub's `Date` header plus what has passed since on this machine's monotonic clock. It never runs backwards:
 * the header has whole seconds, so the latest one seen is the best lower bound. Until the first answer it is the machine's own.
 */
export function createGitHubClock(monotonicMs: () => number = () => performance.now()): GitHubClock {
  let offsetMs: number | null = null;
  return {
    observe(dateHeader) {
      const said = Date.parse(dateHeader ?? "");
      if (Number.isNaN(said)) return;
      const offset = said - monotonicMs();
      if (offsetMs === null || offset > offsetMs) offsetMs = offset;
    },
    now: () => (offsetMs === null ? new Date() : new Date(Math.floor(monotonicMs() + offsetMs))),
    sleep: async (ms) => {
      await wait(Math.max(0, ms));
    },
  };
}
