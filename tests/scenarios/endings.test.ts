import { describe, expect, it } from "vitest";
import { createStage } from "./driver.js";
import { anAlert, WELL } from "./shop.js";

describe("how an incident ends", () => {
  it("is approved and fixed", async () => {
    const stage = createStage();
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
      remediate #1: recovered
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
    expect(stage.github.issue().state).toBe("closed");
    expect([...stage.github.state.files.keys()]).toContain("postmortems/2026/1-checkout-connection-pool-exhausted.md");
  });

  it("is rejected: nothing runs, a later approval is refused, and a person ends it", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    await stage.say("tess", "/reject it is the database");
    await stage.say("alice", `/approve ${stage.digest().slice(0, 8)}`);
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /reject it is the database
      respond #1: Did: answer, page, tell. → escalated (rejected)
        + comment page
        + comment outcome
        + page rejected (P1)
      alice: /approve <digest>
      respond #1: Did: answer. → escalated (rejected)
        + comment refusal
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (rejected)"
    `);
    await stage.say("will", "/resolve restarted the database by hand");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, rejected
      comments: page, plan, page, outcome, refusal, outcome"
    `);
    expect(stage.called("reservations.reserve")).toBe(0);
  });

  it("gets no answer in time, and an approval that comes later buys nothing", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.pass(14);
    await stage.sweep();
    stage.pass(1);
    await stage.sweep();
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 14 min …
      sweep: Woke #1.
      respond #1: Nothing was due. → awaiting-approval
      … 1 min …
      sweep: Woke #1.
      respond #1: Did: escalate, page, tell. → escalated (no-answer)
        + comment page
        + comment outcome
        + page no-answer (P1)
      alice: /approve
      respond #1: Did: answer. → escalated (no-answer)
        + comment refusal"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, no-answer
      comments: page, plan, page, outcome, refusal"
    `);
    expect(stage.called("reservations.reserve")).toBe(0);
  });

  it("was no incident: everything measured is healthy, nobody is called and nothing is planned", async () => {
    const stage = createStage({ health: () => () => WELL, sources: (usual) => ({ ...usual, loki: () => [] }) });
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: Did: triage, gather, diagnose, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-no-incident.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.2 live
      executions: none; effects: none
      pages: none
      comments: outcome"
    `);
    expect(stage.incident().plans).toEqual([]);
  });

  it("recovers by itself when the monitor says so and measuring agrees", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.setHealth(() => WELL);
    await stage.alert(anAlert({ state: "resolved", endedAt: stage.github.now().toISOString() }));
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Told incident #1 (same-fingerprint).
        + comment intake
      respond #1: Did: take-in, check-recovery, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval
      comments: page, plan, intake, outcome"
    `);
  });

  it("is not over because the monitor says so while the metrics are bad", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    await stage.alert(anAlert({ state: "resolved", endedAt: stage.github.now().toISOString() }));
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Told incident #1 (same-fingerprint).
        + comment intake
      respond #1: Did: take-in, check-recovery. → awaiting-approval"
    `);
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, intake, execution, outcome"
    `);
  });

  it("is not over because the monitor says so while nothing can be measured", async () => {
    const stage = createStage();
    await stage.alert();
    stage.setHealth(() => ({ errorRatio: null, waiting: null, firing: null }));
    await stage.alert(anAlert({ state: "resolved", endedAt: stage.github.now().toISOString() }));
    expect(stage.ended()).toMatchInlineSnapshot(`
      "awaiting-approval, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval
      comments: page, plan, intake"
    `);
  });
});
