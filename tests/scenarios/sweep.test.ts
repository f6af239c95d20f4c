import { describe, expect, it } from "vitest";
import { createStage } from "./driver.js";
import { anAlert, BAD } from "./shop.js";

describe("the sweep", () => {
  it("wakes newborns and what waits for people, once each, and nothing that is closed", async () => {
    const stage = createStage({ config: { services: serviceNamed("search") + serviceNamed("billing") } });
    // Closed.
    await stage.alert();
    await stage.say("alice", "/approve");
    // With people: a command of theirs may have been lost.
    await stage.alert(anAlert({ service: "search", fingerprint: "5ea6c4" }));
    expect(stage.end(2).phase).toBe("escalated");
    // A plan that waits.
    stage.pass(2);
    stage.github.deploy(BAD);
    stage.pass(1);
    await stage.alert(anAlert({ startedAt: stage.github.now().toISOString() }));
    expect(stage.end(3).phase).toBe("awaiting-approval");
    // Newborn: its first run was lost.
    stage.github.fault({ call: "environments.environment", when: "before", error: new Error("502") });
    await stage.alert(anAlert({ service: "billing", fingerprint: "b1" }));
    expect(stage.end(4).phase).toBe("newborn");
    stage.told();
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "sweep: Woke #4, #3, #2.
      respond #4: Did: triage, page, gather, diagnose, escalate, page, tell. → escalated (observe-mode)
        + comment page
        + comment page
        + comment outcome
        + page opened (P1)
        + page observe-mode (P1)
      respond #3: Nothing was due. → awaiting-approval
      respond #2: Nothing was due. → escalated (unsure)"
    `);
  });

  it("warns when the recovery target runs out, unless somebody has acknowledged", async () => {
    const stage = createStage({ config: { mode: "observe" } });
    await stage.alert();
    stage.told();
    for (const minutes of [44, 1, 14, 1]) {
      stage.pass(minutes);
      await stage.sweep();
    }
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 44 min …
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (observe-mode)
      … 1 min …
      sweep: Woke #1.
      respond #1: Did: page. → escalated (observe-mode)
        + comment page
        + page recovery-warning (P1)
      … 14 min …
      sweep: Woke #1.
      respond #1: Nothing was due. → escalated (observe-mode)
      … 1 min …
      sweep: Woke #1.
      respond #1: Did: page. → escalated (observe-mode)
        + comment page
        + page recovery-overdue (P1)"
    `);
    const quiet = createStage({ config: { mode: "observe" } });
    await quiet.alert();
    await quiet.say("tess", "/ack");
    quiet.pass(120);
    await quiet.sweep();
    expect(quiet.end().pages).toEqual(["opened", "observe-mode"]);
  });

  it("reads what a lost event would have told: an approval that nobody heard", async () => {
    const stage = createStage();
    await stage.alert();
    stage.github.say("alice", "/approve");
    await stage.sweep();
    expect(stage.end().phase).toBe("closed");
  });

  it("leaves issues alone that only report a breakage", async () => {
    const stage = createStage();
    stage.github.fault({ call: "issues.create", when: "before", error: new Error("502") });
    await stage.alert();
    stage.told();
    await stage.sweep();
    expect(stage.told()).toBe("sweep: Nothing is due.");
  });
});

function serviceNamed(name: string): string {
  return `  ${name}:
    repository: acme/shop
    environment: production-gate
    mode: observe
    owners: ["@acme/${name}"]
    signals:
      error-ratio: {source: prometheus, query: '${name} errors / requests', unit: ratio}
`;
}
