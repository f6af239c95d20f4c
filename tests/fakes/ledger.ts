/** Counts every port call, writes it down, and lets the process die or GitHub fail at any of them. */

/** Thrown in place of the process dying. Once dead, every further call throws it too, until `revive`. */
export class Died extends Error {
  override readonly name = "Died";
  constructor(
    readonly n: number,
    readonly when: "before" | "after",
  ) {
    super(`The process died ${when} call ${n}.`);
  }
}

export interface Call {
  readonly n: number; // from 1, across all ports, over the fake's whole life
  readonly port: string; // "issues"
  readonly method: string; // "create"
  readonly args: string; // short JSON of the arguments, for transcripts
  outcome: "ok" | "threw" | "died-before" | "died-after";
}
export interface Fault {
  readonly call: `${string}.${string}`; // "comments.post"
  /** "before": nothing happened. "after": it happened, the answer was lost. */
  readonly when: "before" | "after";
  readonly error: Error;
  times?: number; // default 1
}
export interface Ledger {
  readonly calls: readonly Call[];
  readonly isDead: boolean;
  /** The n-th call from now on across all ports dies; counts from 1. */
  dieAt(n: number, when: "before" | "after"): void;
  /** A new process: calls work again. Forgets a death that has not come yet. */
  revive(): void;
  fault(fault: Fault): void;
  /** The same port, counted. */
  count<P extends object>(port: string, implementation: P): P;
  /** "issues.create", "comments.post" … in order, from call `since` on. */
  transcript(since?: number): string[];
}

export function createLedger(): Ledger {
  const calls: Call[] = [];
  const faults: Fault[] = [];
  let death: { readonly n: number; readonly when: "before" | "after" } | null = null;
  let died: Died | null = null;

  async function perform(call: Call, effect: () => unknown): Promise<unknown> {
    if (died) throw died;
    calls.push(call);
    dieIf("before", call);
    throwIf("before", call);
    try {
      const answer = await effect();
      dieIf("after", call);
      throwIf("after", call);
      return answer;
    } catch (error) {
      if (call.outcome === "ok") call.outcome = "threw";
      throw error;
    }
  }
  function dieIf(when: "before" | "after", call: Call): void {
    if (death?.n !== call.n || death.when !== when) return;
    died = new Died(call.n, when);
    call.outcome = when === "before" ? "died-before" : "died-after";
    throw died;
  }
  function throwIf(when: "before" | "after", call: Call): void {
    const name = `${call.port}.${call.method}`;
    const fault = faults.find((candidate) => candidate.call === name && candidate.when === when && candidate.times !== 0);
    if (!fault) return;
    fault.times = (fault.times ?? 1) - 1;
    call.outcome = "threw";
    throw fault.error;
  }

  return {
    calls,
    get isDead() {
      return died !== null;
    },
    dieAt(n, when) {
      death = { n: calls.length + n, when };
    },
    revive() {
      death = null;
      died = null;
    },
    fault: (fault) => void faults.push({ ...fault }),
    count(port, implementation) {
      return new Proxy(implementation, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== "function" || typeof key !== "string") return member;
          return async (...args: unknown[]) =>
            perform({ n: calls.length + 1, port, method: key, args: summarize(args), outcome: "ok" }, () =>
              Reflect.apply(member, target, args),
            );
        },
      });
    },
    transcript: (since = 1) => calls.filter((call) => call.n >= since).map((call) => `${call.port}.${call.method}`),
  };
}

function summarize(args: readonly unknown[]): string {
  const text = JSON.stringify(args, (_key, value: unknown) =>
    typeof value === "string" && value.length > 60 ? `${value.slice(0, 57)}…` : value,
  );
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
