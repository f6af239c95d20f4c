import type { LabClock } from "./model.js";

/** A clock that can run behind the lab's while history is written; once caught up it is the lab's. */
export interface PastClock extends LabClock {
  /** Sets how far behind it runs; only ever less than before. */
  catchUpTo(hoursAgo: number): void;
}

export function createPastClock(clock: LabClock, hoursAgo: number): PastClock {
  let behind = hoursAgo;
  return {
    now: () => new Date(clock.now().getTime() - behind * 3_600_000),
    advance: (seconds) => clock.advance(seconds),
    catchUpTo(hours) {
      if (!(hours >= 0 && hours <= behind))
        throw new RangeError(`catchUpTo: ${hours} h ago; history is written forwards, it is ${behind} h ago`);
      behind = hours;
    },
  };
}
