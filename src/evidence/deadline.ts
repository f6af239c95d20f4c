import { duration } from "./phrases.js";
import { SourceUnavailableError } from "./unavailable.js";

/**
 * Runs `work` and gives up after `ms`, also when it does not listen to its signal.
 * @throws {SourceUnavailableError} when time was up
 */
export async function withDeadline<T>(ms: number, name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new SourceUnavailableError(`${name} did not answer within ${duration(ms)}.`, false));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
