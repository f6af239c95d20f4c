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
      hand-over #1: Woke #1.
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
    stage.github.onDispatch(
      "deploy.yml",
      (request, nth) =>
        ({
          ...stage.github.deployScript(request, nth),
          ...({ answerLost: true } as const),
        }) as ReturnType<typeof stage.github.deployScript>,
    );
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

describe("a hold", () => {
  it("keeps an approved plan from starting until a fresh approval", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    await stage.say("tess", "/hold");
    await stage.wake();
    stage.github.say("rita", "what is going on?");
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /hold
      respond #1: Did: answer. → awaiting-approval
      respond #1: Nothing was due. → awaiting-approval
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
      hand-over #1: Woke #1.
      respond #1: Did: file. → closed"
    `);
    expect(stage.end().phase).toBe("closed");
  });

  it("that comes after the approval stops the plan before it starts, and an approval ends it", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.github.say("alice", "/approve");
    await stage.say("tess", "/hold");
    expect(stage.end().effects).toEqual([]);
    await stage.sweep();
    expect(stage.end().effects).toEqual([]);
    await stage.say("amy", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /hold
      respond #1: Did: answer, answer. → approved
      sweep: Nothing is due.
      amy: /approve
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
      hand-over #1: Woke #1.
      respond #1: Did: file. → closed"
    `);
    expect(stage.end().phase).toBe("closed");
  });

  it("that nobody has read yet stops the check", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.beforeCheck(() => void stage.github.say("tess", "/hold")); // its event is lost
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: tess said /hold. go false (held)
      wake #1: woke the mind
      respond #1: Did: answer. → approved"
    `);
    expect(stage.called("reservations.reserve")).toBe(0);
    await stage.say("amy", "/approve");
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it("given while the last step is at work still ends in a call when the step fails", async () => {
    const stage = createStage();
    stage.github.onDispatch("deploy.yml", () => ({ kind: "lost" }));
    await stage.alert();
    stage.after(10, () => {
      stage.github.say("tess", "/hold");
      stage.enqueue({ name: "issue_comment", incident: 1 });
    });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: ambiguous; effects: none
      pages: opened, your-approval, ambiguous-effect
      comments: page, plan, execution, page, outcome"
    `);
  });

  it("given while the last step is at work leaves the end to people when it helped", async () => {
    const stage = createStage();
    await stage.alert();
    stage.after(10, () => {
      stage.github.say("tess", "/hold");
      stage.enqueue({ name: "issue_comment", incident: 1 });
    });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "remediating, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution"
    `);
    await stage.say("will", "/resolve");
    expect(stage.end().phase).toBe("closed");
  });

  it("between two steps stops the second one; a retry plans anew", async () => {
    const stage = createStage({ analyst: proposing([RELEASE, FLAGS_OFF]), health: () => () => SICK });
    await stage.alert();
    stage.told();
    stage.after(10, () => {
      stage.github.say("tess", "/hold wait for me");
      stage.enqueue({ name: "issue_comment", incident: 1 });
    });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      respond #1: Did: note, answer. → remediating
        + comment execution
        + run deploy.yml v1.4.1
      remediate #1: stopped
      wake #1: woke the mind
      respond #1: Did: note, escalate, page, tell. → escalated (stopped)
        + comment page
        + comment outcome
        + page stopped (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.1 live
      executions: stopped; effects: deploy.yml v1.4.1
      pages: opened, your-approval, stopped
      comments: page, plan, execution, page, outcome"
    `);
    expect(liveVersion(stage.github, "production-flags")).toBe("on");
    await stage.say("will", "/retry");
    expect(stage.told()).toMatchInlineSnapshot(`
      "will: /retry
      respond #1: Did: answer, gather, diagnose, gather, diagnose, gather, diagnose, escalate, page, tell. → escalated (unsure)
        + comment page
        + comment outcome
        + page unsure (P1)"
    `);
  });

  it("ends by a retry", async () => {
    const stage = createStage();
    await stage.alert();
    await stage.say("tess", "/hold");
    stage.told();
    await stage.say("will", "/retry");
    expect(stage.told()).toMatchInlineSnapshot(`
      "will: /retry
      respond #1: Did: answer, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment plan
        + page your-approval (P1)"
    `);
    expect(stage.incident().held).toBe(false);
  });
});

describe("calling for help", () => {
  it("leaves a plan that waits open to approval", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    await stage.say("tess", "/escalate I do not know this service");
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /escalate I do not know this service
      respond #1: Did: answer, page, tell. → escalated (asked-for)
        + comment page
        + comment outcome
        + page asked-for (P1)
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
      hand-over #1: Woke #1.
      respond #1: Did: file. → closed"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval, asked-for
      comments: page, plan, page, outcome, execution, outcome"
    `);
  });

  it("while the hands work calls people and lets the execution end", async () => {
    const stage = createStage();
    await stage.alert();
    stage.after(10, () => {
      stage.github.say("tess", "/escalate");
      stage.enqueue({ name: "issue_comment", incident: 1 });
    });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval, asked-for
      comments: page, plan, execution, page, outcome"
    `);
  });
});

function deployments(stage: Stage): number {
  return stage.github.calls.filter(({ port, args }) => port === "dispatcher" && args.includes("deploy.yml")).length;
}
