/** How long an interrupted step may take to end before SIGTERM, and after that before SIGKILL; GitHub's own figures. */
const interruptMs = 7_500;
const terminateMs = 2_500;

/** Stops a job from outside. Every step runs in a process group of its own, so that nothing it started is left behind. */
export class JobControl {
  readonly #running = new Set<number>(); // leaders of process groups whose step has not ended
  readonly #all = new Set<number>();
  #cancelReason: string | null = null;
  #lost = false;
  /** Whether the current step goes on although the job is cancelled; its `if` decides. */
  stepSurvivesCancel: () => boolean = () => false;

  get cancelReason(): string | null {
    return this.#cancelReason;
  }

  /** The machine died: no further step runs, whatever its condition. */
  get lost(): boolean {
    return this.#lost;
  }

  started(pid: number): void {
    this.#running.add(pid);
    this.#all.add(pid);
    if (this.#lost) signalGroup(pid, "SIGKILL");
    // The cancellation came between the step's condition and its process.
    else if (this.#cancelReason !== null && !this.stepSurvivesCancel()) this.interrupt(pid);
  }

  ended(pid: number): void {
    this.#running.delete(pid);
  }

  cancel(reason: string): void {
    if (this.#cancelReason !== null) return;
    this.#cancelReason = reason;
    if (this.stepSurvivesCancel()) return;
    for (const pid of this.#running) this.interrupt(pid);
  }

  /** SIGINT, then SIGTERM, then SIGKILL, while the step has not ended. */
  interrupt(pid: number): void {
    const still = (signal: NodeJS.Signals) => () => this.#running.has(pid) && signalGroup(pid, signal);
    signalGroup(pid, "SIGINT");
    setTimeout(still("SIGTERM"), interruptMs).unref();
    setTimeout(still("SIGKILL"), interruptMs + terminateMs).unref();
  }

  kill(): void {
    this.#lost = true;
    for (const pid of this.#all) signalGroup(pid, "SIGKILL");
  }

  /** Ends what steps left running in the background, as a runner does at the end of a job. */
  sweep(): void {
    for (const pid of this.#all) signalGroup(pid, "SIGKILL");
    this.#all.clear();
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // The group has ended on its own.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
