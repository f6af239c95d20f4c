/** What of the services' measurements can be held against each other. Pure. */
import type { SignalQuery } from "../../config/config.js";
import { kindOfSignal } from "../../signals/cause-rank/kind-of-signal.js";

/**
 * By service: of several signals of one kind, those that another service has by the same name. A mean here and a 95th percentile there
 * are not the same statistic, and the time a service waits for others would look like its own. Where none is shared, all stay.
 */
export function keepComparable(
  signals: ReadonlyMap<string, readonly SignalQuery[]>,
): ReadonlyMap<string, readonly SignalQuery[]> {
  const owners = new Map<string, number>();
  for (const { name } of [...signals.values()].flat()) owners.set(name, (owners.get(name) ?? 0) + 1);
  const isShared = ({ name }: SignalQuery): boolean => (owners.get(name) ?? 0) > 1;
  const keep = (own: readonly SignalQuery[]): readonly SignalQuery[] => {
    const shared = new Set(own.filter(isShared).map(({ name }) => kindOfSignal(name)));
    return own.filter((each) => isShared(each) || !shared.has(kindOfSignal(each.name)));
  };
  return new Map([...signals].map(([service, own]) => [service, keep(own)]));
}

/** Times in seconds, whatever the signal counts them in: a mesh has milliseconds, an application seconds. */
export function inSeconds(value: number, unit: string | null): number {
  return unit === "milliseconds" ? value / 1_000 : value;
}
