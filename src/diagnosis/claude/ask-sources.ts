/** `AskMore` over the configured sources: one reviewed signal of one service, or the changes of its repository. */
import type { Service } from "../../config/config.js";
import { reporterOf } from "../../config/signal-sources.js";
import { withDeadline } from "../../evidence/deadline.js";
import { timeoutOf } from "../../evidence/timed-source.js";
import { PartialAnswerError } from "../../evidence/unavailable.js";
import type { Clock, Source } from "../../ports.js";
import type { AskMore, Selector } from "./settings.js";

const CHANGES = "changes";
/** The source that knows what was deployed. */
const SOURCE_OF_CHANGES = "github";

/** @param onSilence - told which source gave no answer */
export function createAskMore(
  sources: readonly Source[],
  clock: Pick<Clock, "now">,
  onSilence: (source: string) => void,
): AskMore {
  return async (selector, onset) => {
    const source = sources.find(({ name }) => name === sourceOf(selector));
    if (source === undefined) return [];
    const to = new Date(Math.max(clock.now().getTime(), onset.getTime() + 1));
    const window = { from: new Date(onset.getTime() - selector.windowMs), to };
    const service = onlyThis(selector);
    try {
      return await withDeadline(timeoutOf(source), source.name, (signal) =>
        source.observe({ service, alerts: [], onset, logs: window, changes: window, signal }),
      );
    } catch (error) {
      // Its silence is no evidence, and the diagnosis goes on with what is there.
      onSilence(source.name);
      return error instanceof PartialAnswerError ? error.findings : [];
    }
  };
}

function sourceOf({ service, signal }: Selector): string | null {
  if (signal === CHANGES) return SOURCE_OF_CHANGES;
  const source = service.signals.get(signal)?.source;
  return source === undefined ? null : reporterOf(source);
}

function onlyThis({ service, signal }: Selector): Service {
  const query = service.signals.get(signal);
  return { ...service, signals: new Map(query === undefined ? [] : [[signal, query]]) };
}
