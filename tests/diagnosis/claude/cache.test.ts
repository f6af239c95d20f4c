import { describe, expect, it } from "vitest";
import { message } from "../../../lab/anthropic/replies.js";
import type { MessagesBody } from "../../../lab/anthropic/body.js";
import { diagnoseSystem } from "../../../src/diagnosis/claude/prompts/diagnose.js";
import { MIN_CACHED_CHARACTERS } from "../../../src/diagnosis/claude/sdk.js";
import { redact } from "../../../src/outside/redact.js";
import { anAlert, aService, ONSET } from "../../evidence/support/world.js";
import { aLog } from "../support/observed.js";
import { CAUSE_ANSWER, poolInput } from "./support/incident.js";
import { openSession, RUNBOOKS } from "./support/desk.js";

/** What the API hashes up to the mark: everything of the request that comes before the messages, and what shapes the answer. */
function prefixOf(body: MessagesBody | null): string {
  const { model, system, thinking, output_config } = body ?? {};
  return JSON.stringify({ model, system, thinking, output_config });
}

const other = poolInput({
  service: aService({ name: "basket", core: false, dependsOn: [] }),
  alerts: [anAlert({ summary: redact("Baskets are empty"), labels: { team: redact("baskets") } })],
  onset: new Date(ONSET.getTime() + 86_400_000),
  observations: [aLog("E1", "basket not found")],
  hints: [redact("look at the basket")],
  attempt: 3,
});

describe("the cached prefix", () => {
  it("is the same byte for byte in every call of an incident, its repair included, and in other incidents", async () => {
    const first = await openSession([message("prose"), message(CAUSE_ANSWER)]);
    await first.analyst.diagnose(poolInput());
    await first.analyst.diagnose(poolInput({ attempt: 2, observations: [aLog("E1", "later")] }));
    const second = await openSession([message(CAUSE_ANSWER)], { runbooks: RUNBOOKS.toReversed() });
    await second.analyst.diagnose(other);
    const prefixes = [...first.api.received, ...second.api.received].map(({ body }) => prefixOf(body));
    expect(prefixes).toHaveLength(4);
    expect(new Set(prefixes).size).toBe(1);
  });

  it("ends with the mark, is long enough to be kept, and holds nothing of an incident", async () => {
    const { analyst, api } = await openSession([message(CAUSE_ANSWER)]);
    await analyst.diagnose(poolInput());
    const { system } = api.received[0]?.body ?? {};
    expect(system).toEqual([{ type: "text", text: diagnoseSystem(RUNBOOKS), cache_control: { type: "ephemeral" } }]);
    expect(diagnoseSystem(RUNBOOKS).length).toBeGreaterThan(MIN_CACHED_CHARACTERS);
    expect(diagnoseSystem(RUNBOOKS)).not.toMatch(/checkout|basket|E1\b/);
  });

  it("is not marked where it is too short to be kept", async () => {
    const { analyst, api } = await openSession([message({ shows: "degraded", alerts: [], severity: "P2" })]);
    await analyst.triage({ alerts: other.alerts, service: other.service, errorRatio: null });
    expect(JSON.stringify(api.received[0]?.body)).not.toContain("cache_control");
  });
});
