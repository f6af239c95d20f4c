import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeChange, scoreChange, type Point } from "../../src/signals/metric-change.js";

const ONSET = 1_800_000;
const MINUTE = 60_000;

/** One point a minute, from half an hour before the onset. */
function series(values: readonly (number | null)[]): Point[] {
  return values.flatMap((value, index) => (value === null ? [] : [{ at: index * MINUTE, value }]));
}
const flat = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
/** The same "noise" each time. */
const noisy = (count: number, centre: number, amplitude: number): number[] =>
  flat(count, 0).map((_, index) => centre + amplitude * Math.sin(index * 12.9898));

describe("what a series did around the onset", () => {
  it.each([
    { name: "a jump", values: [...noisy(30, 10, 1), ...noisy(10, 50, 1)], direction: "rose", onsetAt: 30 },
    { name: "a drop", values: [...noisy(30, 100, 2), ...noisy(10, 5, 1)], direction: "fell", onsetAt: 30 },
    { name: "noise", values: noisy(40, 10, 1), direction: "steady", onsetAt: null },
    { name: "a flat line", values: flat(40, 0), direction: "steady", onsetAt: null },
    { name: "errors out of nothing", values: [...flat(30, 0), ...flat(10, 0.4)], direction: "rose", onsetAt: 30 },
    { name: "one spike", values: [...noisy(33, 10, 1), 90, ...noisy(6, 10, 1)], direction: "steady", onsetAt: null },
    {
      name: "a level that came back",
      values: [...noisy(30, 10, 1), ...flat(4, 60), ...noisy(8, 10, 1)],
      direction: "steady",
      onsetAt: 30,
    },
    {
      name: "a change that began while the alert was held",
      values: [...noisy(27, 10, 1), ...flat(13, 60)],
      direction: "rose",
      onsetAt: 27,
    },
    {
      name: "gaps in between",
      values: [...noisy(30, 10, 1).map((value, index) => (index % 3 === 0 ? null : value)), null, null, ...flat(8, 60)],
      direction: "rose",
      onsetAt: 32,
    },
    {
      name: "nothing before the onset",
      values: [...flat(30, 0).map(() => null), ...flat(10, 5)],
      direction: "unknown",
      onsetAt: null,
    },
    {
      name: "one point before the onset",
      values: [...flat(29, 0).map(() => null), 1, ...flat(10, 5)],
      direction: "unknown",
      onsetAt: null,
    },
    {
      name: "a rise after the series had moved to another level",
      values: [...noisy(12, 100, 1), ...noisy(18, 40, 1), ...noisy(10, 60, 1)],
      direction: "rose",
      onsetAt: 30,
    },
    {
      name: "nothing new after the series had moved to another level",
      values: [...noisy(12, 100, 1), ...noisy(28, 40, 1)],
      direction: "steady",
      onsetAt: null,
    },
    { name: "nothing since the onset", values: noisy(30, 10, 1), direction: "unknown", onsetAt: null },
    {
      name: "a few points, the last of them already affected",
      values: [...flat(27, 0).map(() => null), 0, 0, 7, 36, 36],
      direction: "rose",
      onsetAt: 29,
    },
    { name: "a few points only", values: [...flat(27, 0).map(() => null), 0, 0, 0, 7, 7], direction: "rose", onsetAt: 30 },
  ])("$name", ({ values, direction, onsetAt }) => {
    const change = describeChange(series(values), ONSET);
    expect(change).toMatchObject({ direction, onsetAt: onsetAt === null ? null : onsetAt * MINUTE });
  });

  it("has no value now where the data ends before the onset: a gap is not zero", () => {
    expect(describeChange(series(noisy(30, 10, 1)), ONSET).now).toBeNull();
    expect(describeChange([], ONSET)).toEqual({ before: null, now: null, direction: "unknown", onsetAt: null, deviation: 0 });
  });

  it("is no change where the same hours of earlier days show it too", () => {
    const points = series([...noisy(30, 10, 1), ...noisy(10, 50, 1)]);
    const sameHours = series(noisy(40, 45, 10));
    expect(describeChange(points, ONSET, { sameHours })).toMatchObject({ direction: "steady", onsetAt: null, deviation: 0 });
    expect(describeChange(points, ONSET, { sameHours: sameHours.slice(0, 4) }).direction).toBe("rose");
    expect(describeChange(points, ONSET, { sameHours: series(noisy(40, 10, 2)) }).direction).toBe("rose");
  });

  it("is found in a long series quickly", () => {
    const points = series([...noisy(20_000, 10, 1)]);
    const started = performance.now();
    describeChange(points, 19_000 * MINUTE);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("does not move for less than the floor", () => {
    const values = [...flat(30, 0.001), ...flat(10, 0.006)];
    expect(describeChange(series(values), ONSET, { floor: 0.01 }).direction).toBe("steady");
    expect(describeChange(series(values), ONSET).direction).toBe("rose");
  });

  it("is told the same in any unit, and mirrored upside down", () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 35, maxLength: 60 });
    const mirror = { rose: "fell", fell: "rose", steady: "steady", unknown: "unknown" } as const;
    fc.assert(
      fc.property(values, (list) => {
        const plain = describeChange(series(list), ONSET);
        expect(describeChange(series(list.map((value) => value * 1024)), ONSET).direction).toBe(plain.direction);
        const mirrored = describeChange(series(list.map((value) => -value)), ONSET);
        expect(mirrored).toMatchObject({ direction: mirror[plain.direction], onsetAt: plain.onsetAt });
        expect(scoreChange(plain, ONSET)).toBeGreaterThan(0);
        expect(scoreChange(plain, ONSET)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("how much it says", () => {
  it("is most for a large change at the onset, least for none", () => {
    const scores = [
      [...flat(30, 0), ...flat(10, 0.4)],
      [...noisy(30, 10, 1), ...flat(10, 22)],
      noisy(40, 10, 1),
      noisy(30, 10, 1),
    ].map((values) => scoreChange(describeChange(series(values), ONSET), ONSET));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[0]).toBeGreaterThan(0.9);
    expect(scores.at(-1)).toBeLessThanOrEqual(0.1);
  });
});
