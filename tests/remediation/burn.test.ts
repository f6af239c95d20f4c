import { describe, expect, it } from "vitest";
import type { Fact, MindFact } from "../../src/incident/facts.js";
import { fold } from "../../src/incident/fold.js";
import { digestOf } from "../../src/plan/digest.js";
import { unburnedPlans } from "../../src/remediation/burn.js";
import { check } from "../../src/remediation/check.js";
import { handOver } from "../../src/remediation/hand-over.js";
import { LAST_RESERVATION } from "../../src/remediation/reservation.js";
import { mindFacts } from "../incident/support.js";
import * as sample from "../render/sample.js";
import { openApproved, RUN, type Approved } from "./support.js";

const at = sample.at("03:20:00");
const digest = digestOf(sample.plan());
const rejected: MindFact = { fact: "escalated", at, reason: "rejected", detail: sample.outside("") };
const burned: MindFact = { fact: "burned", at, digest };

describe("unburnedPlans", () => {
  it.each<{ name: string; facts: readonly Fact[]; unburned: boolean }>([
    { name: "was approved and then rejected", facts: [...sample.approved(), rejected], unburned: true },
    { name: "was approved when the incident was closed", facts: mindFacts(sample.filed()), unburned: true },
    { name: "was carried out", facts: sample.filed(), unburned: false },
    { name: "was approved", facts: sample.approved(), unburned: false },
    { name: "was rejected before anybody approved it", facts: [...sample.waiting(), rejected], unburned: false },
    { name: "is used up", facts: [...sample.approved(), rejected, burned], unburned: false },
    {
      name: "was begun: its record speaks for it",
      facts: [...sample.approved(), ...sample.started(), rejected],
      unburned: false,
    },
  ])("a plan that $name: $unburned", ({ facts, unburned }) => {
    expect(unburnedPlans(fold(42, facts)).map((plan) => plan.digest)).toEqual(unburned ? [digest] : []);
  });
});

function reject(stage: Approved): void {
  stage.write([...stage.facts(), rejected]);
}
const tags = ({ github }: Approved) =>
  [...github.state.tags].map(([name, { message }]) => [Number(name.split("/").at(-1)), message]);

describe("a dead plan that was approved", () => {
  it("is reserved for good by the check of a run that does nothing with it, once", async () => {
    const stage = openApproved();
    reject(stage);
    for (const runId of [RUN, RUN + 1])
      expect(await check(stage.checkRequest({ runId }), stage.checkPorts())).toMatchObject({
        kind: "refused",
        reason: "plan-dead",
      });
    expect(tags(stage)).toEqual([[LAST_RESERVATION, String(RUN)]]);
  });

  it.each([
    { died: false, ends: "success" },
    { died: false, ends: "failure" },
    { died: true, ends: "success" },
    { died: true, ends: "failure" },
  ])(
    "cannot be started any more, though an old body is put back: a run died before: $died, the burning one: $ends",
    async (runs) => {
      const stage = openApproved();
      const dead = stage.github.startRun("remediate.yml", `plan ${stage.digest}`);
      if (runs.died) stage.reserve(1, dead.id);
      stage.github.endRun(dead.id, "failure");
      const before = stage.github.issue(stage.incident).body;
      reject(stage);
      const burning = stage.github.startRun("remediate.yml", `plan ${stage.digest}`);
      await check(stage.checkRequest({ runId: burning.id }), stage.checkPorts());
      stage.github.endRun(burning.id, runs.ends);
      stage.github.changeIssue(stage.incident, { body: before }, "will");
      expect(await check(stage.checkRequest({ runId: RUN + 1 }), stage.checkPorts())).toMatchObject({ kind: "refused" });
      expect(tags(stage).at(-1)).toEqual([LAST_RESERVATION, String(burning.id)]);
    },
  );

  it("of another incident's digest is not reserved", async () => {
    const stage = openApproved();
    reject(stage);
    await check(stage.checkRequest({ digest: "b".repeat(64) }), stage.checkPorts());
    expect(tags(stage)).toEqual([]);
  });

  it("gets its gated run from the hand-over, as long as it is not used up", async () => {
    const stage = openApproved();
    reject(stage);
    const request = { incident: stage.incident, repository: "acme/shop", config: stage.config };
    expect(await handOver(request, stage.github.ports)).toEqual({ kind: "opened-gate", digest: stage.digest });
    const [run] = stage.github.state.runs.filter(({ workflow }) => workflow === "remediate.yml");
    expect(run?.inputs).toEqual({ incident: String(stage.incident), plan: stage.digest, environment: "production-gate" });
    expect(await handOver(request, stage.github.ports)).toMatchObject({ kind: "already-running" });
    stage.github.endRun(run?.id ?? 0);
    stage.write([...stage.facts(), { ...burned, digest: stage.digest }]);
    expect(await handOver(request, stage.github.ports)).toEqual({ kind: "woke", incidents: [] });
  });
});

it("the hand-over starts no more than eight runs of one plan, however they end", async () => {
  const stage = openApproved();
  const request = { incident: stage.incident, repository: "acme/shop", config: stage.config };
  for (let count = 0; count < 8; count += 1) {
    expect(await handOver(request, stage.github.ports)).toMatchObject({ kind: "opened-gate" });
    stage.github.endRun(stage.github.state.runs.at(-1)?.id ?? 0, "failure");
  }
  expect(await handOver(request, stage.github.ports)).toMatchObject({ kind: "already-running" });
});
