import type { LabClock } from "./model.js";

/** Real time plus one offset, which only grows. */
export function createClock(): LabClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance(seconds) {
      if (!Number.isFinite(seconds) || seconds < 0)
        throw new RangeError(`advance: ${seconds} s; the lab's clock only moves forward`);
      offsetMs += seconds * 1000;
    },
  };
}
