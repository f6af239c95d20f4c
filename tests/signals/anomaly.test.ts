import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALARM, createAnomalyDetector } from "../../src/signals/anomaly.js";

const STEP = 5 * 60_000;
const DAY = 288; // values

/** The same "noise" each time. */
function noise(index: number): number {
  const wave = Math.sin(index * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave) - 0.5;
}
function scoresOf(values: readonly number[]): number[] {
  const detector = createAnomalyDetector();
  return values.map((value, index) => detector.next({ at: index * STEP, value }).score);
}
function alarmsIn(values: readonly number[]): number[] {
  return scoresOf(values).flatMap((score, index) => (score >= ALARM ? [index] : []));
}
const steady = (length: number): number[] => Array.from({ length }, (_, index) => 100 + 4 * noise(index));
const daily = (length: number): number[] =>
  Array.from({ length }, (_, index) => 100 + 40 * Math.sin((2 * Math.PI * index) / DAY) + 4 * noise(index));
function changed(values: readonly number[], from: number, to: number, change: (value: number) => number): number[] {
  return values.map((value, index) => (index >= from && index < to ? change(value) : value));
}

describe("an alarm is raised at", () => {
  it.each([
    { name: "a spike", values: changed(steady(1_500), 1_200, 1_203, () => 400), at: 1_200 },
    { name: "a drop to nothing", values: changed(steady(1_500), 1_200, 1_260, () => 0), at: 1_200 },
    { name: "a lasting shift of the level", values: changed(steady(1_500), 1_200, 1_500, (value) => value + 30), at: 1_200 },
    { name: "a small shift that lasts", values: changed(steady(1_500), 1_200, 1_500, (value) => value + 4), at: 1_200 },
    { name: "a day without its peak", values: changed(daily(8 * DAY), 6 * DAY + 20, 6 * DAY + 130, () => 85), at: 6 * DAY + 20 },
  ])("$name, soon after it began", ({ values, at }) => {
    const first = alarmsIn(values).find((index) => index >= at);
    expect(first).toBeDefined();
    expect((first ?? 0) - at).toBeLessThan(30);
  });
});

describe("no alarm is raised", () => {
  it.each([
    { name: "by steady noise", values: steady(700) },
    { name: "by a flat line", values: steady(2_000).map(() => 7) },
    {
      name: "by a move of a thousandth of the level",
      values: changed(
        steady(600).map(() => 7),
        500,
        600,
        () => 7.005,
      ),
    },
    { name: "while too little is known", values: [1, 900, 3, 5_000, 2, 7] },
  ])("$name", ({ values }) => {
    expect(alarmsIn(values)).toEqual([]);
  });

  it("more than once in thousands of values of steady noise", () => {
    expect(alarmsIn(steady(6_000)).length).toBeLessThanOrEqual(2);
  });

  it("by the same curve every day, once a day of it is known", () => {
    expect(alarmsIn(daily(10 * DAY)).filter((index) => index >= DAY)).toEqual([]);
  });

  it("again and again for one event", () => {
    const values = changed(steady(2_000), 1_200, 1_240, (value) => value * (4 + noise(value)));
    expect(alarmsIn(values).filter((index) => index >= 1_200 && index < 1_240)).toHaveLength(1);
  });
});

describe("a reading", () => {
  it("rests on what came before, never on what comes after", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 60, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.nat(59), (list, cut) => {
        expect(scoresOf(list).slice(0, cut)).toEqual(scoresOf(list.slice(0, cut)));
      }),
      { numRuns: 50 },
    );
  });

  it("lies between 0 and 1 whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 300 }), (list) => {
        expect(scoresOf(list).every((score) => score >= 0 && score <= 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("is the same in any unit", () => {
    const values = changed(daily(1_500), 1_200, 1_210, () => 300);
    const inUnits = scoresOf(values.map((value) => value * 1_024));
    scoresOf(values).forEach((score, index) => expect(inUnits[index]).toBeCloseTo(score, 6));
  });

  it("skips what is no number", () => {
    const detector = createAnomalyDetector();
    for (let index = 0; index < 100; index += 1) detector.next({ at: index, value: 10 + noise(index) });
    expect(detector.next({ at: 100, value: Number.NaN }).score).toBe(0);
    expect(detector.next({ at: 101, value: 10 }).score).toBeLessThan(ALARM);
  });

  it("names the side and the usual range", () => {
    const detector = createAnomalyDetector();
    for (let index = 0; index < 400; index += 1) detector.next({ at: index * STEP, value: 10 + noise(index) });
    const { direction, usual, score } = detector.next({ at: 400 * STEP, value: -90 });
    expect(direction).toBe("low");
    expect(score).toBeGreaterThan(ALARM);
    expect(usual?.low).toBeCloseTo(9.5, 0);
    expect(usual?.high).toBeCloseTo(10.5, 0);
  });

  it("allows for gaps: a missing hour is nothing unusual", () => {
    const detector = createAnomalyDetector();
    const scores = daily(10 * DAY).map((value, index) => {
      const isGap = index % DAY > 200 && index % DAY < 212;
      return isGap ? 0 : detector.next({ at: index * STEP, value }).score;
    });
    expect(scores.slice(DAY).filter((score) => score >= ALARM)).toEqual([]);
  });
});
