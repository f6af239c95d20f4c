/** Fakes for what is not GitHub: signals, sources of evidence, the pager. */
import type { Finding, PageMessage, Pager, SignalReader, Source, SourceRequest } from "../../src/ports.js";
import type { Ledger } from "./ledger.js";

export interface FakeSignals extends SignalReader {
  /** By signal name; a function is asked each time, a missing one is a gap. */
  readonly values: Map<string, number | null | (() => number | null)>;
  firing: boolean | null;
}

/** Signals as the test sets them. A function lets them follow the world: `() => (github.state.deployments… ? 0.01 : 0.4)`. */
export function createFakeSignals(values: Readonly<Record<string, number | null | (() => number | null)>> = {}): FakeSignals {
  const known = new Map(Object.entries(values));
  const signals: FakeSignals = {
    values: known,
    firing: true,
    read: async (_service, signal) => {
      const value = known.get(signal) ?? null;
      return typeof value === "function" ? value() : value;
    },
    isFiring: async () => signals.firing,
  };
  return signals;
}

/** A source that answers with these findings, or fails with this error; a function decides per request. */
export function createFakeSource(
  name: string,
  script: readonly Finding[] | Error | ((request: SourceRequest) => readonly Finding[]),
): Source & { readonly asked: readonly SourceRequest[] } {
  const asked: SourceRequest[] = [];
  return {
    name,
    asked,
    observe: async (request) => {
      asked.push(request);
      if (script instanceof Error) throw script;
      return typeof script === "function" ? script(request) : script;
    },
  };
}

export interface FakePager extends Pager {
  /** What people got; a repeated key is there once, as a real pager merges it. */
  readonly pages: readonly PageMessage[];
  /** Every call, repeated keys included. */
  readonly attempts: readonly PageMessage[];
  /** Channels that fail from now on. */
  failing: readonly string[];
}

export function createFakePager(channels: readonly string[] = ["fake"]): FakePager {
  const attempts: PageMessage[] = [];
  const pages: PageMessage[] = [];
  const pager: FakePager = {
    attempts,
    pages,
    failing: [],
    page: async (message) => {
      attempts.push(message);
      const failed = channels.filter((channel) => pager.failing.includes(channel));
      const reached = channels.filter((channel) => !failed.includes(channel));
      if (reached.length > 0 && !pages.some((page) => page.key === message.key)) pages.push(message);
      return { reached, failed };
    },
  };
  return pager;
}

/** Counts and kills calls of these fakes like those of GitHub's ports. */
export function countAll<T extends Readonly<Record<string, object>>>(ledger: Pick<Ledger, "count">, fakes: T): T {
  return Object.fromEntries(Object.entries(fakes).map(([name, fake]) => [name, ledger.count(name, fake)])) as T;
}
