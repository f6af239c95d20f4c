import { expect, it } from "vitest";
import { countIncident } from "../../../bench/eval/analyst/cost.js";
import { MAX_OBSERVATIONS, type Observation } from "../../../src/incident/facts.js";
import { fold } from "../../../src/incident/fold.js";
import { redact } from "../../../src/outside/redact.js";
import { anAlert, ONSET } from "../../evidence/support/world.js";
import { aLog } from "../support/observed.js";
import { poolInput } from "./support/incident.js";
import { OFFLINE, RUNBOOKS } from "./support/desk.js";

const incident = fold(1, [{ fact: "opened", at: ONSET, key: "k", alerts: [anAlert()], reportedBy: null }]);

it("keeps a typical incident far below 60,000 input tokens and 0.05 USD", async () => {
  const count = await countIncident({ input: poolInput(), incident, runbooks: RUNBOOKS, offline: OFFLINE });
  expect(count.calls).toBe(5);
  expect(count.cautiousInputTokens).toBeLessThan(60_000);
  expect(count.usd).toBeLessThan(0.05);
  expect([...count.stableParts.keys()]).toEqual(["triage", "ask-more", "diagnose", "propose", "narrate"]);
});

it("keeps the most evidence that an attempt can hold within the same bounds", async () => {
  const line = "connection reset while reading 0123456789abcdef from a peer ".repeat(4);
  const observations = Array.from({ length: MAX_OBSERVATIONS }, (_, index): Observation => {
    const id: Observation["id"] = `E${index + 1}`;
    return { ...aLog(id, line), summary: redact(`${index} ${line}`, 200) };
  });
  const alerts = Array.from({ length: 20 }, () => anAlert({ summary: redact(line) }));
  const input = poolInput({ observations, alerts: alerts as unknown as ReturnType<typeof poolInput>["alerts"] });
  const count = await countIncident({ input, incident, runbooks: RUNBOOKS, offline: OFFLINE });
  expect(count.cautiousInputTokens).toBeLessThan(60_000);
  expect(count.usd).toBeLessThan(0.05);
});
