import { describe, expect, it } from "vitest";
import { message } from "../../../lab/anthropic/replies.js";
import { narrateFromFacts } from "../../../src/diagnosis/narrate.js";
import type { Incident } from "../../../src/incident/incident.js";
import type { AskMore, Looked, Selector } from "../../../src/diagnosis/claude/settings.js";
import { fold } from "../../../src/incident/fold.js";
import { readForMatching } from "../../../src/outside/match.js";
import { redact } from "../../../src/outside/redact.js";
import { anAlert, aService, ONSET } from "../../evidence/support/world.js";
import { aLog, aMetric } from "../support/observed.js";
import { CAUSE_ANSWER, poolInput, poolProposal } from "./support/incident.js";
import { OFFLINE, openSession } from "./support/desk.js";

describe("diagnose", () => {
  it("gives hypotheses with evidence for and against, and says who spoke", async () => {
    const { analyst, api, notes } = await openSession([message(CAUSE_ANSWER)]);
    const diagnosis = await analyst.diagnose(poolInput());
    expect(api.received.flatMap(({ problems }) => problems)).toEqual([]);
    expect(diagnosis).toMatchObject({
      kind: "cause",
      hypotheses: [
        { runbook: "connection-pool-exhausted", for: ["E2", "E3", "E5"], against: [], likelihood: 0.9 },
        { runbook: "bad-deploy", for: ["E4", "E1"], against: ["E2"] },
      ],
      confidence: { claimed: 0.9, caps: [], value: 0.9 },
    });
    expect(analyst.name).toBe("claude-sonnet-5-5");
    expect(notes.map(({ task, what }) => `${task} ${what}`)).toEqual(["diagnose answered"]);
  });

  it("says a runbook's cause in the runbook's words", async () => {
    const { analyst } = await openSession([message(CAUSE_ANSWER)]);
    const diagnosis = await analyst.diagnose(poolInput());
    const causes = diagnosis.kind === "cause" ? diagnosis.hypotheses.map(({ cause }) => readForMatching(cause)) : [];
    expect(causes[0]).toMatch(/^checkout has more work than database connections: v1\.5\.0 changed/);
  });

  it("drops ids that do not exist, and a hypothesis that nothing real speaks for", async () => {
    const [first, second] = CAUSE_ANSWER.hypotheses;
    const answer = {
      ...CAUSE_ANSWER,
      hypotheses: [
        { ...first, for: ["E2", "E99", "E2"] },
        { ...second, for: ["E77"], against: [] },
      ],
    };
    const { analyst, notes } = await openSession([message(answer)]);
    const diagnosis = await analyst.diagnose(poolInput());
    expect(diagnosis).toMatchObject({
      kind: "cause",
      hypotheses: [{ for: ["E2"] }],
      confidence: { claimed: 0.9, caps: [{ reason: "it cited observations that do not exist", to: 0.65 }], value: 0.65 },
    });
    expect(diagnosis.kind === "cause" && diagnosis.hypotheses).toHaveLength(1);
    expect(notes.map(({ what }) => what)).toContain("dropped");
  });

  it("takes the offline diagnosis when nothing of the answer is left", async () => {
    const hypotheses = CAUSE_ANSWER.hypotheses.map((each) => ({ ...each, for: ["E98"], against: ["E99"] }));
    const { analyst } = await openSession([message({ ...CAUSE_ANSWER, hypotheses })]);
    expect(await analyst.diagnose(poolInput())).toEqual(await OFFLINE.diagnose(poolInput()));
    expect(analyst.name).toBe("runbooks (claude-sonnet-5-5: its answer did not fit, also at the second attempt)");
  });

  it("lets unknown runbooks go, and keeps the model's own sentence", async () => {
    const hypotheses = CAUSE_ANSWER.hypotheses.map((each) => ({ ...each, runbook: "delete-everything" }));
    const { analyst } = await openSession([message({ ...CAUSE_ANSWER, hypotheses })]);
    const diagnosis = await analyst.diagnose(poolInput());
    expect(diagnosis).toMatchObject({ kind: "cause", hypotheses: [{ runbook: null }, { runbook: null }] });
  });

  it("never closes an incident on a model's word", async () => {
    const answer = { ...CAUSE_ANSWER, hypotheses: [], verdict: "no-incident", healthy: ["E1"] };
    const { analyst, notes } = await openSession([message(answer)]);
    expect(await analyst.diagnose(poolInput())).toMatchObject({ kind: "unknown" });
    expect(notes.map(({ what }) => what)).toContain("overruled");
  });

  it("answers no incident where what was measured shows health", async () => {
    const calm = poolInput({ observations: [aMetric("E1", "error-ratio", "steady")] });
    const { analyst } = await openSession([
      message({ ...CAUSE_ANSWER, hypotheses: [], verdict: "no-incident", healthy: ["E1"] }),
    ]);
    expect(await analyst.diagnose(calm)).toMatchObject({ kind: "no-incident", cites: ["E1"] });
  });

  it("says in code's words why it does not know", async () => {
    const answer = { ...CAUSE_ANSWER, hypotheses: [], verdict: "unknown", doubt: "sources-missing" };
    const { analyst } = await openSession([message(answer)]);
    expect(await analyst.diagnose(poolInput())).toMatchObject({
      kind: "unknown",
      why: "the sources that would tell did not answer",
    });
  });
});

describe("asking for more", () => {
  const looking = (look: (selector: Selector) => Looked): AskMore => ({
    sources: ["github"],
    look: (selector) => Promise.resolve(look(selector)),
  });
  const neighbour = aService({ name: "payments-db", dependsOn: [] });
  const services = new Map([["payments-db", neighbour]]);
  const ask = (service: string, signal: string, window = "2h"): object => ({ service, signal, window });

  it("looks at named signals of named services and numbers what is new", async () => {
    const asked: string[] = [];
    const { analyst, api } = await openSession(
      [
        message(
          { questions: [ask("payments-db", "error-ratio"), ask("payments-db", "github", "24h")] },
          { model: "claude-haiku-5-5" },
        ),
        message({ questions: [] }),
        message(CAUSE_ANSWER),
      ],
      {
        services,
        more: looking(({ service, signal, windowMs }) => {
          asked.push(`${service.name} ${signal} ${windowMs}`);
          const { id: _id, ...finding } = aLog("E1", `${service.name} ${signal} is quiet`);
          return { kind: "found", findings: [finding] };
        }),
      },
    );
    await analyst.diagnose(poolInput());
    expect(asked).toEqual(["payments-db error-ratio 7200000", "payments-db github 86400000"]);
    expect(analyst.learned().map(({ id }) => id)).toEqual(["E6", "E7"]);
    expect(api.received.map(({ body }) => body?.model)).toEqual(["claude-haiku-5-5", "claude-haiku-5-5", "claude-sonnet-5-5"]);
    expect(JSON.stringify(api.received[2]?.body)).toContain("payments-db github is quiet");
  });

  it("asks nothing twice, nothing that does not exist, and four things at most", async () => {
    const asked: string[] = [];
    const greedy = message({
      questions: [
        ask("checkout", "error-ratio"),
        ask("checkout", "error-ratio"),
        ask("orders", "error-ratio"),
        ask("checkout", "passwords"),
        ask("checkout", "errors"),
        ask("checkout", "pool-waiting"),
      ],
    });
    const { analyst, api } = await openSession((_request, n) => (n <= 2 ? greedy : message(CAUSE_ANSWER)), {
      more: looking(({ service, signal }) => {
        asked.push(`${service.name} ${signal}`);
        return signal === "errors" ? { kind: "silent" } : { kind: "found", findings: [] };
      }),
    });
    await analyst.diagnose(poolInput());
    expect(asked).toEqual(["checkout error-ratio", "checkout errors", "checkout pool-waiting"]);
    expect(api.received).toHaveLength(3);
    const told = JSON.stringify(api.received[1]?.body?.messages);
    expect(told).toContain("it was looked at already");
    expect(told).toContain("no such service among those that can be looked at");
    expect(told).toContain("this service has no such signal, and there is no such source");
    expect(told).toContain("no answer: it has shown nothing");
    expect(told).toContain("nothing new");
    expect(JSON.stringify(api.received[2]?.body?.messages)).toContain("nothing new"); // the diagnosis hears of it as well
  });

  it("asks those that need the service as well, and nobody further away", async () => {
    const asked: string[] = [];
    const far = new Map([
      ["web", aService({ name: "web", dependsOn: ["checkout"] })],
      ["far", aService({ name: "far", dependsOn: ["web"] })],
    ]);
    const { analyst } = await openSession(
      [message({ questions: [ask("web", "errors"), ask("far", "errors")] }), message({ questions: [] }), message(CAUSE_ANSWER)],
      {
        services: far,
        more: looking(({ service }) => {
          asked.push(service.name);
          return { kind: "found", findings: [] };
        }),
      },
    );
    await analyst.diagnose(poolInput());
    expect(asked).toEqual(["web"]);
  });

  it("learns a dozen things at most, which take the place of the weakest where the record is full", async () => {
    const full = Array.from({ length: 40 }, (_, index) => ({
      ...aLog(`E${index + 1}`, `line ${index}`),
      score: (40 - index) / 100,
    }));
    const found = Array.from({ length: 9 }, (_, index) => {
      const { id: _id, ...finding } = aLog("E1", `news ${index}`);
      return { ...finding, summary: redact(`news ${index}`) };
    });
    const four = ["error-ratio", "errors", "pool-waiting", "github"].map((signal) => ask("checkout", signal));
    const { analyst, api } = await openSession([message({ questions: four }), message(CAUSE_ANSWER)], {
      more: looking(({ signal }) => ({
        kind: "found",
        findings: found.map((each) => ({ ...each, summary: redact(`${signal} ${readForMatching(each.summary)}`) })),
      })),
    });
    await analyst.diagnose(poolInput({ observations: full }));
    expect(analyst.learned()).toHaveLength(12);
    const sent = JSON.stringify(api.received.at(-1)?.body?.messages);
    expect(sent).toContain("news 5");
    expect(sent).toContain('\\"id\\":\\"E28\\"');
    expect(sent).not.toContain('\\"id\\":\\"E29\\"');
  });

  it("goes on without when the small model gives no answer", async () => {
    const { analyst } = await openSession((_request, n) => message(n <= 2 ? { questions: "all" } : CAUSE_ANSWER), {
      more: { sources: [], look: () => Promise.reject(new Error("never asked")) },
    });
    expect(await analyst.diagnose(poolInput())).toMatchObject({ kind: "cause" });
    expect(analyst.name).toBe("claude-sonnet-5-5");
  });
});

describe("triage", () => {
  const alerts = [anAlert({ severity: "P2" })] as const;
  const answer = { shows: "complete-outage", alerts: ["A1"], severity: "P0" };

  it("asks nobody where the error ratio was measured", async () => {
    const { analyst, api } = await openSession([message(answer)]);
    expect(await analyst.triage({ alerts, service: aService(), errorRatio: 0.4 })).toMatchObject({ severity: "P1" });
    expect(api.received).toHaveLength(0);
    expect(analyst.name).toBe("runbooks");
  });

  it.each([
    { name: "raises by one step at most", reply: answer, severity: "P1" },
    { name: "never lowers", reply: { ...answer, severity: "P3" }, severity: "P2" },
    { name: "raises nothing on alerts that do not exist", reply: { ...answer, alerts: ["A2", "E1"] }, severity: "P2" },
  ])("$name", async ({ reply, severity }) => {
    const { analyst } = await openSession([message(reply)]);
    expect((await analyst.triage({ alerts, service: aService(), errorRatio: null })).severity).toBe(severity);
  });

  it("gives its reason in code's words", async () => {
    const { analyst } = await openSession([message(answer)]);
    const { why } = await analyst.triage({ alerts, service: aService(), errorRatio: null });
    expect(why).toBe(
      "the monitor's own severity: the error ratio could not be measured; raised from P2 by claude-haiku-5-5: the alerts report a complete outage",
    );
  });
});

describe("propose", () => {
  const answer = { because: ["E5", "E42"], moves: [{ move: "M1", when: "always" }], risk: "medium" };

  it("gives a move of the catalogue with the runbook's verification", async () => {
    const { analyst } = await openSession([message(answer)]);
    expect(await analyst.propose(poolProposal())).toEqual({
      service: "checkout",
      choices: [{ action: "github.workflow", target: "release", params: { to: "previous" }, when: "always" }],
      because: ["E5"],
      claimedRisk: "medium",
      verify: (await OFFLINE.propose(poolProposal()))?.verify,
      runbook: { id: "connection-pool-exhausted", sha: "c".repeat(40) },
    });
  });

  it("means by a version the one that an observation names, never one the model writes", async () => {
    const { analyst, api } = await openSession([message({ ...answer, moves: [{ move: "M2", when: "always" }] })]);
    expect(await analyst.propose(poolProposal())).toMatchObject({ choices: [{ params: { to: "v1.4.2" } }] });
    const sent = JSON.stringify(api.received[0]?.body?.messages);
    expect(sent).toContain("the version that was live before E4");
    expect(sent.slice(0, sent.indexOf("<<<DATA"))).not.toContain("v1.4.2");
  });

  it.each([
    { name: "no move", moves: [] },
    { name: "a move that is not in the list", moves: [{ move: "M99", when: "always" }] },
  ])("proposes nothing for $name", async ({ moves }) => {
    const { analyst } = await openSession([message({ ...answer, moves })]);
    expect(await analyst.propose(poolProposal())).toBeNull();
  });

  it("offers nothing that was tried in this incident, and asks nobody when nothing is left", async () => {
    const failed = [{ cause: "the pool", action: "github.workflow" }];
    const { analyst, api } = await openSession([message(answer)]);
    await analyst.propose(poolProposal({ failed }));
    const offered = JSON.stringify(api.received.map(({ body }) => body?.messages));
    expect(offered).not.toContain("github.workflow release");
    const everything = [...failed, { cause: "the pool", action: "manual" }];
    await analyst.propose(poolProposal({ failed: everything }));
    expect(api.received.length).toBeLessThanOrEqual(1);
  });
});

describe("narrate", () => {
  const incident: Incident = fold(7, [
    {
      fact: "opened",
      at: ONSET,
      key: "k",
      alerts: [anAlert({ summary: redact("Checkout error rate is 37%") })],
      reportedBy: null,
    },
  ]);
  const answer = { summary: ["Checkout failed for 37 of 100 requests."], wentWell: [], wentBadly: ["Nobody was told."] };

  it("gives the model's paragraphs", async () => {
    const { analyst } = await openSession([message({ ...answer, summary: ["Checkout error rate reached 37%."] })]);
    const { summary, wentBadly } = await analyst.narrate(incident);
    expect([...summary, ...wentBadly].map((text) => readForMatching(text))).toEqual([
      "Checkout error rate reached 37%.",
      "Nobody was told.",
    ]);
  });

  it("takes the record's own words when the model invents a figure twice", async () => {
    const { analyst, notes } = await openSession([message({ ...answer, summary: ["It took 4,711 minutes."] })]);
    expect(await analyst.narrate(incident)).toEqual(narrateFromFacts(incident));
    expect(notes.at(-1)).toMatchObject({ what: "fell-back", trouble: "invalid-answer" });
  });
});
