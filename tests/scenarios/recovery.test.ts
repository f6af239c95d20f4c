import { describe, expect, it } from "vitest";
import { createStage, type Stage } from "./driver.js";
import { anAlert, SICK, WELL } from "./shop.js";

/** The monitor says that it is over while 3 % of the requests still fail. */
async function sayResolved(stage: Stage): Promise<void> {
  stage.setHealth(() => ({ ...SICK, errorRatio: 0.03, firing: false }));
  await stage.alert(anAlert({ state: "resolved", endedAt: stage.github.now().toISOString() }));
}

describe("the monitor says that it is over", () => {
  it("and it is so only minutes later: that is measured again, and the plan is not carried out", async () => {
    const stage = createStage();
    await stage.alert();
    stage.pass(2);
    await sayResolved(stage);
    expect(stage.end().phase).toBe("awaiting-approval");
    stage.told();
    stage.setHealth(() => WELL);
    stage.pass(5);
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 5 min …
      sweep: Woke #1.
      respond #1: Did: check-recovery, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.end()).toMatchObject({ phase: "closed", outcomes: [], effects: [] });
  });

  it("and it stays ill: it is measured once a wake-up, and the plan goes on waiting", async () => {
    const stage = createStage();
    await stage.alert();
    stage.pass(2);
    await sayResolved(stage);
    stage.told();
    for (const minutes of [2, 2]) {
      stage.pass(minutes);
      await stage.sweep();
    }
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 2 min …
      sweep: Woke #1.
      respond #1: Did: check-recovery. → awaiting-approval
      … 2 min …
      sweep: Woke #1.
      respond #1: Did: check-recovery. → awaiting-approval"
    `);
    await stage.say("alice", "/approve");
    expect(stage.end().effects).toEqual(["deploy.yml v1.4.1"]);
  });
});

describe("an approved plan finds all well before its first move", () => {
  it("then nothing is touched, and it recovered by itself", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.beforeCheck(() => stage.setHealth(() => WELL));
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      remediate #1: recovered
        + comment execution
      wake #1: woke the mind
      respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.2 live
      executions: recovered; effects: none
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
    expect(stage.incident().facts).toContainEqual(expect.objectContaining({ fact: "resolved", how: "recovered-by-itself" }));
  });

  it("but only for a moment: then it is carried out", async () => {
    const stage = createStage();
    await stage.alert();
    const follows = stage.health();
    stage.beforeCheck(() => {
      stage.setHealth(() => WELL);
      stage.after(20, () => stage.setHealth(follows));
    });
    await stage.say("alice", "/approve");
    expect(stage.end()).toMatchObject({ phase: "closed", outcomes: ["recovered"], effects: ["deploy.yml v1.4.1"] });
  });
});
