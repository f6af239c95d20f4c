import type { Fault, LoggedRequest } from "../../model.js";

export interface Faults {
  set(fault: Fault): void;
  clear(): void;
  /** The fault this request runs into, if any; counts it. */
  match(entry: LoggedRequest): Fault["do"] | null;
}

interface Armed {
  readonly fault: Fault;
  seen: number; // matching requests since it was set
  done: number;
}

/** `nth` counts matching requests from 1 since the fault was set; it then happens `times` times in a row. */
export function createFaults(): Faults {
  const armed: Armed[] = [];
  return {
    set: (fault) => armed.push({ fault, seen: 0, done: 0 }),
    clear: () => armed.splice(0),
    match(entry) {
      const hits = armed.filter((candidate) => fits(candidate.fault, entry));
      for (const hit of hits) hit.seen += 1;
      const due = hits.find(({ fault, seen, done }) => seen >= (fault.match.nth ?? 1) && done < fault.times);
      if (!due) return null;
      due.done += 1;
      return due.fault.do;
    },
  };
}

/** An operation ending in `*` stands for all that begin so, as in `graphql:*`. */
function fits({ match, do: effect }: Fault, entry: LoggedRequest): boolean {
  if (effect.kill !== undefined && entry.job === null) return false; // nobody to kill
  const { operation, job } = match;
  if (job !== undefined && job !== entry.job) return false;
  if (operation === undefined) return true;
  return operation.endsWith("*") ? entry.operation.startsWith(operation.slice(0, -1)) : entry.operation === operation;
}
