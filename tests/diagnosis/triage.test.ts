import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { triageByMeasurement } from "../../src/diagnosis/triage.js";
import { SEVERITIES } from "../../src/words.js";
import { anAlert, aService } from "../evidence/support/world.js";

const ordinary = aService({ core: false });

describe("severity by measurement", () => {
  it.each([
    { errorRatio: 1, core: false, severity: "P0" },
    { errorRatio: 0.9, core: false, severity: "P0" },
    { errorRatio: 0.899, core: false, severity: "P1" },
    { errorRatio: 0.201, core: false, severity: "P1" },
    { errorRatio: 0.2, core: false, severity: "P2" },
    { errorRatio: 0.2, core: true, severity: "P1" },
    { errorRatio: 0.021, core: false, severity: "P2" },
    { errorRatio: 0.02, core: false, severity: "P3" },
    { errorRatio: 0.02, core: true, severity: "P3" },
    { errorRatio: 0, core: true, severity: "P3" },
  ])("$errorRatio of a service with core: $core is $severity", ({ errorRatio, core, severity }) => {
    const triage = triageByMeasurement({ alerts: [anAlert({ severity: "P0" })], service: aService({ core }), errorRatio });
    expect(triage).toMatchObject({ severity, errorRatio, services: ["checkout"] });
  });

  it("says what was measured", () => {
    expect(triageByMeasurement({ alerts: [anAlert()], service: aService(), errorRatio: 0.1234 }).why).toBe(
      "12.3 % of requests fail of a core service, measured now",
    );
  });

  it("never falls when more requests fail", () => {
    const rank = (errorRatio: number): number =>
      SEVERITIES.indexOf(triageByMeasurement({ alerts: [anAlert()], service: ordinary, errorRatio }).severity);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        expect(rank(Math.max(a, b))).toBeLessThanOrEqual(rank(Math.min(a, b)));
      }),
    );
  });
});

describe("severity without a measurement", () => {
  it.each([
    { name: "the monitor's own", alerts: [anAlert({ severity: "P1" })], severity: "P1" },
    { name: "the most urgent of several", alerts: [anAlert({ severity: "P3" }), anAlert({ severity: "P0" })], severity: "P0" },
    {
      name: "not that of an alert that is over",
      alerts: [anAlert({ severity: "P3" }), anAlert({ severity: "P0", state: "resolved" })],
      severity: "P3",
    },
    { name: "P2 when the monitor has no word for it", alerts: [anAlert({ severity: null })], severity: "P2" },
  ])("is $name", ({ alerts, severity }) => {
    const [first = anAlert(), ...rest] = alerts;
    expect(triageByMeasurement({ alerts: [first, ...rest], service: null, errorRatio: null })).toMatchObject({
      severity,
      services: [],
      errorRatio: null,
    });
  });

  it("takes a value that is no number for no measurement", () => {
    expect(
      triageByMeasurement({ alerts: [anAlert({ severity: "P2" })], service: ordinary, errorRatio: Number.NaN }),
    ).toMatchObject({ severity: "P2", errorRatio: null });
  });
});
