import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VERIFY_LIMIT_IN_SOAKS, type Criterion } from "../../src/plan/plan.js";
import { criterionHolds, decideVerdict, type Sample } from "../../src/remediation/verdict.js";

const SOAK = 60_000;
const STEP = 15_000;
const start = new Date("2026-06-03T03:20:00Z");
const ratio: Criterion = {
  kind: "signal",
  service: "checkout",
  signal: "error-ratio",
  holds: "below",
  bound: 0.05,
  unit: "ratio",
};
const count: Criterion = { kind: "signal", service: "checkout", signal: "pool-waiting", holds: "below", bound: 10, unit: null };
const free: Criterion = { kind: "signal", service: "checkout", signal: "free", holds: "above", bound: 5, unit: null };
const quiet: Criterion = { kind: "alert-not-firing" };

/** A reading every 15 s from the start on; one row a moment. */
function samplesOf(criteria: readonly Criterion[], rows: readonly (readonly (number | null)[])[]): Sample[] {
  return rows.map((values, index) => ({
    at: new Date(start.getTime() + index * STEP),
    values,
    holds: criteria.map((criterion, column) => criterionHolds(criterion, values[column] ?? null)),
  }));
}
function verdict(
  criteria: readonly Criterion[],
  before: readonly (number | null)[],
  rows: readonly (readonly (number | null)[])[],
) {
  const samples = samplesOf(criteria, rows);
  const now = samples.at(-1)?.at ?? start;
  return decideVerdict({ criteria, before, samples, startedAt: start, soakMs: SOAK, now });
}
const rows = (...values: readonly (number | null)[]) => values.map((value) => [value]);
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);
const limitRows = (VERIFY_LIMIT_IN_SOAKS * SOAK) / STEP + 1;

describe("decideVerdict", () => {
  it.each([
    { name: "nothing is known before the soak time is over", values: times(4, 0.01), verdict: null },
    { name: "recovered after a whole soak time", values: times(5, 0.01), verdict: "recovered" },
    { name: "one gap begins the soak time anew", values: [0.01, 0.01, null, 0.01, 0.01], verdict: null },
    { name: "one bad reading begins the soak time anew", values: [0.01, 0.01, 0.4, 0.01, 0.01], verdict: null },
    { name: "recovered a whole soak time after the last bad reading", values: [0.4, ...times(5, 0.01)], verdict: "recovered" },
    { name: "on the bound is not below it", values: times(5, 0.05), verdict: null },
    { name: "worse after a whole soak time", values: times(5, 0.6), verdict: "worse" },
    { name: "a short peak is not worse", values: [0.6, 0.6, 0.6, 0.6, 0.4], verdict: null },
    { name: "a gap is not worse", values: [0.6, 0.6, null, 0.6, 0.6], verdict: null },
    { name: "a little more than before is noise", values: times(5, 0.44), verdict: null },
    { name: "unchanged when the limit is reached", values: times(limitRows, 0.4), verdict: "unchanged" },
    { name: "not yet unchanged a reading before the limit", values: times(limitRows - 1, 0.4), verdict: null },
    { name: "unknown when only gaps were seen", values: times(limitRows, null), verdict: "unknown" },
    { name: "unknown when the last reading is a gap", values: [...times(limitRows - 1, 0.4), null], verdict: "unknown" },
    {
      name: "not recovered at the limit when it held for too short a time",
      values: [...times(limitRows - 2, 0.4), 0.01, 0.01],
      verdict: "unchanged",
    },
  ])("$name", ({ values, verdict: expected }) => {
    expect(verdict([ratio], [0.4], rows(...values))).toBe(expected);
  });

  it.each([
    { name: "all of them must hold", criteria: [ratio, quiet], before: [0.4, 1], row: [0.01, 1], verdict: null },
    { name: "all of them hold", criteria: [ratio, quiet], before: [0.4, 1], row: [0.01, 0], verdict: "recovered" },
    { name: "one gap is enough to be unsure", criteria: [ratio, quiet], before: [0.4, 1], row: [0.01, null], verdict: null },
    {
      name: "one that got worse is enough to be worse",
      criteria: [ratio, count],
      before: [0.4, 20],
      row: [0.3, 40],
      verdict: "worse",
    },
    {
      name: "one that keeps its promise is not worse, however it moved",
      criteria: [ratio, count],
      before: [0.4, 0],
      row: [0.3, 8],
      verdict: null,
    },
    { name: "without a reading before, nothing can be worse", criteria: [ratio], before: [null], row: [0.9], verdict: null },
    { name: "a firing alert is no measure of worse", criteria: [ratio, quiet], before: [0.4, 0], row: [0.4, 1], verdict: null },
    { name: "what should be high gets worse by falling", criteria: [free], before: [4], row: [1], verdict: "worse" },
    { name: "what should be high falls a little", criteria: [free], before: [4], row: [3.5], verdict: null },
    { name: "from zero, one more is noise", criteria: [{ ...count, bound: 0.5 }], before: [0], row: [1], verdict: null },
    { name: "from zero, two more are worse", criteria: [{ ...count, bound: 0.5 }], before: [0], row: [2], verdict: "worse" },
  ])("of several criteria: $name", ({ criteria, before, row, verdict: expected }) => {
    expect(verdict(criteria as Criterion[], before, times(5, row))).toBe(expected);
  });

  it("says recovered only after a whole soak time without a gap or a breach, and always something at the limit", () => {
    const reading = fc.constantFrom(0.01, 0.01, 0.01, 0.4, 0.9, null);
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: limitRows + 4 }), (values) => {
        const said = verdict([ratio], [0.4], rows(...values));
        const tail = values.slice(-(SOAK / STEP + 1));
        const soaked = values.length > SOAK / STEP && tail.every((value) => value === 0.01);
        expect(said === "recovered").toBe(soaked);
        expect(said !== null || values.length < limitRows).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe("criterionHolds", () => {
  it.each([
    { criterion: ratio, value: 0.049, holds: true },
    { criterion: ratio, value: 0.05, holds: false },
    { criterion: ratio, value: null, holds: null },
    { criterion: free, value: 5, holds: false },
    { criterion: free, value: 5.1, holds: true },
    { criterion: quiet, value: 0, holds: true },
    { criterion: quiet, value: 1, holds: false },
    { criterion: quiet, value: null, holds: null },
  ])("$criterion.kind $criterion.signal at $value: $holds", ({ criterion, value, holds }) => {
    expect(criterionHolds(criterion, value)).toBe(holds);
  });
});
