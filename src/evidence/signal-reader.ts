/** The latest value of a reviewed signal, and whether an alert fires: what triage asks first and verification asks repeatedly. */
import type { SignalQuery } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import type { Clock, SignalReader } from "../ports.js";
import { withDeadline } from "./deadline.js";
import { askTwice } from "./retry.js";

/** What one source can tell about this moment. */
export interface Readings {
  readonly source: string; // as signals name it
  readonly who: string; // "Prometheus at prometheus:9090", for messages
  readonly timeoutMs: number;
  /** Latest value of a reviewed query; null: a gap, or several series of which none is meant. */
  readonly latest?: (query: SignalQuery, abort: AbortSignal) => Promise<number | null>;
  /** null: it cannot tell. */
  readonly isFiring?: (alert: Alert, abort: AbortSignal) => Promise<boolean | null>;
}

export interface SignalReaderOptions {
  readonly readings: readonly Readings[];
  readonly clock: Pick<Clock, "sleep">;
  /** Told why a value is missing, in one line without secrets. */
  readonly onProblem?: (message: string) => void;
}

/** Every failure reads as null: a gap, a NaN, several series where one is needed, a source that is down or not configured. */
export function createSignalReader({ readings, clock, onProblem = ignore }: SignalReaderOptions): SignalReader {
  async function orNull<T>({ who, timeoutMs }: Readings, question: (abort: AbortSignal) => Promise<T>): Promise<T | null> {
    try {
      return await withDeadline(timeoutMs, who, (abort) =>
        askTwice(
          () => question(abort),
          (ms) => clock.sleep(ms),
        ),
      );
    } catch (error) {
      onProblem(error instanceof Error ? error.message : "The signal could not be read.");
      return null;
    }
  }

  return {
    read: async (service, name) => {
      const query = service.signals.get(name);
      const source = readings.find(({ source: each, latest }) => latest !== undefined && each === query?.source);
      if (query === undefined || source === undefined) return null;
      return orNull(source, async (abort) => (await source.latest?.(query, abort)) ?? null);
    },
    isFiring: async (alert) => {
      const answers = await Promise.all(
        readings.map((source) => orNull(source, async (abort) => (await source.isFiring?.(alert, abort)) ?? null)),
      );
      return answers.includes(true) ? true : answers.includes(false) ? false : null;
    },
  };
}

function ignore(): void {
  // Nobody asked for the reasons.
}
