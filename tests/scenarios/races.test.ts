import { describe, expect, it } from "vitest";
import { createStage, type Stage } from "./driver.js";

/** The mind answers the command after the reservation and before the hands have said a word. */
async function between(login: string, command: string): Promise<Stage> {
  const stage = createStage();
  await stage.alert();
  stage.told();
  stage.beforeHandsSpeak(async () => {
    stage.github.say(login, command);
    stage.enqueue({ name: "issue_comment", incident: 1 });
    await stage.playNow();
  });
  await stage.say("alice", "/approve");
  return stage;
}

describe("a command between the reservation and the first word of the hands", () => {
  it.each([
    { login: "will", command: "/resolve done by hand", reason: "not-now" },
    { login: "will", command: "/retry", reason: "not-now" },
    { login: "will", command: "/plan github.workflow release to=previous", reason: "not-now" },
  ])("$command is refused as during the execution, which goes on", async ({ login, command, reason }) => {
    const stage = await between(login, command);
    expect(stage.incident().facts).toContainEqual(expect.objectContaining({ fact: "command", outcome: "refused", reason }));
    expect(stage.end()).toMatchObject({ phase: "closed", outcomes: ["recovered"], effects: ["deploy.yml v1.4.1"] });
  });

  it("/escalate calls people and lets the execution go on", async () => {
    const stage = await between("tess", "/escalate");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval, asked-for
      comments: page, plan, page, execution, outcome"
    `);
  });

  it("/reject stops what is not begun; what was done stands in the journal", async () => {
    const stage = await between("tess", "/reject too risky");
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Reserved plan <digest> for this run (1). go true
        + reservation 1
      respond #1: Did: answer. → approved
      remediate #1: recovered
        + comment execution
        + run deploy.yml v1.4.1
      wake #1: woke the mind
      respond #1: Did: note, resolve, tell, narrate. → resolved next archive
        + comment outcome
      archive #1: Filed postmortems/2026/1-checkout-connection-pool-exhausted.md by commit.
        + commit docs: post-mortem of incident #1
      wake #1: woke the mind
      respond #1: Did: file. → closed
      sweep: Nothing is due."
    `);
    const { executions } = stage.incident();
    expect(executions).toHaveLength(1);
    expect(executions[0]?.outcome).not.toBeNull();
  });
});

describe("a run that nobody hears of", () => {
  it("that never gets a machine is not waited for beyond its approval, and does nothing when it gets one", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    stage.setRunners(false);
    await stage.say("alice", "/approve");
    for (const minutes of [14, 7, 5]) {
      stage.pass(minutes);
      await stage.sweep();
    }
    stage.setRunners(true);
    await stage.settle();
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      … 14 min …
      sweep: Woke #1.
      respond #1: Nothing was due. → approved
      … 7 min …
      sweep: Woke #1.
      respond #1: Did: escalate, page, tell. → escalated (automation-error) next gate
        + comment page
        + comment outcome
        + page automation-error (P1)
      hand-over #1: Run 1010 is carrying the plan out already.
      … 5 min …
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (automation-error) next gate
      hand-over #1: Run 1010 is carrying the plan out already.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
        + reservation 5
      wake #1: woke the mind
      respond #1: Did: note. → escalated (automation-error)
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (automation-error)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, automation-error
      comments: page, plan, page, outcome"
    `);
  });

  it("that was acknowledged calls people all the same", async () => {
    const stage = createStage();
    await stage.alert();
    await stage.say("tess", "/ack");
    stage.setRunners(false);
    await stage.say("alice", "/approve");
    stage.pass(25);
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
    expect(stage.end().pages.at(-1)).toBe("automation-error");
  });
});
