import { expect, it } from "vitest";
import { alertPayload, resolvedPayload } from "../../../lab/world/alert.js";
import firing from "../../fixtures/alertmanager-live/firing.json" with { type: "json" };
import { fixedClock } from "./support.js";

const clock = fixedClock("2027-01-02T03:04:05.000Z");
const crossed = new Date("2027-01-02T03:03:00.000Z");

it("is the captured body with nothing but its start moved", () => {
  const [alert] = firing.alerts;
  expect(alertPayload(clock, crossed)).toEqual({ ...firing, alerts: [{ ...alert, startsAt: crossed.toISOString() }] });
});

it("starts now when nothing says when the error ratio crossed", () => {
  expect(alertPayload(clock).alerts[0]?.startsAt).toBe("2027-01-02T03:04:05.000Z");
});

it("ends now when it is resolved", () => {
  expect(resolvedPayload(clock, crossed)).toMatchObject({
    status: "resolved",
    alerts: [{ startsAt: crossed.toISOString(), endsAt: "2027-01-02T03:04:05.000Z" }],
  });
});
