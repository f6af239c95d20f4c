import type { Tally } from "./shop.js";

/** What the shop's customers met lately; real time, because they are real requests. */
export class Customers {
  #tallies: (Tally & { readonly at: number })[] = [];
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(tally: Tally): void {
    const at = performance.now();
    this.#tallies = [...this.#tallies.filter((each) => each.at > at - this.#windowMs), { ...tally, at }];
  }

  /** Share of failed orders in the window; null without any order in it. */
  errorRate(): number | null {
    const since = performance.now() - this.#windowMs;
    const recent = this.#tallies.filter(({ at }) => at > since);
    const answered = recent.reduce((total, tally) => total + tally.answered, 0);
    const failed = recent.reduce((total, tally) => total + tally.failed, 0);
    return answered === 0 ? null : failed / answered;
  }
}
