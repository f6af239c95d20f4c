import { describe, expect, it } from "vitest";
import { createStage, type Stage } from "./driver.js";
import { anAlert, dispatchOf } from "./shop.js";

const TWO_SERVICES = `  search:
    repository: acme/shop
    environment: production-gate
    mode: observe
    owners: ["@acme/search"]
    signals:
      error-ratio: {source: prometheus, query: 'search errors / requests', unit: ratio}
`;
const SEARCH = anAlert({ service: "search", fingerprint: "5ea6c4", name: "SearchErrorRateHigh", summary: "Search is failing" });

function incidents({ github }: Stage): readonly number[] {
  return [...github.state.issues.values()].filter(({ labels }) => labels.includes("incident")).map(({ number }) => number);
}

describe("from alerts to incidents", () => {
  it("two services in one payload are two incidents, and both are looked at", async () => {
    const stage = createStage({ config: { services: TWO_SERVICES } });
    await stage.alert(anAlert(), SEARCH);
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1. Opened incident #2. next gate
        + issue #1
        + issue #2
      respond #1: Did: triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)
      hand-over #1: Woke #2.
      respond #2: Did: triage, page, gather, diagnose, escalate, page, tell. → escalated (observe-mode)
        + comment page
        + comment page
        + comment outcome
        + page opened (P1)
        + page observe-mode (P1)"
    `);
    expect([stage.incident(1).service, stage.incident(2).service]).toEqual(["checkout", "search"]);
    await stage.say("alice", "/approve", 1);
    expect(stage.ended(1)).toMatchInlineSnapshot(`
      "closed, v1.4.1 live
      executions: recovered; effects: deploy.yml v1.4.1
      pages: opened, your-approval
      comments: page, plan, execution, outcome"
    `);
    expect(stage.ended(2)).toMatchInlineSnapshot(`
      "escalated, v1.4.1 live
      executions: none; effects: deploy.yml v1.4.1
      pages: opened, observe-mode
      comments: page, page, outcome"
    `);
  });

  it("the same event twice is one incident", async () => {
    const stage = createStage();
    const payload = { ...dispatchOf(anAlert()), key: "delivery-1" };
    await stage.dispatch(payload);
    stage.told();
    await stage.dispatch(payload);
    stage.pass(10);
    await stage.dispatch(payload);
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Incident #1 knows this already (same-key).
      respond #1: Nothing was due. → awaiting-approval
      … 10 min …
      open: Incident #1 knows this already (same-key).
      respond #1: Nothing was due. → awaiting-approval"
    `);
    expect(incidents(stage)).toEqual([1]);
  });

  it("the same event again after the incident is closed opens nothing", async () => {
    const stage = createStage();
    await stage.alert();
    await stage.say("alice", "/approve");
    stage.told();
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Incident #1 knows this already (same-key).
      respond #1: Nothing was due. → closed"
    `);
    expect(incidents(stage)).toEqual([1]);
  });

  it("alerts that come before the mind had its first turn join the newborn", async () => {
    const stage = createStage();
    const down = new Error("GitHub is down");
    stage.github.fault({ call: "environments.environment", when: "before", error: down, times: 3 });
    await stage.alert();
    stage.pass(1);
    await stage.alert(anAlert({ fingerprint: "two", name: "CheckoutSlow" }));
    stage.pass(1);
    await stage.alert(anAlert({ fingerprint: "three", name: "CheckoutQueueLong" }));
    expect(incidents(stage)).toEqual([1]);
    await stage.sweep();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: broke: GitHub is down
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)
      … 1 min …
      open: Told incident #1 (same-service).
        + comment intake
      respond #1: broke: GitHub is down
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)
      … 1 min …
      open: Told incident #1 (same-service).
        + comment intake
      respond #1: broke: GitHub is down
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)
      sweep: Woke #1.
      respond #1: Did: take-in, take-in, triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)"
    `);
    expect(stage.incident(1).alerts).toHaveLength(3);
  });

  it("what two minutes of a broken GitHub swallowed is there after the next alert and the sweep", async () => {
    const stage = createStage();
    stage.github.fault({ call: "issues.create", when: "before", error: new Error("502"), times: 1 });
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: broke: 502
      alarm: said so (automation-error)
        + issue #1
        + page automation-error (P1)"
    `);
    expect(incidents(stage)).toEqual([]);
    await stage.alert();
    expect(stage.end(incidents(stage)[0]).phase).toBe("awaiting-approval");
  });

  it("a person's report becomes the bot's own incident, linked both ways", async () => {
    const stage = createStage();
    const opens = { title: "checkout is failing", body: "service: checkout\nseverity: P1", labels: ["incident"] };
    const report = stage.github.openIssue("tess", opens);
    const { number, title, body } = report;
    const issue = { number, title, body, user: { login: "tess", type: "User" } };
    stage.enqueue({ name: "issues", incident: number, opens: true, payload: { issue } });
    await stage.settle();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #2.
        + issue #1 by a person
        + issue #2
        + comment intake-handed-over
      respond #2: Did: triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)"
    `);
    expect(stage.github.issue(number).state).toBe("closed");
    await stage.say("alice", "/approve", 2);
    expect(stage.end(2).phase).toBe("closed");
  });

  it("a report of someone without a role is refused", async () => {
    const stage = createStage();
    const { number, title, body } = stage.github.openIssue("mallory", { title: "help", body: "", labels: ["incident"] });
    const issue = { number, title, body, user: { login: "mallory", type: "User" } };
    stage.enqueue({ name: "issues", incident: number, opens: true, payload: { issue } });
    await stage.settle();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: The person who opened this issue may not open an incident; a comment says why.
        + issue #1 by a person
        + comment intake-refused"
    `);
    expect(stage.called("issues.create")).toBe(0);
  });
});
