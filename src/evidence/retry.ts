import { canHeal, PartialAnswerError, SourceUnavailableError } from "./unavailable.js";

const DEFAULT_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2_000;

/** Asks once more when the failure may heal by itself; the second failure stands, unless only the first brought something. */
export async function askTwice<T>(ask: () => Promise<T>, pause: (ms: number) => Promise<void>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!canHeal(error)) throw error;
    const asked = error instanceof SourceUnavailableError ? error.retryAfterMs : null;
    if (asked !== null && asked > MAX_PAUSE_MS) throw error;
    await pause(asked ?? DEFAULT_PAUSE_MS);
    return ask().catch((second: unknown) => {
      throw error instanceof PartialAnswerError && !(second instanceof PartialAnswerError) ? error : second;
    });
  }
}
