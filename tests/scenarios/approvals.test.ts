import { describe, expect, it } from "vitest";
import { LAST_RESERVATION } from "../../src/remediation/reservation.js";
import { proposing, RELEASE } from "./analysts.js";
import { createStage, type Stage, type StageOptions } from "./driver.js";

async function planned(options: StageOptions = {}): Promise<Stage> {
  const stage = createStage(options);
  await stage.alert();
  stage.told();
  return stage;
}

/** Why the newest refused command was refused, as the journal has it. */
function reasonsIn(stage: Stage): readonly (string | null)[] {
  return stage.incident().facts.flatMap((fact) => (fact.fact === "command" && fact.outcome === "refused" ? [fact.reason] : []));
}

interface Refused {
  readonly name: string;
  readonly reason: string;
  readonly options?: StageOptions;
  readonly approve: (stage: Stage) => Promise<void>;
}
const BOT_SAYS = "dependabot[bot]";

describe("an approval that does not count", () => {
  it.each<Refused>([
    { name: "of a stranger", reason: "no-role", approve: (stage) => stage.say("mallory", "/approve") },
    { name: "of someone who may only write", reason: "no-role", approve: (stage) => stage.say("will", "/approve") },
    { name: "of a bot", reason: "bot", approve: (stage) => stage.say(BOT_SAYS, "/approve") },
    {
      name: "that was edited",
      reason: "edited",
      approve: async (stage) => {
        const { id } = stage.github.say("alice", "looks fine to me");
        stage.github.edit(id, "/approve", "alice");
        await stage.wake();
      },
    },
    { name: "of another digest", reason: "stale-digest", approve: (stage) => stage.say("alice", "/approve deadbeef") },
    {
      name: "of the plan before",
      reason: "stale-digest",
      approve: async (stage) => {
        const old = stage.digest().slice(0, 8);
        stage.pass(1);
        await stage.say("will", "/retry");
        await stage.say("alice", `/approve ${old}`);
      },
    },
    {
      name: "that comes too late",
      reason: "expired",
      approve: (stage) => {
        stage.pass(16);
        return stage.say("alice", "/approve");
      },
    },
    {
      name: "without the digest where the risk is high",
      reason: "digest-needed",
      options: { analyst: proposing([RELEASE], "high") },
      approve: (stage) => stage.say("alice", "/approve"),
    },
    {
      name: "without the digest of a second plan",
      reason: "digest-needed",
      approve: async (stage) => {
        stage.pass(1);
        await stage.say("will", "/retry");
        await stage.say("alice", "/approve");
      },
    },
    {
      name: "with more words than a digest",
      reason: "malformed-command",
      approve: (stage) => stage.say("alice", "/approve it now"),
    },
    {
      name: "by a team that cannot be read",
      reason: "cannot-check-team",
      options: { config: { gate: "approvers: {roles: [admin], users: [], teams: [acme/on-call]}" } },
      approve: (stage) => stage.say("will", "/approve"),
    },
  ])("$name is refused as $reason, with 👎 and one comment", async ({ reason, options, approve }) => {
    const stage = await planned(options);
    await approve(stage);
    await stage.wake(); // once more: nothing is said twice
    expect(reasonsIn(stage)).toEqual([reason]);
    const refusals = stage.end().comments.filter((kind) => kind === "refusal");
    expect(refusals).toHaveLength(1);
    const refused = stage.github.comments().find(({ ourReactions }) => ourReactions.includes("refused"));
    expect(refused?.ourReactions).toEqual(["seen", "refused"]);
    expect(stage.github.comments().some(({ body }) => body.includes(`Reason: \`${reason}\``))).toBe(true);
    expect(stage.end().effects).toEqual([]);
    expect(stage.called("reservations.reserve")).toBe(0);
  });

  it("that expired before anyone read it is refused as late", async () => {
    const stage = await planned();
    stage.pass(16);
    stage.github.say("alice", "/approve");
    await stage.sweep();
    expect(reasonsIn(stage)).toMatchInlineSnapshot(`
      [
        "expired",
      ]
    `);
    expect(stage.end()).toMatchObject({ phase: "escalated", effects: [] });
  });

  it("given in time but read late is too late as well", async () => {
    const stage = await planned();
    stage.github.say("alice", "/approve");
    stage.pass(16);
    await stage.sweep();
    expect(reasonsIn(stage)).toMatchInlineSnapshot(`
      [
        "expired",
      ]
    `);
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, no-answer
      comments: page, plan, refusal, page, outcome"
    `);
  });

  it("of somebody who has lost the role since then stops the check", async () => {
    const stage = await planned();
    stage.beforeCheck(() => stage.github.setRole("alice", "read"));
    await stage.say("alice", "/approve");
    expect(stage.told()).toMatchInlineSnapshot(`
      "alice: /approve
      respond #1: Did: answer. → approved next gate
      hand-over #1: Started the gated run for plan <digest>.
      check #1: 1 more approval is needed now. An /approve of alice does not count: no-role. go false (not-approved)
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

  it("that is edited after it was counted stops the check", async () => {
    const stage = await planned();
    stage.beforeCheck(() => {
      const comment = stage.github.comments().find(({ author }) => author.login === "alice");
      stage.github.edit(comment?.id ?? 0, "/approve oh no", "alice");
    });
    await stage.say("alice", "/approve");
    expect(stage.ended()).toMatchInlineSnapshot(`
      "escalated, v1.4.2 live
      executions: none; effects: none
      pages: opened, your-approval, automation-error
      comments: page, plan, page, outcome"
    `);
    expect(stage.reserved()).toEqual([LAST_RESERVATION]); // used up by a later run, never given
  });
});

describe("an approval that counts", () => {
  it("carries the digest where the risk is high, and two people give it", async () => {
    const stage = await planned({ analyst: proposing([RELEASE], "high") });
    const digest = stage.digest().slice(0, 8);
    await stage.say("alice", `/approve ${digest}`);
    await stage.say("alice", `/approve ${digest}`);
    expect(stage.end()).toMatchObject({ phase: "awaiting-approval", effects: [] });
    await stage.say("amy", `/approve ${digest}`);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
    expect(stage.incident().executions[0]?.warrant.by).toEqual(["alice", "amy"]);
  });

  it("carries the digest of a second plan", async () => {
    const stage = await planned();
    stage.pass(1);
    await stage.say("will", "/retry");
    await stage.say("alice", `/approve ${stage.digest().slice(0, 8)}`);
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it("may come from a member of a team", async () => {
    const stage = await planned({
      config: { gate: "approvers: {roles: [admin], users: [], teams: [acme/on-call]}" },
      github: { teams: { "acme/on-call": ["will"] } },
    });
    await stage.say("will", "/approve");
    expect(stage.end()).toMatchObject({ phase: "closed", effects: ["deploy.yml v1.4.1"] });
  });

  it("is not that of who opened the incident when the risk is high", async () => {
    const stage = createStage({ analyst: proposing([RELEASE], "high") });
    const issue = stage.github.openIssue("alice", { title: "checkout is broken", body: "", labels: ["incident"] });
    stage.enqueue({
      name: "issues",
      incident: issue.number,
      opens: true,
      payload: { issue: { number: issue.number, title: issue.title, body: issue.body, user: { login: "alice", type: "User" } } },
    });
    await stage.settle();
    await stage.say("alice", `/approve ${stage.digest().slice(0, 8)}`);
    expect(stage.told()).toMatchInlineSnapshot(`
      "open: Opened incident #2.
        + issue #1 by a person
        + issue #2
        + comment intake-handed-over
      respond #2: Did: triage, page, gather, diagnose, propose, ask, page. → awaiting-approval
        + comment page
        + comment plan
        + page opened (P1)
        + page your-approval (P1)
      alice: /approve <digest>
      respond #2: Did: answer. → awaiting-approval
        + comment refusal"
    `);
    expect(reasonsIn(stage)).toEqual(["own-incident"]);
  });
});
