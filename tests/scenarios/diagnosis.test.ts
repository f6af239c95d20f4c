import { describe, expect, it } from "vitest";
import { SourceUnavailableError } from "../../src/evidence/unavailable.js";
import { createStage, type Stage } from "./driver.js";
import { anAlert, SICK, type Script } from "./shop.js";

/** How far back each look of a source went, in minutes before the onset. */
function windowsAsked(stage: Stage): readonly string[] {
  return (stage.asked["loki"] ?? []).map(({ onset, logs, changes }) => {
    const minutes = (from: Date): number => (onset.getTime() - from.getTime()) / 60_000;
    return `logs ${minutes(logs.from)} min, changes ${minutes(changes.from) / 60} h`;
  });
}

describe("finding the cause", () => {
  it("looks three times with doubled windows, then goes to people without a plan", async () => {
    const stage = createStage({ sources: (usual) => ({ ...usual, loki: () => [], github: () => [] }) });
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: Did: triage, page, gather, diagnose, gather, diagnose, gather, diagnose, escalate, page, tell. → escalated (unsure)
        + comment page
        + comment page
        + comment outcome
        + page opened (P1)
        + page unsure (P1)"
    `);
    expect(windowsAsked(stage)).toEqual(["logs 30 min, changes 24 h", "logs 60 min, changes 48 h", "logs 120 min, changes 96 h"]);
    expect(stage.incident().plans).toEqual([]);
  });

  it("looks again from the first window when a person gives a hint", async () => {
    let isLogged = false;
    const later =
      (script: Script): Script =>
      (request) =>
        isLogged ? script(request) : [];
    const stage = createStage({ sources: (usual) => ({ ...usual, loki: later(usual.loki), github: later(usual.github) }) });
    await stage.alert();
    stage.told();
    isLogged = true;
    await stage.say("will", "/retry look at the connection pool");
    expect(stage.told()).toMatchInlineSnapshot(`
      "will: /retry look at the connection pool
      respond #1: Did: answer, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment plan
        + page your-approval (P1)"
    `);
    expect(windowsAsked(stage).slice(3)).toEqual(["logs 30 min, changes 24 h"]);
    expect(stage.incident().hints).toEqual(["look at the connection pool"]);
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, unsure, your-approval
      comments: page, page, outcome, plan, execution, outcome"
    `);
  });

  it("says which sources are down, caps its confidence and leaves it to people", async () => {
    const down = new SourceUnavailableError("It cannot be reached.", false);
    const stage = createStage({ sources: () => ({ prometheus: down, loki: down, github: down }) });
    await stage.alert();
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, unsure
      comments: page, page, outcome"
    `);
    expect(stage.github.issue().body).toMatch(/loki[^\n]*cannot be reached/i);
    expect(stage.incident().phase).toMatchObject({ at: "escalated", reason: "unsure" });
  });

  it("goes to the next diagnosis when the plan changed nothing, and does not propose the same move again", async () => {
    const stage = createStage({ health: () => () => SICK });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: Did: triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)
      alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: unchanged
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note, gather, diagnose, gather, diagnose, escalate, page, tell. → escalated (unsure)
        + comment page
        + comment outcome
        + page unsure (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.1 live
      executions: unchanged; effects: deploy.yml v1.4.1
      pages: opened, your-approval, unsure
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("carries out a person's plan through the same guard and gate", async () => {
    const stage = createStage({ sources: (usual) => ({ ...usual, loki: () => [], github: () => [] }) });
    await stage.alert();
    stage.told();
    await stage.say("tess", "/plan github.workflow release to=v1.4.1");
    await stage.say("will", "/plan github.workflow release to=v0.0.1");
    await stage.say("will", "/plan kubernetes.rollback release");
    await stage.say("will", "/plan github.workflow ledger to=previous");
    await stage.say("will", "/plan github.workflow release to=v1.4.1");
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /plan github.workflow release to=v1.4.1
      respond #1: Did: answer. → escalated (unsure)
        + comment refusal
      will: /plan github.workflow release to=v0.0.1
      respond #1: Did: answer. → escalated (unsure)
        + comment refusal
      will: /plan kubernetes.rollback release
      respond #1: Did: answer. → escalated (unsure)
        + comment refusal
      will: /plan github.workflow ledger to=previous
      respond #1: Did: answer. → escalated (unsure)
        + comment refusal
      will: /plan github.workflow release to=v1.4.1
      respond #1: Did: answer, ask, page. → awaiting-approval
        + comment plan
        + page your-approval (P1)"
    `);
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, unsure, your-approval
      comments: page, page, outcome, refusal, refusal, refusal, refusal, plan, execution, outcome"
    `);
    expect(stage.incident().plans.map(({ proposedBy }) => proposedBy)).toEqual(["will"]);
  });

  it("leaves an alert of an unknown service to people", async () => {
    const stage = createStage();
    await stage.alert(anAlert({ service: "billing", fingerprint: "b1" }));
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: Did: triage, page, escalate, page, tell. → escalated (unknown-service)
        + comment page
        + comment page
        + comment outcome
        + page opened (P1)
        + page unknown-service (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, unknown-service
      comments: page, page, outcome"
    `);
    expect(stage.called("sources.observe")).toBe(0);
  });
});
