import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOCK_SKEW_MS, rankChange, type DatedChange } from "../../src/signals/change-rank.js";

const ONSET = 1_000_000_000;
const MINUTE = 60_000;

function aChange(minutesBefore: number, overrides: Partial<DatedChange> = {}): DatedChange {
  return { of: "deployment", at: ONSET - minutesBefore * MINUTE, state: "went-out", elsewhere: false, ...overrides };
}
const rank = (minutesBefore: number, overrides: Partial<DatedChange> = {}): number =>
  rankChange(aChange(minutesBefore, overrides), ONSET);

describe("how suspicious a change is", () => {
  it.each([
    { name: "two minutes before", change: aChange(2), least: 0.9, most: 1 },
    { name: "an hour and ten minutes before", change: aChange(70), least: 0.4, most: 0.5 },
    { name: "a day before", change: aChange(1440), least: 0, most: 0.05 },
    { name: "half a minute after, which clocks may explain", change: aChange(-0.5), least: 0.9, most: 1 },
    { name: "five minutes after", change: aChange(-5), least: 0, most: 0.1 },
    { name: "a failed deployment", change: aChange(2, { state: "failed" }), least: 0.5, most: 0.6 },
    { name: "to another environment", change: aChange(2, { elsewhere: true }), least: 0.2, most: 0.3 },
  ])("$name", ({ change, least, most }) => {
    expect(rankChange(change, ONSET)).toBeGreaterThanOrEqual(least);
    expect(rankChange(change, ONSET)).toBeLessThanOrEqual(most);
  });

  it("never grows with the distance before the onset, and any time before it beats any time after", () => {
    const minutes = fc.double({ min: 0, max: 180, noNaN: true });
    fc.assert(
      fc.property(minutes, minutes, (a, b) => {
        expect(rank(Math.max(a, b))).toBeLessThanOrEqual(rank(Math.min(a, b)));
        expect(rank(-(CLOCK_SKEW_MS / MINUTE) - 0.1 - a)).toBeLessThan(rank(b));
      }),
    );
  });
});
