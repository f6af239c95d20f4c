/** The services that a service depends on, by the measurements it shares with them: where along the calls does it begin? */
import pLimit from "p-limit";
import type { Service, SignalQuery } from "../../config/config.js";
import type { Finding, SourceRequest, Window } from "../../ports.js";
import { kindOfSignal } from "../../signals/cause-rank/kind-of-signal.js";
import type { Point } from "../../signals/metric-change.js";
import { toFinding } from "../statement.js";
import { DEFAULT_TIMEOUT_MS, type TimedSource } from "../timed-source.js";
import { canHeal, PartialAnswerError } from "../unavailable.js";
import { inSeconds, keepComparable } from "./comparable.js";
import { judgeNeighbours, type NeighbourSeries } from "./judge.js";
import { neighbourhoodOf } from "./neighbourhood.js";

/** Readings of one reviewed query, oldest first; empty when it has none. @throws {SourceUnavailableError} */
export type ReadSeries = (signal: SignalQuery, window: Window, abort: AbortSignal) => Promise<readonly Point[]>;

export interface NeighbourOptions {
  readonly catalogue: ReadonlyMap<string, Service>;
  readonly readers: ReadonlyMap<string, ReadSeries>; // by the source whose queries it answers: "prometheus"
  readonly timeoutMs?: number;
}

const NAME = "neighbours";
const CALM = "dependency:Well";
const AT_ONCE = 6;
/** Queries of one service: what tells least where a trouble begins is left out. */
const MOST_SIGNALS = 6;

export function createNeighbourSource({ catalogue, readers, timeoutMs = DEFAULT_TIMEOUT_MS }: NeighbourOptions): TimedSource {
  const signalsOf = (service: Service): readonly SignalQuery[] =>
    [...service.signals.values()].filter(({ name, source }) => readers.has(source) && kindOfSignal(name) !== "other");
  const concerns = (service: Service): boolean =>
    neighbourhoodOf(service, catalogue)
      .services.slice(1)
      .some((each) => signalsOf(each).length > 0);
  const observe = async ({ service, onset, logs, signal: abort }: SourceRequest): Promise<readonly Finding[]> => {
    const neighbourhood = neighbourhoodOf(service, catalogue);
    const limit = pLimit(AT_ONCE);
    const comparable = keepComparable(new Map(neighbourhood.services.map((each) => [each.name, signalsOf(each)])));
    const questions = neighbourhood.services.flatMap((each) =>
      (comparable.get(each.name) ?? [])
        .slice(0, MOST_SIGNALS)
        .map((signal) => limit(async () => toSeries(each, signal, await readers.get(signal.source)?.(signal, logs, abort)))),
    );
    const answers = await Promise.allSettled(questions);
    const series = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const findings = judgeNeighbours({
      neighbourhood,
      series: series.filter(({ points }) => points.length > 0),
      onset,
      until: logs.to,
    }).map((said) => toFinding(NAME, said));
    const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
    const [first] = failures;
    if (failures.length === 0) return findings;
    const told = findings.filter(({ query }) => query !== CALM); // who did not answer may be the one that stands out
    const why = first instanceof Error ? first.message : "unknown failure";
    throw new PartialAnswerError(`${failures.length} of ${answers.length} queries failed: ${why}`, told, canHeal(first));
  };
  return { name: NAME, timeoutMs, concerns, observe };
}

/** A share or a time that people name alike is one statistic in every service: that is what makes services comparable. */
function toSeries(service: Service, { name, unit }: SignalQuery, points: readonly Point[] = []): NeighbourSeries {
  const kind = kindOfSignal(name);
  const isTime = kind === "latency" && unit === "milliseconds";
  return {
    service: service.name,
    kind,
    name,
    side: "server",
    weight: 1,
    points: isTime ? points.map(({ at, value }) => ({ at, value: inSeconds(value, unit) })) : points,
    unit: isTime ? "seconds" : unit,
  };
}
