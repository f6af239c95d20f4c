import { describe, expect, it } from "vitest";
import { REMEDIATE_WORKFLOW } from "../../src/remediation/check.js";
import { createStage, type Stage } from "./driver.js";

/** Somebody who may write takes away all that was said after the approval, puts the approved body back and starts the gated run. */
async function putApprovalBack(stage: Stage, body: string): Promise<void> {
  const { state } = stage.github;
  const approval = stage.github.comments(1).find((comment) => comment.body === "/approve");
  for (const { id } of stage.github.comments(1)) if (id > (approval?.id ?? 0)) stage.github.delete(id);
  stage.github.changeIssue(1, { body }, "will");
  const inputs = { incident: "1", plan: stage.digest(), environment: "production-gate" };
  await stage.github.ports.dispatcher.dispatch({
    repository: state.repository,
    workflow: REMEDIATE_WORKFLOW,
    ref: state.defaultBranch,
    inputs,
  });
  await stage.settle();
}

describe("an approved plan that died before anything was done", () => {
  it("is used up at once: no old body brings it back", async () => {
    const stage = createStage();
    await stage.alert();
    stage.told();
    let approved = "";
    stage.beforeCheck(() => {
      approved = stage.github.issue(1).body;
      stage.github.say("tess", "/reject no!", 1); // its event is lost
    });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: tess said /reject. go false (rejected)
      wake #1: woke the mind
      respond #1: Did: answer, page, tell. → escalated (rejected) next gate
        + comment page
        + comment outcome
        + page rejected (P1)
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
        + reservation 5
      wake #1: woke the mind
      respond #1: Did: note. → escalated (rejected)"
    `);
    expect(stage.incident().burnedDigests).toEqual(new Set([stage.digest()]));
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "sweep: Woke #1.
      respond #1: Nothing was due. → escalated (rejected)"
    `);
    await putApprovalBack(stage, approved);
    expect(stage.told()).toMatchInlineSnapshot(`
      "check #1: Run 1016 finished its work, but its record is gone. go false (execution-missing)
      wake #1: woke the mind
      respond #1: Did: note, escalate, page, tell. → escalated (execution-missing) next gate
        + comment page
        + comment outcome
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
      wake #1: woke the mind
      respond #1: Did: note. → escalated (execution-missing)"
    `);
    expect(stage.end().effects).toEqual([]);
  });

  it("cannot come back either when its only run died between reservation and first word", async () => {
    const stage = createStage();
    await stage.alert();
    let approved = "";
    stage.beforeHandsSpeak(() => {
      approved = stage.github.issue(1).body;
      stage.github.say("tess", "/reject no!", 1);
      throw new Error("The machine was lost.");
    });
    await stage.say("alice", "/approve");
    stage.told();
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
    await putApprovalBack(stage, approved);
    expect(stage.told()).toMatchInlineSnapshot(`
      "sweep: Woke #1.
      respond #1: Nothing was due. → escalated (rejected)
      check #1: Run 1016 finished its work, but its record is gone. go false (execution-missing)
      wake #1: woke the mind
      respond #1: Did: note, escalate, page, tell. → escalated (execution-missing) next gate
        + comment page
        + comment outcome
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
      wake #1: woke the mind
      respond #1: Did: note. → escalated (execution-missing)"
    `);
    expect(stage.end().effects).toEqual([]);
  });

  it("does not stand in the way of the next one", async () => {
    const stage = createStage();
    await stage.alert();
    stage.beforeCheck(() => void stage.github.say("tess", "/reject no!", 1));
    await stage.say("alice", "/approve");
    await stage.say("will", "/retry");
    expect(stage.incident()).toMatchObject({ phase: { at: "awaiting-approval" }, plans: [{}, {}] });
    await stage.say("alice", `/approve ${stage.digest().slice(0, 8)}`);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });
});
