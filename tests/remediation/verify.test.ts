import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.js";
import { fold } from "../../src/incident/fold.js";
import type { Plan } from "../../src/plan/plan.js";
import { firstReadings, readCriteria, verify } from "../../src/remediation/verify.js";
import { createFakeClock } from "../fakes/fake-clock.js";
import { createFakeSignals, type FakeSignals } from "../fakes/world.js";
import * as sample from "../render/sample.js";

const incident = fold(42, sample.waiting());
const plan = sample.plan();
const MINUTE = 60_000;

async function watch(signals: FakeSignals, of: Plan = plan, config: Config = sample.config) {
  const clock = createFakeClock(sample.at("03:20:00"));
  const before = firstReadings(of, {
    at: clock.now(),
    values: [0.37, 38, 1],
    holds: [false, false, false],
  });
  const result = await verify(of, before, { incident, config }, { clock, signals });
  return { ...result, tookMs: clock.now().getTime() - sample.at("03:20:00").getTime() };
}

describe("readCriteria", () => {
  it("reads each criterion once; a firing alert is 1, a silent one 0", async () => {
    const signals = createFakeSignals({ "error-ratio": 0.01, "pool-waiting": 3 });
    const clock = createFakeClock(sample.at("03:20:00"));
    expect(await readCriteria(plan, incident, sample.config, { clock, signals })).toMatchObject({
      values: [0.01, 3, 1],
      holds: [true, false, false],
    });
    signals.firing = false;
    expect(await readCriteria(plan, incident, sample.config, { clock, signals })).toMatchObject({ values: [0.01, 3, 0] });
  });

  it.each([
    { name: "a signal that nothing answers for", signals: createFakeSignals({ "pool-waiting": 0 }), values: [null, 0, 1] },
    {
      name: "an alert that nobody can tell of",
      signals: Object.assign(createFakeSignals({ "error-ratio": 0, "pool-waiting": 0 }), { firing: null }),
      values: [0, 0, null],
    },
  ])("takes $name for a gap, never for zero", async ({ signals, values }) => {
    const clock = createFakeClock(sample.at("03:20:00"));
    expect(await readCriteria(plan, incident, sample.config, { clock, signals })).toMatchObject({ values });
  });

  it("takes a service that the config no longer has for a gap", async () => {
    const clock = createFakeClock(sample.at("03:20:00"));
    const signals = createFakeSignals({ "error-ratio": 0 });
    const gone = { ...sample.config, services: new Map() };
    expect(await readCriteria(plan, incident, gone, { clock, signals })).toMatchObject({ values: [null, null, 1] });
  });
});

describe("verify", () => {
  it("watches a whole soak time before it says recovered, and tells before and after", async () => {
    const signals = Object.assign(createFakeSignals({ "error-ratio": 0.002, "pool-waiting": 0 }), { firing: false });
    const { verdict, readings, tookMs } = await watch(signals);
    expect(verdict).toBe("recovered");
    expect(tookMs).toBe(plan.verify.soakMs);
    expect(readings).toEqual(sample.readings([0.002, 0, 0]));
  });

  it("says unchanged at four soak times", async () => {
    const { verdict, tookMs } = await watch(createFakeSignals({ "error-ratio": 0.37, "pool-waiting": 38 }));
    expect({ verdict, tookMs }).toEqual({ verdict: "unchanged", tookMs: 4 * plan.verify.soakMs });
  });

  it("says worse as soon as it has been worse for a soak time", async () => {
    const { verdict, tookMs } = await watch(createFakeSignals({ "error-ratio": 0.6, "pool-waiting": 38 }));
    expect({ verdict, tookMs }).toEqual({ verdict: "worse", tookMs: plan.verify.soakMs });
  });

  it("says unknown when every source is down", async () => {
    const { verdict, readings } = await watch(Object.assign(createFakeSignals(), { firing: null }));
    expect(verdict).toBe("unknown");
    expect(readings.map(({ last, holds }) => [last, holds])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it("begins the soak time anew after a relapse", async () => {
    let asked = 0;
    const flapping = (): number => ((asked += 1) === 4 ? 0.4 : 0.002);
    const signals = Object.assign(createFakeSignals({ "error-ratio": flapping, "pool-waiting": 0 }), { firing: false });
    const { verdict, tookMs } = await watch(signals);
    expect(verdict).toBe("recovered");
    expect(tookMs).toBe(4 * plan.verify.stepMs + plan.verify.soakMs);
    expect(tookMs).toBeLessThan(3 * MINUTE + 1);
  });
});
