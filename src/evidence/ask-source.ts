import type { Outside } from "../outside/outside.js";
import { redact } from "../outside/redact.js";
import type { Clock, Finding, Source, SourceRequest } from "../ports.js";
import { withDeadline } from "./deadline.js";
import { isKeepable } from "./observation.js";
import { plural } from "./phrases.js";
import { askTwice } from "./retry.js";
import { timeoutOf } from "./timed-source.js";
import { PartialAnswerError } from "./unavailable.js";

export interface Told {
  readonly findings: readonly Finding[]; // also of an answer in part
  readonly why: Outside | null; // why it is not the whole answer; null: it is
}

const MAX_WHY = 300;

/** Asks within the source's own deadline, and once more where that may help. What could not be kept is left out, and said. Never rejects. */
export async function askSource(
  source: Source,
  question: Omit<SourceRequest, "signal">,
  clock: Pick<Clock, "sleep">,
): Promise<Told> {
  try {
    const findings = await withDeadline(timeoutOf(source), source.name, (signal) =>
      askTwice(
        () => source.observe({ ...question, signal }),
        (ms) => clock.sleep(ms),
      ),
    );
    const kept = findings.filter(isKeepable);
    return { findings: kept, why: kept.length < findings.length ? describeUnfit(findings.length - kept.length) : null };
  } catch (error) {
    const why = redact(error instanceof Error ? error.message : `${source.name} failed without saying why.`, MAX_WHY);
    return { findings: error instanceof PartialAnswerError ? error.findings.filter(isKeepable) : [], why };
  }
}

function describeUnfit(count: number): Outside {
  return redact(`${plural(count, "finding")} left out for times or figures that cannot be: look at the source's own data.`);
}
