import { describe, expect, it } from "vitest";
import { check } from "../../src/remediation/check.js";
import { openJournal } from "../../src/remediation/open-journal.js";
import { encodeIntakeBlock } from "../../src/intake/intake.js";
import { BOT, createFakeGitHub } from "../fakes/world.js";
import { executionBody } from "../incident/support.js";
import * as sample from "../render/sample.js";
import { config, openApproved, RUN } from "./support.js";

const tags = (github: { state: { tags: ReadonlyMap<string, unknown> } }) => [...github.state.tags.keys()];

describe("check", () => {
  it("reserves an approved plan by one tag that names the run and the commit", async () => {
    const stage = openApproved();
    expect(await check(stage.checkRequest(), stage.checkPorts())).toEqual({ kind: "go", k: 1 });
    const head = stage.github.state.commits.at(-1)?.sha;
    expect([...stage.github.state.tags]).toEqual([
      [`gatehouse/plan/${stage.incident}/${stage.digest}/1`, { message: String(RUN), commit: head }],
    ]);
  });

  it("writes nothing but that tag", async () => {
    const stage = openApproved();
    await check(stage.checkRequest(), stage.checkPorts());
    const writes = stage.github
      .transcript()
      .filter((call) => /create|update|post|edit|dispatch|react|commit$|reserve/.test(call));
    expect(writes).toEqual(["reservations.reserve"]);
  });

  it("lets the loser of a race go home", async () => {
    const stage = openApproved();
    const ports = stage.checkPorts();
    const [first, second] = await Promise.all([
      check(stage.checkRequest(), ports),
      check(stage.checkRequest({ runId: RUN + 1 }), ports),
    ]);
    expect([first, second].filter(({ kind }) => kind === "go")).toHaveLength(1);
    expect([first, second].find(({ kind }) => kind === "refused")).toMatchObject({
      reason: "already-reserved",
      why: "Another run reserved the plan a moment earlier.",
    });
    expect(tags(stage.github)).toHaveLength(1);
  });

  it("reserves once: a second run is refused while the first is at work, and follows when it died", async () => {
    const stage = openApproved();
    const run = stage.github.startRun("remediate.yml", `plan ${stage.digest}`);
    await check(stage.checkRequest({ runId: run.id }), stage.checkPorts());
    expect(await check(stage.checkRequest(), stage.checkPorts())).toMatchObject({ reason: "run-unfinished" });
    stage.github.endRun(run.id, "failure");
    expect(await check(stage.checkRequest(), stage.checkPorts())).toEqual({ kind: "go", k: 2 });
    expect(tags(stage.github)).toHaveLength(2);
  });

  it.each<{ name: string; change: (stage: ReturnType<typeof openApproved>) => void; reason: string }>([
    {
      name: "the approval was edited",
      change: ({ github, approval }) => github.edit(approval, "/approve", "mallory"),
      reason: "not-approved",
    },
    { name: "the approval was deleted", change: ({ github, approval }) => github.delete(approval), reason: "not-approved" },
    { name: "the approver lost the role", change: ({ github }) => github.setRole("alice", "write"), reason: "not-approved" },
    {
      name: "the plan comment was edited",
      change: ({ github, planComment }) => github.edit(planComment, "### Another plan", "mallory"),
      reason: "plan-comment-changed",
    },
    { name: "somebody typed /hold", change: ({ github }) => void github.say("tess", "/hold"), reason: "held" },
    { name: "somebody typed /reject", change: ({ github }) => void github.say("tess", "/reject wait"), reason: "rejected" },
    { name: "its time has passed", change: ({ github }) => github.advance(20 * 60_000), reason: "expired" },
    {
      name: "the body was changed by hand",
      change: ({ github, incident }) => github.changeIssue(incident, { body: "all fine" }, "mallory"),
      reason: "journal-broken",
    },
    {
      name: "the tags lost their protection",
      change: ({ github }) => {
        github.state.tagRulesets = [];
      },
      reason: "tag-unprotected",
    },
    {
      name: "the gate was opened to all branches",
      change: ({ github }) =>
        void github.state.environments.set("production-gate", {
          name: "production-gate",
          exists: true,
          branches: null,
          requiredReviewers: 0,
        }),
      reason: "environment-unprotected",
    },
  ])("refuses and leaves no tag when $name: $reason", async ({ change, reason }) => {
    const stage = openApproved();
    change(stage);
    expect(await check(stage.checkRequest(), stage.checkPorts())).toMatchObject({ kind: "refused", reason });
    expect(tags(stage.github)).toEqual([]);
  });

  it("refuses a run that was started for another environment than the plan's", async () => {
    const stage = openApproved();
    const request = stage.checkRequest({ environment: "staging" });
    expect(await check(request, stage.checkPorts())).toMatchObject({
      reason: "wrong-run",
      why: expect.stringContaining('"staging"'),
    });
    expect(tags(stage.github)).toEqual([]);
  });

  it("refuses a plan that the incident never made", async () => {
    const stage = openApproved();
    const request = stage.checkRequest({ digest: "b".repeat(64) });
    expect(await check(request, stage.checkPorts())).toMatchObject({
      reason: "not-approved",
      why: expect.stringContaining("has no plan bbbbbbbb"),
    });
  });

  it("does not count this very approval against the breaker", async () => {
    const breaker = (most: number) => ({
      ...config,
      remediation: { ...config.remediation, breaker: { perMs: 3_600_000, most } },
    });
    const stage = openApproved();
    expect(await check(stage.checkRequest({ config: breaker(1) }), stage.checkPorts())).toMatchObject({ kind: "go" });
    const again = openApproved();
    expect(await check(again.checkRequest({ config: breaker(0) }), again.checkPorts())).toMatchObject({ reason: "breaker" });
  });
});

describe("openJournal", () => {
  it.each([
    { name: "no such issue", issue: 99, body: "", reason: "journal-broken", says: "There is no issue #99." },
    {
      name: "a newborn issue",
      issue: 1,
      body: encodeIntakeBlock({ key: "k1", alerts: [sample.alert], reportedBy: null }),
      reason: "not-approved",
      says: "newborn",
    },
    { name: "somebody's issue", issue: 1, body: "Hello", reason: "journal-broken", says: "neither a journal nor an intake" },
  ])("of $name is refused: $reason", async ({ issue, body, reason, says }) => {
    const github = createFakeGitHub();
    github.openIssue(BOT.login, { title: "x", body });
    const snapshot = await github.ports.desk.look(issue);
    expect(openJournal(snapshot, issue, config)).toMatchObject({ kind: "refused", reason, why: expect.stringContaining(says) });
  });

  it("misses the record of an execution that the mind has seen", async () => {
    const stage = openApproved();
    const record = stage.github.say(BOT.login, executionBody(sample.started()), stage.incident);
    const seen = {
      fact: "execution-seen" as const,
      at: stage.github.now(),
      digest: stage.digest,
      comment: record.id,
      head: "h",
      revision: 1,
    };
    stage.write([...stage.facts(), seen]);
    stage.github.delete(record.id);
    const snapshot = await stage.github.ports.desk.look(stage.incident);
    expect(openJournal(snapshot, stage.incident, config)).toMatchObject({ kind: "refused", reason: "execution-missing" });
  });
});
