import { duration } from "./phrases.js";
import { SourceUnavailableError } from "./unavailable.js";

/** Whoever listens to its signal has this long to hand in what it has, and to clean up behind itself. */
const GRACE_MS = 500;

/**
 * Runs `work`, tells it to stop after `ms`, and gives up a moment later when it does not listen.
 * @throws {SourceUnavailableError} when time was up and nothing was handed in
 */
export async function withDeadline<T>(ms: number, name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timers.push(
      setTimeout(() => controller.abort(), ms),
      setTimeout(() => {
        reject(new SourceUnavailableError(`${name} did not answer within ${duration(ms)}.`, false));
      }, ms + GRACE_MS),
    );
  });
  try {
    return await Promise.race([work(controller.signal), timeIsUp]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
