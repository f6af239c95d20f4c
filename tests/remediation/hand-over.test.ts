import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { handOver } from "../../src/remediation/hand-over.js";
import { BOT } from "../fakes/world.js";
import { mindFacts } from "../incident/support.js";
import * as sample from "../render/sample.js";
import { openApproved, type Approved } from "./support.js";

const newborn = encodeIntakeBlock({ key: "k9", alerts: [sample.alert], reportedBy: null });
const escalated: MindFact = { fact: "escalated", at: sample.at("03:20:00"), reason: "rejected", detail: sample.outside("") };
const run = (stage: Approved, incident = stage.incident) =>
  handOver({ incident, repository: "acme/shop", config: stage.config }, stage.github.ports);
const started = (stage: Approved) =>
  stage.github.state.runs.filter(({ workflow }) => workflow !== "deploy.yml").map(({ workflow, inputs }) => [workflow, inputs]);

describe("hand-over", () => {
  it("starts the gated run of an approved plan, for the plan's own environment", async () => {
    const stage = openApproved();
    expect(await run(stage)).toEqual({ kind: "opened-gate", digest: stage.digest });
    expect(started(stage)).toEqual([
      ["remediate.yml", { incident: String(stage.incident), plan: stage.digest, environment: "production-gate" }],
    ]);
  });

  it("starts nothing while a run of this plan is unfinished, and another one when it has ended", async () => {
    const stage = openApproved();
    await run(stage);
    const first = stage.github.state.runs[0];
    expect(await run(stage)).toEqual({ kind: "already-running", run: first?.id });
    expect(started(stage)).toHaveLength(1);
    stage.github.endRun(first?.id ?? 0, "failure");
    expect(await run(stage)).toMatchObject({ kind: "opened-gate" });
  });

  it("is not held up by a run of another plan", async () => {
    const stage = openApproved();
    stage.github.startRun("remediate.yml", `Remediate #1 plan ${"b".repeat(64)}`);
    expect(await run(stage)).toMatchObject({ kind: "opened-gate" });
  });

  it.each([
    { name: "a plan that waits", facts: (stage: Approved) => stage.facts().slice(0, -1) },
    { name: "an escalated incident", facts: (stage: Approved) => [...stage.facts().slice(0, -1), escalated] },
  ])("starts nothing for $name", async ({ facts }) => {
    const stage = openApproved();
    stage.write(facts(stage));
    expect(await run(stage)).toEqual({ kind: "woke", incidents: [] });
    expect(started(stage)).toEqual([]);
  });

  it("starts nothing on the word of a journal that is not valid", async () => {
    const stage = openApproved();
    stage.github.changeIssue(stage.incident, { body: `${stage.github.issue().body}${stage.github.issue().body}` }, "mallory");
    expect(await run(stage)).toEqual({ kind: "woke", incidents: [] });
  });

  it("wakes a resolved incident, and newborns that have no run of their own", async () => {
    const stage = openApproved();
    stage.write(mindFacts(sample.recovered()));
    const { number } = stage.github.openIssue(BOT.login, { title: "x", body: newborn, labels: ["incident"] });
    stage.github.openIssue("mallory", { title: "x", body: newborn, labels: ["incident"] });
    expect(await run(stage)).toEqual({ kind: "woke", incidents: [stage.incident, number] });
    expect(started(stage).map(([workflow]) => workflow)).toEqual(["incident.yml", "incident.yml"]);
  });
});
