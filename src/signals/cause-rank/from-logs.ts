/** What speaks for a service in log lines: errors that are new to it, lines it no longer writes, and others complaining of it. Pure. */
import type { CallGraph } from "./call-graph.js";
import { groupBy } from "./group.js";
import type { LogTally, ServiceReason } from "./model.js";

const NEW_ERRORS = 0.7;
const NAMED = 0.5;
const SILENCED = 0.3;
/** What is left of a service's own new errors when a service it calls has new errors too, or when they name another: passed on. The same for complaints about it. */
const PASSED_ON = 0.35;
const MANY = 3;
/** A line counts as gone when there were this many and the service still speaks. */
const OFTEN = 10;
const STILL_SPEAKS = 0.4;

export function weighLogs(
  logs: readonly LogTally[],
  services: readonly string[],
  graph: CallGraph,
): ReadonlyMap<string, readonly ServiceReason[]> {
  const byService = groupBy(logs, ({ service }) => service);
  const fresh = new Map([...byService].map(([service, lines]) => [service, lines.filter(isNewError)] as const));
  const complained = logs.filter((line) => line.names.length > 0 && isNewError(line));
  const named = new Set(complained.flatMap(({ names }) => names));
  const failing = (service: string): boolean => (fresh.get(service)?.length ?? 0) > 0;
  return new Map(
    services.map((service) => {
      const below = graph.callees(service);
      const passesOn = below.some(failing) ? PASSED_ON : 1;
      return [
        service,
        [
          ...newErrors(fresh.get(service) ?? [], passesOn),
          ...complaints(service, complained, below.some((callee) => named.has(callee)) ? PASSED_ON : 1),
          ...silenced(byService.get(service) ?? []),
        ],
      ] as const;
    }),
  );
}

function isNewError({ level, before, since }: LogTally): boolean {
  return level === "error" && since > 0 && since > MANY * before;
}

function newErrors(lines: readonly LogTally[], factor: number): readonly ServiceReason[] {
  const count = total(lines);
  if (count === 0) return [];
  const own = lines.filter(({ names }) => names.length === 0);
  const [worst] = (own.length > 0 ? own : lines).toSorted((a, b) => b.since - a.since);
  const strength = NEW_ERRORS * (own.length > 0 ? enough(total(own)) * factor : enough(count) * PASSED_ON);
  return [{ kind: "lines", what: `${count} errors that are new to it: ${worst?.template ?? ""}`, strength }];
}

/** Others that name it in their new errors. */
function complaints(service: string, complained: readonly LogTally[], factor: number): readonly ServiceReason[] {
  const naming = complained.filter(({ names }) => names.includes(service));
  const count = total(naming);
  if (count === 0) return [];
  const what = `${count} new errors of others name it: ${naming[0]?.template ?? ""}`;
  return [{ kind: "lines", what, strength: NAMED * enough(count) * factor }];
}

function silenced(lines: readonly LogTally[]): readonly ServiceReason[] {
  const [was, is] = [lines.reduce((sum, { before }) => sum + before, 0), total(lines)];
  const gone = lines.filter(({ level, before, since }) => level === "other" && before >= OFTEN && since === 0);
  if (gone.length === 0 || is < STILL_SPEAKS * was) return [];
  const share = gone.reduce((sum, { before }) => sum + before, 0) / was;
  return [{ kind: "lines", what: `no longer writes: ${gone[0]?.template ?? ""}`, strength: SILENCED * Math.min(1, 2 * share) }];
}

function enough(count: number): number {
  return count / (count + MANY);
}

function total(lines: readonly LogTally[]): number {
  return lines.reduce((sum, { since }) => sum + since, 0);
}
