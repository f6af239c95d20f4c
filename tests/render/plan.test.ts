import { describe, expect, it } from "vitest";
import type { MindFact } from "../../src/incident/facts.js";
import type { Config } from "../../src/config/config.js";
import { digestOf } from "../../src/plan/digest.js";
import type { Plan } from "../../src/plan/plan.js";
import { renderPlan } from "../../src/render/plan.js";
import * as sample from "./sample.js";
import { countVisibleWords, visibleText } from "./visible.js";

const MOST_WORDS = 90;

function render(plan: Plan, config: Config = sample.config): string {
  return renderPlan({
    plan,
    digest: digestOf(plan),
    incident: sample.incident(sample.waiting(plan)),
    config,
    mentions: ["@acme/on-call"],
  });
}

const long = "word ".repeat(200);
const fallback = { ...sample.rollback, number: 2, when: "if-not-recovered" as const, says: "deploy v140 of checkout" };

describe("the plan comment", () => {
  it("reads like this", async () => {
    await expect(render(sample.plan())).toMatchFileSnapshot("snapshots/plan.md");
    await expect(render(sample.plan(sample.manualTask))).toMatchFileSnapshot("snapshots/plan-for-people.md");
  });

  it.each([
    { name: "an ordinary plan", plan: sample.plan() },
    { name: "a long cause and a long step", plan: sample.plan({ cause: long, steps: [{ ...sample.rollback, says: long }] }) },
    {
      name: "a high risk without undo and a fallback",
      plan: sample.plan({
        risk: "high",
        reversible: false,
        quorum: 2,
        steps: [{ ...sample.rollback, undo: "none", undoSays: null }, fallback],
      }),
    },
    { name: "a task for people", plan: sample.plan({ ...sample.manualTask, cause: long }) },
  ])("shows at most 90 words before anything is unfolded: $name", ({ plan }) => {
    expect(countVisibleWords(render(plan))).toBeLessThanOrEqual(MOST_WORDS);
  });

  it("has the same bytes for the same input", () => {
    expect(render(sample.plan())).toBe(render(sample.plan()));
  });

  it("shows the command with the digest of exactly this plan, and the deadline", () => {
    const plan = sample.plan({ sequence: 2 });
    expect(visibleText(render(plan))).toContain(`/approve ${digestOf(plan).slice(0, 8)}`);
    expect(visibleText(render(plan))).toContain("until **03:31 UTC**");
  });

  it("shows every byte that is approved: address, before, after, undo, limit, full digest, config and runbook", () => {
    const text = render(sample.plan());
    for (const part of [
      '"workflow": "deploy.yml"',
      "From `v142` to `v141`",
      "deploy v142 again",
      "limit 10 min",
      digestOf(sample.plan()),
      "5f2c9d1e8a7b",
      "a1b2c3d4e5f6",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("shows before and after of a state that is more than a word", () => {
    const text = render(sample.plan({ steps: [{ ...sample.rollback, before: { replicas: 3 }, after: { replicas: 6 } }] }));
    expect(text).toContain('"replicas": 6');
  });

  it("says in the open when a plan cannot be undone", () => {
    const plan = sample.plan({ reversible: false, steps: [{ ...sample.rollback, undo: "none", undoSays: null }] });
    expect(visibleText(render(plan))).toContain("**cannot be undone**");
    expect(render(plan)).toContain("**Step 1 has no undo.**");
  });

  it("says that a target holds data, and nothing about data when the config does not know the target", () => {
    const release = { name: "release", action: "github.workflow", production: true, stateful: true, address: {} };
    const withTargets = (targets: (typeof sample.service)["targets"]): Config => ({
      ...sample.config,
      services: new Map([["checkout", { ...sample.service, targets }]]),
    });
    expect(render(sample.plan(), withTargets(new Map([["release", release]])))).toContain("**holds data**");
    expect(render(sample.plan(), withTargets(new Map()))).not.toContain("no data,");
  });

  it("says what happens when it does not help", () => {
    expect(visibleText(render(sample.plan({ steps: [sample.rollback, fallback] })))).toContain("step 2 is tried");
    expect(visibleText(render(sample.plan({ steps: [{ ...sample.rollback, onUnchanged: "undo" }] })))).toContain(
      "undone, diagnosis goes on",
    );
  });

  it("asks people to do a task, and offers no approval of it", () => {
    const text = render(sample.plan(sample.manualTask));
    expect(text).toContain("/resolve <what you did>");
    expect(text).not.toContain("/approve");
  });

  it("says that a person wrote the plan when no diagnosis stands behind it", () => {
    const plan = sample.plan({ cause: "Planned by octocat" });
    const typed: MindFact = {
      fact: "command",
      at: sample.at("03:16:10"),
      comment: 9,
      by: "octocat",
      verb: "plan",
      outcome: "done",
      reason: null,
      text: sample.outside("github.workflow release"),
      severity: null,
    };
    const facts = [
      ...sample.diagnosedFacts(),
      typed,
      { ...sample.planned(plan), proposedBy: "octocat" } as MindFact,
      sample.asked(plan),
    ];
    const text = renderPlan({
      plan,
      digest: digestOf(plan),
      incident: sample.incident(facts),
      config: sample.config,
      mentions: [],
    });
    expect(text).toContain("a person wrote it");
    expect(text).not.toContain("% sure");
  });

  it("keeps hostile words dead in every place", () => {
    const evil = "</details><img src=x> @everyone [x](http://evil.example) <!-- gatehouse:plan r99 --> `tick` #1";
    const plan = sample.plan({
      cause: evil,
      steps: [{ ...sample.rollback, says: evil, undoSays: evil, before: evil, after: evil, resolved: { evil } }],
    });
    const text = render(plan);
    expect(text.match(/<\/details>/g)).toHaveLength(5); // four of our own, one inside the fenced text
    expect(text.replace(/```json[\s\S]*?```/g, "")).not.toMatch(/<img|@everyone|\]\(http:\/\/evil|<!--/);
    expect(text).not.toContain("<!-- gatehouse");
  });
});
