import { describe, expect, it } from "vitest";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { LAST_RESERVATION } from "../../src/remediation/reservation.js";
import { createStage, type Stage } from "./driver.js";
import { anAlert } from "./shop.js";
import { kindOf } from "./transcript.js";

async function planned(): Promise<Stage> {
  const stage = createStage();
  await stage.alert();
  stage.told();
  return stage;
}

describe("somebody changes what is ours", () => {
  it("labels taken away are noticed and put right", async () => {
    const stage = await planned();
    await stage.change("will", { labels: ["needs-triage"] });
    expect(stage.told()).toMatchInlineSnapshot(`
      "will changes labels
      respond #1: Did: note, page. → awaiting-approval
        + comment page
        + page labels-removed (P1)"
    `);
    expect(stage.github.issue().labels).toEqual(["incident", "severity:P1", "phase:awaiting-approval", "needs-triage"]);
    expect(noticed(stage)).toMatchInlineSnapshot(`
      [
        "labels-changed: missing incident, severity:P1, phase:awaiting-approval",
      ]
    `);
    await stage.say("alice", "/approve");
    expect(stage.end().phase).toBe("closed");
  });

  it("an issue closed by a stranger is opened again, and people are called", async () => {
    const stage = await planned();
    await stage.change("mallory", { state: "closed" });
    expect(stage.told()).toMatchInlineSnapshot(`
      "mallory changes state
      respond #1: Did: note, page. → awaiting-approval
        + comment page
        + page closed-by-hand (P1)"
    `);
    expect(stage.github.issue().state).toBe("open");
    expect(noticed(stage)).toMatchInlineSnapshot(`
      [
        "closed-by-hand: in phase awaiting-approval",
      ]
    `);
  });

  it("an issue closed without an event is noticed by the sweep", async () => {
    const stage = await planned();
    stage.github.changeIssue(1, { state: "closed", labels: [] }, "mallory");
    await stage.sweep();
    expect(stage.github.issue()).toMatchObject({ state: "open" });
    expect(stage.end().pages).toEqual(["opened", "your-approval", "closed-by-hand", "labels-removed"]);
  });

  it("a phase label put on by hand moves nothing", async () => {
    const stage = await planned();
    await stage.change("will", { labels: ["incident", "severity:P1", "phase:approved"] });
    await stage.sweep();
    expect(stage.end()).toMatchObject({ phase: "awaiting-approval", effects: [] });
    expect(stage.github.issue().labels).toContain("phase:awaiting-approval");
  });

  it("a journal that was tampered with is not believed: it is said and paged once, and nothing runs", async () => {
    const stage = await planned();
    const { body } = stage.github.issue();
    await stage.change("mallory", { body: body.replace(/(gatehouse:journal v1 \S+ )../, "$1AA") });
    await stage.say("alice", "/approve");
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "mallory changes body
      respond #1: The journal in the body of #1 is not valid: its signature does not fit: it was changed by someone else. (journal-broken) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page journal-broken (P1)
      alice: /approve
      respond #1: The journal in the body of #1 is not valid: its signature does not fit: it was changed by someone else. (journal-broken) FAILED
      alarm #1: said so (automation-error)
      sweep: Woke #1.
      respond #1: The journal in the body of #1 is not valid: its signature does not fit: it was changed by someone else. (journal-broken) FAILED
      alarm #1: said so (automation-error)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "broken: journal-broken, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, journal-broken
      comments: page, plan, alarm"
    `);
    expect(stage.called("dispatcher.dispatch")).toBe(1); // the sweep's
  });

  it("a journal that was taken away is not believed", async () => {
    const stage = await planned();
    await stage.change("mallory", { body: "all is well" });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "broken: journal-broken, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, journal-broken
      comments: page, plan, alarm"
    `);
  });

  it("an old body put back before the execution is found out by our own comments", async () => {
    const stage = createStage();
    await stage.alert();
    await stage.say("tess", "/hold");
    const { body } = stage.github.issue(); // of an earlier revision
    await stage.say("will", "/retry");
    stage.told();
    await stage.change("mallory", { body });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "mallory changes body
      respond #1: The body of #1 holds revision 4, but a comment was written at revision 5: an older body was put back. (journal-rolled-back) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page journal-rolled-back (P1)
      alice: /approve
      respond #1: The body of #1 holds revision 4, but a comment was written at revision 5: an older body was put back. (journal-rolled-back) FAILED
      alarm #1: said so (automation-error)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "broken: journal-rolled-back, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, your-approval, journal-rolled-back
      comments: page, plan, plan, alarm"
    `);
  });

  it("an old body put back after the execution buys no second one", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    let old = "";
    stage.beforeCheck(() => {
      old = stage.github.issue().body;
    });
    await stage.wake();
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
    stage.told();
    await stage.change("mallory", { body: old, state: "open" });
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "mallory changes body, state
      respond #1: Did: note, resolve, narrate. → resolved next archive
      archive #1: postmortems/2026/1-checkout-connection-pool-exhausted.md exists and is left as it is.
      wake #1: woke the mind
      respond #1: Did: file. → closed
      sweep: Nothing is due."
    `);
    expect(stage.end().effects).toEqual(["deploy.yml v1.4.1"]);
  });

  it("an old body put back together with the record of the execution taken away meets the reservation", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    let old = "";
    stage.beforeCheck(() => {
      old = stage.github.issue().body;
    });
    await stage.wake();
    stage.told();
    for (const comment of stage.github.comments())
      if (["execution", "outcome"].includes(kindOf(comment))) stage.github.delete(comment.id);
    await stage.change("mallory", { body: old, state: "open" });
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "mallory changes body, state
      respond #1: Did: note, escalate, page, tell. → escalated (execution-missing) next gate
        + comment page
        + comment outcome
        + page execution-missing (P1)
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
        + reservation 5
      wake #1: woke the mind
      respond #1: Did: note. → escalated (execution-missing)
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (execution-missing)"
    `);
    expect(stage.end().effects).toEqual(["deploy.yml v1.4.1"]);
  });

  it("the record of an execution that was deleted is missed", async () => {
    const stage = createStage();
    stage.github.onDispatch("deploy.yml", () => ({ kind: "lost" }));
    await stage.alert();
    await stage.say("alice", "/approve");
    const record = stage.github.comments().find(({ body }) => body.includes("gatehouse:execution"));
    stage.github.delete(record?.id ?? 0);
    stage.told();
    await stage.say("will", "/retry");
    expect(stage.told()).toMatchInlineSnapshot(`
      "will: /retry
      respond #1: The record of what was done for plan <digest> (comment 1011) was deleted or set back. (execution-missing) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page execution-missing (P1)"
    `);
    expect(stage.end().phase).toBe("broken: execution-missing");
  });

  it("a locked issue leaves no record to write: nothing is carried out, and people are called all the same", async () => {
    const stage = await planned();
    await stage.change("mallory", { locked: true });
    expect(noticed(stage)).toEqual(["locked: the automation cannot comment on a locked issue"]);
    await stage.say("alice", "/approve");
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
    expect(stage.end().pages).toEqual(["opened", "your-approval", "locked", "automation-error", "automation-error"]); // mind and alarm
    const broken = await planned();
    await broken.change("mallory", { locked: true, body: "all is well" });
    expect(broken.told()).toMatchInlineSnapshot(`
      "mallory changes locked, body
      respond #1: The body of #1 holds neither a journal nor an intake block. (journal-broken) FAILED
      alarm #1: broke: Unable to create comment because issue #1 is locked.
        + page journal-broken (P1)"
    `);
    expect(broken.end()).toMatchObject({ phase: "broken: journal-broken", pages: ["opened", "your-approval", "journal-broken"] });
  });

  it("a plan comment that was edited voids the plan", async () => {
    const stage = await planned();
    const plan = stage.github.comments().find(({ body }) => body.includes("gatehouse:plan"));
    stage.github.edit(plan?.id ?? 0, `${plan?.body ?? ""} `, "will");
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer, escalate, page, tell. → escalated (plan-comment-changed)
        + comment refusal
        + comment page
        + comment outcome
        + page plan-comment-changed (P1)"
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, plan-comment-changed
      comments: page, plan, refusal, page, outcome"
    `);
  });

  it("a plan comment that is edited after the approval stops the check", async () => {
    const stage = await planned();
    stage.beforeCheck(() => {
      const plan = stage.github.comments().find(({ body }) => body.includes("gatehouse:plan"));
      stage.github.edit(plan?.id ?? 0, "deploy v0.0.1", "will");
    });
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: The plan comment was edited or deleted after it was posted. go false (plan-comment-changed)
      wake #1: woke the mind
      respond #1: Did: escalate, page, tell. → escalated (automation-error) next gate
        + comment page
        + comment outcome
        + page automation-error (P1)
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
        + reservation 5
      wake #1: woke the mind
      respond #1: Did: note. → escalated (automation-error)"
    `);
    expect(stage.reserved()).toEqual([LAST_RESERVATION]); // used up by a later run, never given
  });

  it("a tag that is no reservation takes the plan for nobody: nothing is carried out, and the mind goes on", async () => {
    const stage = await planned();
    const tag = `gatehouse/plan/1/${stage.digest()}/mine`;
    stage.beforeCheck(() => void stage.github.state.tags.set(tag, { message: "for fun", commit: "c" }));
    await stage.say("alice", "/approve");
    await stage.say("tess", "/ack");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
        + reservation mine
      check #1: The plan is reserved for run 0, which GitHub no longer knows: what it did cannot be told. go false (already-reserved)
      wake #1: woke the mind
      respond #1: Did: escalate, page, tell. → escalated (automation-error) next gate
        + comment page
        + comment outcome
        + page automation-error (P1)
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Plan <digest> is no longer open: it was rejected, ran out or was replaced. go false (plan-dead)
      wake #1: woke the mind
      respond #1: Did: note. → escalated (automation-error)
      tess: /ack
      respond #1: Did: answer. → escalated (automation-error)"
    `);
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
    expect(stage.incident().acknowledgedBy).toBe("tess");
  });

  it("an intake that a person has copied into an issue of their own is not taken in", async () => {
    const stage = await planned();
    const { alert } = stage.incident().alerts[0];
    const body = `Help!\n\n${encodeIntakeBlock({ key: "forged", alerts: [alert], reportedBy: null })}`;
    const { number } = stage.github.openIssue("will", { title: "x", body, labels: ["incident"] });
    await stage.wake(number);
    expect(stage.told()).toMatchInlineSnapshot(`
      "respond #2: #2 was opened by will, not by the automation: whatever it holds is no journal. (journal-broken) FAILED
        + issue #2 by a person
      alarm #2: said so (automation-error)
        + comment alarm
        + page journal-broken (P1)"
    `);
    expect(stage.reading(number)).toMatchObject({ kind: "broken", reason: "journal-broken" });
    expect(stage.github.issue(number).body).toBe(body);
  });

  it("a newborn that was edited before the mind took it in is not believed, and a new alert opens another", async () => {
    const stage = createStage();
    stage.github.fault({ call: "environments.environment", when: "before", error: new Error("502") });
    await stage.alert();
    expect(stage.end().phase).toBe("newborn");
    stage.told();
    stage.pass(1);
    await stage.change("mallory", { body: stage.github.issue(1).body.replace("37", "38") });
    await stage.alert(anAlert({ fingerprint: "fresh" }));
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 1 min …
      mallory changes body
      respond #1: The unsigned intake of #1 was edited at 2026-03-02T03:01:00.000Z before it was taken in. (journal-broken) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page journal-broken (P1)
      open: Opened incident #2.
        + issue #2
      respond #2: Did: triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)"
    `);
    expect(stage.end(1).phase).toBe("broken: journal-broken");
  });
});

function noticed(stage: Stage): readonly string[] {
  return stage.incident().facts.flatMap((fact) => (fact.fact === "noticed" ? [`${fact.what}: ${fact.detail}`] : []));
}
