/** Counts what is under way, so that callers can wait for quiet. What waits for a person or a group does not count. */
export class Activity {
  #count = 0;
  #waiting: (() => void)[] = [];

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Waits for `settle` to be called, without counting meanwhile; only the first call matters, and it counts at once. */
  pause<T>(begin: (settle: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve) => {
      const wait = { settled: false, paused: false };
      begin((value) => {
        if (wait.settled) return;
        wait.settled = true;
        if (wait.paused) this.enter();
        resolve(value);
      });
      if (wait.settled) return;
      wait.paused = true;
      this.leave();
    });
  }
}
