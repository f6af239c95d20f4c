import { describe, expect, it } from "vitest";
import { liveVersion } from "../fakes/world.js";
import { FLAGS_OFF, proposing, RELEASE } from "./analysts.js";
import { createStage, type Stage } from "./driver.js";
import { anAlert, BAD, SICK, WELL, type Health } from "./shop.js";

const WORSE: Health = { errorRatio: 0.95, waiting: 90, firing: true };

describe("carrying out an approved plan", () => {
  it("undoes a step that failed, and calls people", async () => {
    const stage = createStage();
    stage.github.onDispatch("deploy.yml", (request, nth) => ({
      ...stage.github.deployScript(request, nth),
      ...(nth === 1 ? { conclusion: "failure" } : {}),
    }));
    await stage.alert();
    stage.told();
    // The failed run had already put its version live.
    stage.after(5, () => stage.github.deploy("v1.4.1"));
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: failed-undone
        + comment execution
        + run deploy.yml v1.4.1
        + run deploy.yml v1.4.2
      wake #1: woke the mind
      respond #1: Did: note, escalate, page, tell. → escalated (step-failed)
        + comment page
        + comment outcome
        + page step-failed (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: failed-undone; effects: deploy.yml v1.4.1, deploy.yml v1.4.2
      pages: opened, your-approval, step-failed
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("has nothing to undo where a failed step left everything as it was", async () => {
    const stage = createStage();
    stage.github.onDispatch("deploy.yml", (request, nth) => ({
      ...stage.github.deployScript(request, nth),
      conclusion: "failure",
    }));
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: failed-undone; effects: deploy.yml v1.4.1
      pages: opened, your-approval, step-failed
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("undoes what made it worse, and calls people", async () => {
    const stage = createStage({ health: (github) => () => (liveVersion(github) === BAD ? SICK : WORSE) });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: worse-undone; effects: deploy.yml v1.4.1, deploy.yml v1.4.2
      pages: opened, your-approval, worse
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("says that nobody can tell when the readings have gaps", async () => {
    const stage = createStage({
      health: (github) => () => (liveVersion(github) === BAD ? SICK : { errorRatio: null, waiting: null, firing: null }),
    });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.1 live
      executions: unknown; effects: deploy.yml v1.4.1
      pages: opened, your-approval, verification-unknown
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("takes the fallback step only when the first one did not help", async () => {
    const fallback = { ...FLAGS_OFF, when: "if-not-recovered" } as const;
    const both = createStage({
      analyst: proposing([RELEASE, fallback]),
      health: (github) => () => (liveVersion(github, "production-flags") === "off" ? WELL : SICK),
    });
    await both.alert();
    await both.say("alice", "/approve");
    expect(both.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1, flags.yml off
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
    const first = createStage({ analyst: proposing([RELEASE, fallback]) });
    await first.alert();
    await first.say("alice", "/approve");
    expect(first.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
  });

  it("counts an alert that fires again meanwhile, and goes on", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.after(30, () => {
      const again = anAlert({ fingerprint: "other", name: "CheckoutSlow", startedAt: stage.github.now().toISOString() });
      stage.enqueue({ name: "repository_dispatch", payload: { version: 1, monitor: "json", alerts: [again] } });
    });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      open: Told incident #1 (same-service).
        + comment execution
        + comment intake
        + run deploy.yml v1.4.1
      respond #1: Did: take-in, note. → remediating
      remediate #1: recovered
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
      comments: page, plan, execution, intake, outcome"
    `);
    expect(stage.incident().alerts).toHaveLength(2);
  });

  it("finds a deployment whose answer was lost by its key", async () => {
    const stage = createStage();
    const lost = { answerLost: true };
    stage.github.onDispatch("deploy.yml", (request, nth) => ({ ...stage.github.deployScript(request, nth), ...lost }));
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
  });

  it("leaves a dispatch that may have happened to people, and never repeats it", async () => {
    const stage = createStage();
    stage.github.onDispatch("deploy.yml", () => ({ kind: "lost" }));
    await stage.alert();
    await stage.say("alice", "/approve");
    await stage.sweep();
    await stage.wake();
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: ambiguous; effects: none
      pages: opened, your-approval, ambiguous-effect
      comments: page, plan, execution, page, outcome"
    `);
    expect(stage.incident().phase).toMatchObject({ at: "escalated", reason: "ambiguous-effect" });
    expect(deployments(stage)).toBe(1);
  });

  it("touches nothing that has drifted, and makes a new plan from what is there now", async () => {
    const stage = createStage({ health: (github) => () => (liveVersion(github) === "v1.4.1" ? WELL : SICK) });
    await stage.alert();
    stage.told();
    stage.github.deploy("v1.4.3"); // someone else was faster
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: drifted
        + comment execution
      wake #1: woke the mind
      respond #1: Did: note, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment plan
        + page your-approval (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "awaiting-approval, v1.4.3 live
      executions: drifted; effects: none
      pages: opened, your-approval, your-approval
      comments: page, plan, execution, plan"
    `);
    expect(deployments(stage)).toBe(0);
  });
});

function deployments(stage: Stage): number {
  return stage.github.calls.filter(({ port, args }) => port === "dispatcher" && args.includes("deploy.yml")).length;
}
