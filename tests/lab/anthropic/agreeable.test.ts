import { expect, it } from "vitest";
import { agree } from "../../../lab/anthropic/agreeable.js";
import type { AskMore } from "../../../src/diagnosis/claude/settings.js";
import { narrateFromFacts } from "../../../src/diagnosis/narrate.js";
import { fold } from "../../../src/incident/fold.js";
import { anAlert, aService, ONSET } from "../../evidence/support/world.js";
import { poolInput, poolProposal } from "../../diagnosis/claude/support/incident.js";
import { OFFLINE, openSession } from "../../diagnosis/claude/support/desk.js";

it("answers every task of the analyst, and says nothing that the fixed rules did not", async () => {
  const more: AskMore = { sources: ["github"], look: () => Promise.resolve({ kind: "silent" }) };
  const { analyst, api, notes } = await openSession((body) => agree(body), { more });
  const alerts = [anAlert()] as const;
  const incident = fold(1, [{ fact: "opened", at: ONSET, key: "k", alerts: [anAlert()], reportedBy: null }]);
  await analyst.triage({ alerts, service: aService(), errorRatio: null });
  const [found, offline] = [await analyst.diagnose(poolInput()), await OFFLINE.diagnose(poolInput())];
  const runbooks = (of: typeof found) => (of.kind === "cause" ? of.hypotheses.map(({ runbook }) => runbook).slice(0, 2) : []);
  expect(runbooks(found)).toEqual(runbooks(offline));
  expect(await analyst.propose(poolProposal())).not.toBeNull();
  expect(await analyst.narrate(incident)).not.toEqual(narrateFromFacts(incident));
  expect(api.received.flatMap(({ problems }) => problems)).toEqual([]);
  expect(notes.map(({ task, what }) => `${task} ${what}`)).toEqual(
    ["triage", "ask-more", "diagnose", "propose", "narrate"].map((task) => `${task} answered`),
  );
});
