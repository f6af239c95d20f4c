/** `AskMore` over the configured sources: one reviewed signal of one service, or all that one source knows of it. */
import type { Service } from "../../config/config.js";
import { reporterOf } from "../../config/signal-sources.js";
import { askSource } from "../../evidence/ask-source.js";
import type { Clock, Source } from "../../ports.js";
import type { AskMore, Looked, Selector } from "./settings.js";

/** @param onSilence - told which source gave no answer */
export function createAskMore(
  sources: readonly Source[],
  clock: Pick<Clock, "now" | "sleep">,
  onSilence: (source: string) => void,
): AskMore {
  const look = async (selector: Selector, onset: Date): Promise<Looked> => {
    const source = sources.find(({ name }) => name === sourceOf(selector));
    if (source === undefined || source.concerns?.(selector.service) === false) return { kind: "silent" };
    const to = new Date(Math.max(clock.now().getTime(), onset.getTime() + 1));
    const window = { from: new Date(onset.getTime() - selector.windowMs), to };
    const question = { service: narrow(selector), alerts: [], onset, logs: window, changes: window };
    const { findings, why } = await askSource(source, question, clock);
    if (why !== null) onSilence(source.name);
    // Silence is no evidence, and the diagnosis goes on with what is there.
    return why !== null && findings.length === 0 ? { kind: "silent" } : { kind: "found", findings };
  };
  return { sources: sources.map(({ name }) => name), look };
}

function sourceOf({ service, signal }: Selector): string {
  const source = service.signals.get(signal)?.source;
  return source === undefined ? signal : reporterOf(source);
}

/** A named signal is asked alone; a source that is asked as a whole sees the service as it is. */
function narrow({ service, signal }: Selector): Service {
  const query = service.signals.get(signal);
  return query === undefined ? service : { ...service, signals: new Map([[signal, query]]) };
}
