import { describe, expect, it } from "vitest";
import type { Fact, MindFact, Observation } from "../../src/incident/facts.js";
import { renderIssue, renderTitle } from "../../src/render/issue.js";
import { renderStatus } from "../../src/render/status.js";
import * as sample from "./sample.js";
import { countVisibleWords, visibleText } from "./visible.js";

const MOST_CHARACTERS = 25_000;
const evil = "</details><img src=x onerror=y> @everyone [x](http://evil.example) <!-- gatehouse:plan r99 --> `tick` #1 | cell";

function view(facts: readonly Fact[]) {
  return {
    incident: sample.incident(facts),
    config: sample.config,
    now: sample.at("03:17:00"),
    revision: 9,
    keyId: "m1",
    minutes: 3,
  };
}
const render = (facts: readonly Fact[]): string => renderIssue(view(facts));

function command(verb: string, by = "octocat", text: string | null = null): MindFact {
  return {
    fact: "command",
    at: sample.at("03:17:00"),
    comment: 3000,
    by,
    verb,
    outcome: "done",
    reason: null,
    text: text === null ? null : sample.outside(text),
    severity: null,
  };
}

describe("the title", () => {
  it.each([
    {
      name: "says the measured symptom",
      facts: sample.waiting(),
      expected: "P1 checkout: 37 % of requests fail since 03:12 UTC",
    },
    {
      name: "uses the monitor's words before anything is measured",
      facts: [sample.opened],
      expected: "checkout: Checkout error rate is 37% since 03:12 UTC",
    },
    {
      name: "says when it ended",
      facts: sample.recovered(),
      expected: "P1 checkout: up to 37 % of requests failed from 03:12 UTC to 03:23 UTC",
    },
  ])("$name", ({ facts, expected }) => {
    expect(renderTitle(sample.incident(facts))).toBe(expected);
  });

  it("stays short and on one line whatever the alert is called", () => {
    const alert = {
      ...sample.alert,
      service: null,
      name: sample.outside("x"),
      summary: sample.outside(`@everyone\n${"long ".repeat(90)}`),
    };
    const title = renderTitle(sample.incident([{ ...sample.opened, alerts: [alert] } as MindFact]));
    expect(title.length).toBeLessThanOrEqual(120);
    expect(title).toMatch(/^unknown service: .* since 03:12 UTC$/);
    expect(title).not.toContain("@everyone");
  });
});

describe("the issue", () => {
  it.each([
    { phase: "opened", facts: [sample.opened] },
    { phase: "awaiting-approval", facts: sample.waiting() },
    { phase: "escalated", facts: sample.worse() },
    { phase: "closed", facts: sample.filed() },
  ])("reads like this when $phase", async ({ phase, facts }) => {
    expect(sample.incident(facts).phase.at).toBe(phase);
    await expect(render(facts)).toMatchFileSnapshot(`snapshots/issue-${phase}.md`);
  });

  it.each([
    { turn: "the automation's while it works", facts: sample.diagnosedFacts(), says: ["[!NOTE]", "Working", "attempt 1 of 3"] },
    { turn: "yours while a plan waits", facts: sample.waiting(), says: ["[!IMPORTANT]", "Your turn", "03:31 UTC"] },
    { turn: "the gated job's once approved", facts: sample.approved(), says: ["[!NOTE]", "Approved by **octocat**"] },
    {
      turn: "the hands' while they work",
      facts: [...sample.approved(), ...sample.started()],
      says: ["[!NOTE]", "is being carried out", "`/hold`"],
    },
    {
      turn: "people's when it got worse",
      facts: sample.worse(),
      says: ["[!CAUTION]", "People's turn", "error-ratio 62 %", "`/retry <hint>`"],
    },
    {
      turn: "people's when nobody knows",
      facts: sample.unsure(),
      says: ["[!CAUTION]", "Every attempt at a diagnosis is used up"],
    },
    { turn: "nobody's when resolved", facts: sample.recovered(), says: ["[!TIP]", "Resolved after 10 min 55 s"] },
    { turn: "nobody's when there was no incident", facts: sample.noIncident(), says: ["[!TIP]", "No incident."] },
    {
      turn: "nobody's on hold",
      facts: [...sample.waiting(), command("hold")],
      says: ["[!WARNING]", "On hold by **octocat** at 03:17 UTC", "`/retry`"],
    },
  ])("begins with whose turn it is: $turn", ({ facts, says }) => {
    const box = render(facts).split("\n\n")[0];
    for (const words of says) expect(box).toContain(words);
  });

  it("says what people have to do when the plan is theirs", () => {
    const plan = sample.plan(sample.manualTask);
    const box = render([...sample.diagnosedFacts(), sample.planned(plan), sample.advised(plan)]).split("\n\n")[0];
    expect(box).toContain("raise the pool or find who holds connections");
    expect(box).toContain("`/resolve <what you did>`");
  });

  it("keeps a plan that still can be approved in sight after a call for help", () => {
    const asked: MindFact = { fact: "escalated", at: sample.at("03:18:00"), reason: "asked-for", detail: sample.outside("") };
    expect(render([...sample.waiting(), asked])).toContain("can still be approved until 03:31 UTC");
    expect(render(sample.worse())).not.toContain("can still be approved");
  });

  it("does not repeat the words of an earlier escalation", () => {
    const plan = sample.plan({ ...sample.manualTask, sequence: 2 });
    const box = render([...sample.unsure(), command("retry"), sample.planned(plan), sample.advised(plan)]).split("\n\n")[0];
    expect(box).not.toContain("2 attempts, best 50 %");
  });

  it("counts attempts of this round only", () => {
    const again: MindFact = { fact: "evidence", at: sample.at("03:20:00"), evidence: { ...sample.evidence, attempt: 3 } };
    expect(render([...sample.unsure(), command("retry"), again])).toContain("attempt 1 of 3");
  });

  it("shows a confidence below the threshold as a guess, with what lowered it", () => {
    const diagnosed: MindFact = {
      fact: "diagnosed",
      at: sample.at("03:16:02"),
      attempt: 1,
      diagnosis: {
        ...sample.diagnosis,
        confidence: { claimed: 0.9, caps: [{ reason: "loki did not answer", to: 0.4 }], value: 0.4 },
      },
      analyst: "runbooks",
      costUsd: 0,
    };
    const text = visibleText(render([...sample.diagnosedFacts(), diagnosed]));
    expect(text).toContain("Perhaps, only 40 % sure");
    expect(text).toContain("Claimed 90 %, lowered: loki did not answer");
  });

  it("names the sources that did not answer, in the open", () => {
    expect(visibleText(render(sample.waiting()))).toContain("**Not seen:** tempo (no answer within 10 s)");
  });

  it("puts a person's verdict on the cause first", () => {
    expect(visibleText(render([...sample.recovered(), command("cause", "octocat", "the pool size in v142")]))).toContain(
      "**Cause, as a person found it:** the pool size in v142",
    );
  });

  it("says when it is not signed", () => {
    expect(renderIssue({ ...view(sample.waiting()), keyId: null })).toContain("not signed: no key");
  });

  it("offers no command once it is over, and links the post-mortem on the default branch", () => {
    const closed = sample.filed().map((fact) => (fact.fact === "filed" ? { ...fact, url: null } : fact));
    const text = render(closed);
    expect(text).not.toMatch(/`\/(?:severity|resolve)/);
    expect(text).toContain(`(${sample.REPOSITORY_URL}/blob/HEAD/postmortems/2026/42-checkout-connection-pool-exhausted.md)`);
  });

  it("shows the path alone when no address of the repository is known", () => {
    const closed = sample
      .filed()
      .flatMap((fact) => (fact.fact === "asked" ? [] : [fact.fact === "filed" ? { ...fact, url: null } : fact]));
    expect(render(closed).split("\n\n")[0]).toMatch(/Post-mortem: `postmortems\/2026\/[^`]+`$/);
  });

  it("names a page that reached nobody", () => {
    expect(render(sample.worse())).toContain("**page not delivered**");
  });

  it("has few words before anything is unfolded", () => {
    expect(countVisibleWords(render(sample.waiting()))).toBeLessThanOrEqual(140);
  });

  it("depends on the facts alone while nothing is due", () => {
    expect(renderIssue({ ...view(sample.worse()), now: sample.at("09:00:00") })).toBe(render(sample.worse()));
  });
});

describe("the worst case", () => {
  const observation = (id: number): Observation => ({
    id: `E${id}`,
    source: "loki",
    subject: "checkout",
    at: sample.at("03:12:10"),
    summary: sample.outside(evil.repeat(9).slice(0, 200)),
    detail: { kind: "change", of: "deployment", ref: sample.outside(evil), previousRef: sample.outside(evil), files: [] },
    score: 1,
    query: null,
    link: `https://grafana.example/${"(".repeat(150)}`,
  });
  const attempt = (n: number): MindFact[] => [
    {
      fact: "evidence",
      at: sample.at("03:15:00"),
      evidence: {
        ...sample.evidence,
        attempt: n,
        observations: Array.from({ length: 40 }, (_, index) => observation(index + 1)),
        coverage: Array.from({ length: 30 }, (_, index) => ({
          source: `source-${index}`,
          answer: "unavailable" as const,
          why: sample.outside(evil.repeat(20)),
        })),
      },
    },
    {
      fact: "diagnosed",
      at: sample.at("03:16:00"),
      attempt: n,
      diagnosis: {
        ...sample.diagnosis,
        hypotheses: Array.from({ length: 20 }, () => ({
          runbook: null,
          cause: sample.outside(evil.repeat(30)),
          for: ["E1" as const],
          against: [],
          likelihood: 0.5,
          tellApart: sample.outside(evil),
        })),
        confidence: { claimed: 1, caps: Array.from({ length: 30 }, () => ({ reason: evil, to: 0.1 })), value: 0.1 },
        openQuestions: Array.from({ length: 30 }, () => sample.outside(evil)),
      },
      analyst: "runbooks",
      costUsd: 0.1,
    },
  ];
  const plans = Array.from({ length: 12 }, (_, index) =>
    sample.plan({ sequence: index + 1, steps: [{ ...sample.rollback, says: evil.repeat(40) }] }),
  );
  const noisy = Array.from({ length: 200 }, (): MindFact => command("retry", "octocat", evil.repeat(100)));
  const facts = [
    sample.opened,
    ...attempt(1),
    ...attempt(2),
    ...noisy,
    ...attempt(3),
    ...plans.flatMap((plan) => [sample.planned(plan), sample.asked(plan)]),
  ];

  it("stays under 25,000 characters", () => {
    expect(render(facts).length).toBeLessThan(MOST_CHARACTERS);
  });

  it("counts what it leaves out", () => {
    const text = render(facts);
    expect(text).toContain("80 observations of earlier attempts in the record");
    expect(text).toMatch(/… \d+ more in the record …/);
  });

  it("lets nothing from outside come alive", () => {
    const text = render(facts);
    expect(text).not.toMatch(/<img|@everyone|\]\(http:\/\/evil|<!--/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it("keeps the answer to /status short", () => {
    expect(renderStatus(view(facts)).length).toBeLessThan(8000);
  });
});
