import { describe, expect, it } from "vitest";
import { LAST_RESERVATION } from "../../src/remediation/reservation.js";
import { createStage, type Stage, type StageOptions } from "./driver.js";
import { anAlert, BAD } from "./shop.js";

const CONFIG = ".github/gatehouse.yml";

describe("what was true at the approval and is not true any more", () => {
  it("a config that changed stops the check; a retry plans under the new one", async () => {
    const stage = createStage();
    const { files } = stage.github.state;
    await stage.alert();
    stage.told();
    stage.beforeCheck(() => void stage.github.commitFile(CONFIG, `${files.get(CONFIG) ?? ""}# changed\n`));
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
        + commit Change .github/gatehouse.yml
      check #1: .github/gatehouse.yml has changed since the plan was made; /retry makes one under the new config. go false (config-changed)
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
    await stage.say("will", "/retry");
    await stage.say("alice", `/approve ${stage.digest().slice(0, 8)}`);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it.each<{ readonly name: string; readonly reason: string; readonly happens: (stage: Stage) => void }>([
    {
      name: "an environment that lets any branch in",
      reason: "environment-unprotected",
      happens: ({ github }) =>
        github.state.environments.set("production-gate", {
          name: "production-gate",
          exists: true,
          branches: null,
          requiredReviewers: 0,
        }),
    },
    {
      name: "an environment that is gone",
      reason: "environment-missing",
      happens: ({ github }) => github.state.environments.delete("production-gate"),
    },
    {
      name: "tags that anyone may delete",
      reason: "tag-unprotected",
      happens: ({ github }) => {
        github.state.tagRulesets = [];
      },
    },
  ])("$name stops the check", async ({ reason, happens }) => {
    const stage = createStage();
    await stage.alert();
    stage.beforeCheck(() => happens(stage));
    await stage.say("alice", "/approve");
    expect(stage.told()).toContain(`go false (${reason})`);
    expect(stage.end()).toMatchObject({
      phase: "escalated",
      effects: [],
      pages: ["opened", "your-approval", "automation-error"],
    });
    expect(stage.reserved()).toEqual([LAST_RESERVATION]); // used up by a later run, never given
  });

  it("a freeze that has begun stops the check", async () => {
    const remediation = "freeze: [{from: 2026-03-02T03:05:00Z, until: 2026-03-02T09:00:00Z, why: release day}]";
    const stage = createStage({ config: { remediation } });
    await stage.alert();
    stage.told();
    stage.pass(6);
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "… 6 min …
      alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: Changes are frozen until 2026-03-02T09:00:00.000Z: release day go false (freeze)
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
});

describe("a plan that the rules do not allow", () => {
  it.each<{ readonly name: string; readonly reason: string; readonly options: StageOptions }>([
    {
      name: "in a freeze window",
      reason: "freeze",
      options: {
        config: { remediation: "freeze: [{from: 2026-03-02T00:00:00Z, until: 2026-03-02T09:00:00Z, why: release day}]" },
      },
    },
    {
      name: "for an unprotected environment",
      reason: "environment-unprotected",
      options: {
        github: {
          environments: [
            { name: "production-gate", exists: true, branches: ["main", "develop"], requiredReviewers: 0 },
            { name: "gatehouse-mind", exists: true, branches: ["main"], requiredReviewers: 0 },
          ],
        },
      },
    },
  ])("$name is not asked for: people get it", async ({ reason, options }) => {
    const stage = createStage(options);
    await stage.alert();
    expect(stage.incident().phase).toMatchObject({ at: "escalated", reason: "plan-refused" });
    const refused = stage.incident().facts.find((fact) => fact.fact === "plan-refused");
    expect(refused).toMatchObject({ findings: [{ rule: reason }] });
    expect(stage.end()).toMatchObject({ pages: ["opened", "plan-refused"], comments: ["page", "page", "outcome"] });
  });

  it("is that of a service that was remediated too often: the breaker opens", async () => {
    const stage = createStage({ config: { remediation: "breaker: {per: 1h, most: 1}" } });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.end().phase).toBe("closed");
    stage.pass(5);
    stage.github.deploy(BAD); // the same fault again
    stage.pass(1);
    stage.told();
    await stage.alert(anAlert({ startedAt: stage.github.now().toISOString() }));
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #2.
        + issue #2
      respond #2: Did: triage, page, gather, diagnose, propose, page, tell. → escalated (plan-refused)
        + comment page
        + comment page
        + comment outcome
        + page opened (P1)
        + page plan-refused (P1)"
    `);
    expect(stage.incident(2).facts.find((fact) => fact.fact === "plan-refused")).toMatchObject({
      findings: [{ rule: "breaker" }],
    });
  });

  it("is none where the service is only observed", async () => {
    const stage = createStage({ config: { mode: "observe" } });
    await stage.alert();
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, observe-mode
      comments: page, page, outcome"
    `);
    expect(stage.incident().phase).toMatchObject({ reason: "observe-mode" });
  });

  it("is advice where people act: nothing waits for an approval", async () => {
    const stage = createStage({ config: { mode: "propose" } });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: Did: triage, page, gather, diagnose, propose, ask, page, tell. → escalated (people-act)
        + comment page
        + comment plan
        + comment page
        + comment outcome
        + page opened (P1)
        + page people-act (P1)
      alice: /approve
      respond #1: Did: answer. → escalated (people-act)
        + comment refusal"
    `);
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
  });
});

describe("a repository that is not fit for incidents", () => {
  it("is refused when it is public", async () => {
    const stage = createStage({ github: { visibility: "public" } });
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: The repository is public, and allow-public is not set: incidents would be public for ever. (public-repository) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)"
    `);
    expect(stage.called("issues.update")).toBe(0);
    expect(stage.called("sources.observe")).toBe(0);
  });

  it("may be public where the config allows it", async () => {
    const stage = createStage({ github: { visibility: "public" }, config: { top: "allow-public: true" } });
    await stage.alert();
    await stage.say("alice", "/approve");
    expect(stage.end().phase).toBe("closed");
  });

  it("is refused when the mind's own environment lets any branch in", async () => {
    const open = (name: string) => ({ name, exists: true, branches: null, requiredReviewers: 0 });
    const stage = createStage({ github: { environments: [open("gatehouse-mind"), open("production-gate")] } });
    await stage.alert();
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #1.
        + issue #1
      respond #1: The environment "gatehouse-mind" takes deployments from any branch. Limit its deployment branches to main. (environment-unprotected) FAILED
      alarm #1: said so (automation-error)
        + comment alarm
        + page automation-error (P1)"
    `);
    expect(stage.called("issues.update")).toBe(0);
  });
});
