import { describe, expect, it } from "vitest";
import { LAST_RESERVATION } from "../../src/remediation/reservation.js";
import { liveVersion } from "../fakes/world.js";
import { FLAGS_OFF, proposing, RELEASE } from "./analysts.js";
import { createStage } from "./driver.js";
import { BAD, SICK } from "./shop.js";

describe("a hold", () => {
  it("keeps an approved plan from starting until a fresh approval", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    await stage.say("tess", "/hold");
    await stage.wake();
    expect(stage.incident().held).toBe(true);
    await stage.say("alice", "/approve");
    expect(stage.incident().held).toBe(false);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it("that comes after the approval stops the plan before it starts, and an approval ends it", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.github.say("alice", "/approve");
    await stage.say("tess", "/hold");
    expect(stage.end().effects).toEqual([]);
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "tess: /hold
      respond #1: Did: answer, answer. → approved
      sweep: Woke #1.
      respond #1: Nothing was due. → approved"
    `);
    expect(stage.end().effects).toEqual([]);
    await stage.say("amy", "/approve");
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
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

  it.each([
    { command: "/resolve done by hand", phase: "closed" },
    { command: "/retry", phase: "awaiting-approval" },
    { command: "/reject no", phase: "escalated" },
  ])("that stopped the check leaves people free to go on: $command → $phase", async ({ command, phase }) => {
    const stage = createStage();
    await stage.alert();
    stage.beforeCheck(() => void stage.github.say("tess", "/hold"));
    await stage.say("alice", "/approve");
    expect(stage.incident()).toMatchObject({ held: true, phase: { at: "approved" } });
    await stage.say("will", command);
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase, effects: [] });
    expect(stage.reserved()).toEqual([LAST_RESERVATION]); // the approved plan cannot come back
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

  it.each(["/reject stop, it got worse", "/hold"])(
    "%s, given while it gets worse, does not keep it from being undone",
    async (said) => {
      const worse = { errorRatio: 0.95, waiting: 90, firing: true };
      const stage = createStage({ health: (github) => () => (liveVersion(github) === BAD ? SICK : worse) });
      await stage.alert();
      stage.after(45, () => {
        stage.github.say("tess", said);
        stage.enqueue({ name: "issue_comment", incident: 1 });
      });
      await stage.say("alice", "/approve");
      expect(stage.end()).toMatchObject({
        phase: "escalated",
        outcomes: ["worse-undone"],
        effects: ["deploy.yml v1.4.1", "deploy.yml v1.4.2"],
        live: BAD,
      });
      expect(stage.end().pages.at(-1)).toBe("worse");
    },
  );

  it("given while the last step is at work does not keep a recovery from being concluded", async () => {
    const stage = createStage();
    await stage.alert();
    stage.after(10, () => {
      stage.github.say("tess", "/hold");
      stage.enqueue({ name: "issue_comment", incident: 1 });
    });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
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
