/** Most that wait in a group with `queue: max`; a later one is cancelled. */
export const longestQueue = 100;

/** A run or job that wants a concurrency group. */
export interface Claimant {
  granted(): void;
  /** Another claim pushed it out, while waiting or (cancel-in-progress) while running. */
  cancelled(reason: string): void;
}

export interface Claim {
  readonly group: string;
  readonly queue: "single" | "max";
  readonly cancelInProgress: boolean;
}

interface Group {
  holder: Claimant | null;
  waiting: Claimant[];
}

/** The repository's concurrency groups. Names are compared without case; jobs and whole runs share them. */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  /** Answers at once or later through the claimant; every claimant that was granted or still waits must `leave`. */
  enter(claim: Claim, claimant: Claimant): void {
    const group = this.#group(claim.group);
    if (!group.holder) {
      group.holder = claimant;
      claimant.granted();
      return;
    }
    if (claim.queue === "max") this.#queue(group, claim, claimant);
    else this.#replaceWaiting(group, claim, claimant);
    if (claim.cancelInProgress) group.holder.cancelled(reason(claim));
  }

  leave(name: string, claimant: Claimant): void {
    const group = this.#group(name);
    group.waiting = group.waiting.filter((other) => other !== claimant);
    if (group.holder !== claimant) return;
    group.holder = group.waiting.shift() ?? null;
    group.holder?.granted();
  }

  #queue(group: Group, claim: Claim, claimant: Claimant): void {
    if (group.waiting.length < longestQueue) group.waiting.push(claimant);
    else claimant.cancelled(`Canceling since the queue of concurrency group '${claim.group}' is full (${longestQueue} waiting)`);
  }

  #replaceWaiting(group: Group, claim: Claim, claimant: Claimant): void {
    const older = group.waiting;
    group.waiting = [claimant];
    for (const other of older) other.cancelled(reason(claim));
  }

  #group(name: string): Group {
    const key = name.toLowerCase();
    const group = this.#groups.get(key) ?? { holder: null, waiting: [] };
    this.#groups.set(key, group);
    return group;
  }
}

function reason(claim: Claim): string {
  return `Canceling since a higher priority waiting request for '${claim.group}' exists`;
}
