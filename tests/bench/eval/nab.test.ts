import { describe, expect, it } from "vitest";
import { nabScore, probationOf, PROFILES, tallyFile, type Window } from "../../../bench/eval/nab.js";

const { standard, low_fn: lowFn, low_fp: lowFp } = PROFILES;
const ROWS = 1_000;
const WINDOW: Window = { first: 500, last: 599 };

function score(detections: readonly number[], windows: readonly Window[] = [WINDOW]): number {
  return nabScore([tallyFile(detections, windows, ROWS, standard)], standard);
}

describe("the benchmark's score", () => {
  it("is 0 for saying nothing, in every profile", () => {
    for (const profile of [standard, lowFn, lowFp]) {
      expect(nabScore([tallyFile([], [WINDOW], ROWS, profile)], profile)).toBe(0);
    }
  });

  it("is 100 for each window found at its first row", () => {
    const windows = [WINDOW, { first: 800, last: 849 }];
    expect(score([500, 800], windows)).toBeCloseTo(100, 9);
  });

  it("counts the best detection of a window once, the earlier the better", () => {
    expect(score([500, 510, 599])).toBeCloseTo(100, 9);
    expect(score([550])).toBeLessThan(score([501]));
    expect(score([599])).toBeGreaterThan(50);
  });

  it("takes 11 hundredths for a false alarm before any window, twice that in the profile against them", () => {
    expect(tallyFile([300], [WINDOW], ROWS, standard).sum).toBeCloseTo(-1.11, 9);
    expect(tallyFile([300], [WINDOW], ROWS, lowFp).sum).toBeCloseTo(-1.22, 9);
    expect(tallyFile([300], [WINDOW], ROWS, lowFn).sum).toBeCloseTo(-2.11, 9);
  });

  it("forgives a late detection in part", () => {
    const late = tallyFile([601], [WINDOW], ROWS, standard).sum + 1;
    expect(late).toBeLessThan(0);
    expect(late).toBeGreaterThan(-0.02);
    expect(tallyFile([599 + 4 * 99], [WINDOW], ROWS, standard).sum + 1).toBeCloseTo(-0.11, 9);
  });

  it("leaves out the rows in which a detector may learn", () => {
    expect(probationOf(1_000)).toBe(150);
    expect(probationOf(20_000)).toBe(750);
    expect(tallyFile([0, 149], [], ROWS, standard).falseAlarms).toBe(0);
    expect(tallyFile([150], [], ROWS, standard).falseAlarms).toBe(1);
  });

  it("tells missed windows and false alarms", () => {
    expect(tallyFile([300, 550], [WINDOW, { first: 800, last: 849 }], ROWS, standard)).toMatchObject({
      windows: 2,
      missed: 1,
      falseAlarms: 1,
    });
  });

  it("stays finite for a window of one row", () => {
    expect(Number.isFinite(score([701], [{ first: 700, last: 700 }]))).toBe(true);
  });
});
