import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact, FactOf, HandsFact, MindFact } from "../../src/incident/facts.js";
import { fold, mergeFacts } from "../../src/incident/fold.js";
import { digestOf } from "../../src/plan/digest.js";
import { PHASES } from "../../src/words.js";
import * as sample from "../render/sample.js";
import { executions, facts as someFacts, mindFacts as someMindFacts } from "./arbitraries.js";
import { handsFacts, mindFacts } from "./support.js";

const at = sample.at("03:25:00");
const plan = sample.plan();
const digest = digestOf(plan);
const second = sample.plan({ sequence: 2 });

function command(verb: string, changes: Partial<FactOf<"command">> = {}): MindFact {
  const said = { by: "octocat", outcome: "done" as const, reason: null, text: null, severity: null };
  return { fact: "command", at, comment: 3001, verb, ...said, ...changes };
}
function escalated(reason: string): MindFact {
  return { fact: "escalated", at, reason, detail: sample.outside("") };
}
const approved: MindFact = { fact: "approved", at, warrant: sample.warrantFor(digest) };
const ended = (outcome: FactOf<"execution-ended">["outcome"]): HandsFact => ({
  fact: "execution-ended",
  at,
  outcome,
  detail: null,
});

describe("the fold", () => {
  it("stands after every prefix of any list of facts", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        for (let length = 1; length <= facts.length; length += 1) {
          const incident = fold(42, facts.slice(0, length));
          expect(PHASES).toContain(incident.phase.at);
          expect(incident.attempt).toBeGreaterThanOrEqual(1);
          expect(incident.facts).toHaveLength(length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same incident for the same facts and leaves them as they are", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const before = structuredClone(facts);
        expect(fold(42, facts)).toEqual(fold(42, structuredClone(facts)));
        expect(facts).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it("never says that an unapproved plan is being carried out", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const { phase } = fold(42, facts);
        if (phase.at !== "approved" && phase.at !== "remediating") return;
        const warrants = facts.flatMap((fact) => (fact.fact === "approved" ? [fact.warrant.digest] : []));
        expect(warrants).toContain(phase.plan.digest);
      }),
      { numRuns: 300 },
    );
  });

  it("never brings a plan back that a person rejected or that ran out", () => {
    fc.assert(
      fc.property(fc.constantFrom("rejected", "no-answer", "worse", "automation-error"), (reason) => {
        const { phase, deadDigests } = fold(42, [...sample.waiting(), escalated(reason), approved]);
        expect(phase).toEqual({ at: "escalated", reason, plan: null });
        expect(deadDigests.has(digest)).toBe(true);
      }),
    );
  });

  it("refuses a list that does not begin with the opening", () => {
    for (const facts of [[], sample.waiting().slice(1)])
      expect(() => fold(42, facts)).toThrow('The journal of incident #42 does not begin with "opened".');
  });
});

describe("the phase", () => {
  it.each<{ name: string; facts: readonly Fact[]; phase: object }>([
    { name: "opened", facts: [sample.opened], phase: { at: "opened" } },
    {
      name: "waiting for an answer",
      facts: sample.waiting(),
      phase: { at: "awaiting-approval", plan: { digest, comment: 2002 } },
    },
    {
      name: "approved",
      facts: sample.approved(),
      phase: { at: "approved", plan: { digest }, warrant: { by: ["octocat"], comments: [2003] } },
    },
    {
      name: "being carried out",
      facts: [...sample.approved(), ...sample.started()],
      phase: { at: "remediating", execution: { run: 901, outcome: null, effects: [{ step: 1, outcome: "ok" }] } },
    },
    { name: "resolved", facts: sample.recovered(), phase: { at: "resolved", narrated: false } },
    { name: "closed", facts: sample.filed(), phase: { at: "closed" } },
    {
      name: "with people and the plan still open, when they asked for help",
      facts: [...sample.waiting(), escalated("asked-for")],
      phase: { at: "escalated", plan: { digest } },
    },
    {
      name: "with people who carry the plan out",
      facts: [...sample.waiting().slice(0, -2), sample.advised(plan)],
      phase: { at: "escalated", reason: "people-act", plan: { digest, bodySha256: "" } },
    },
    { name: "triaged again after a retry", facts: [...sample.waiting(), command("retry")], phase: { at: "triaged" } },
    {
      name: "unchanged by an approval of another plan",
      facts: [...sample.waiting(), { ...approved, warrant: sample.warrantFor(digestOf(second)) }],
      phase: { at: "awaiting-approval" },
    },
    {
      name: "unchanged by an execution that nobody approved",
      facts: [...sample.waiting(), ...sample.started()],
      phase: { at: "awaiting-approval" },
    },
    {
      name: "unchanged by the announcement of a plan that was never made",
      facts: [...sample.diagnosedFacts(), sample.asked(plan)],
      phase: { at: "diagnosed" },
    },
  ])("is $name", ({ facts, phase }) => {
    expect(fold(42, facts).phase).toMatchObject(phase);
  });

  it("is approved again, not forgotten, when a person asked for help in between", () => {
    const mind = [...mindFacts(sample.approved()), escalated("asked-for"), approved];
    const hands = [...sample.started(), ended("recovered")];
    const { phase } = fold(42, mergeFacts(mind, new Map([[digest, hands]])));
    expect(phase).toMatchObject({ at: "remediating", execution: { outcome: "recovered" } });
  });
});

describe("what a person said", () => {
  it.each<{ name: string; said: MindFact[]; expected: object }>([
    { name: "a hold holds", said: [command("hold")], expected: { held: true } },
    { name: "a retry ends a hold", said: [command("hold"), command("retry")], expected: { held: false } },
    { name: "a fresh approval ends a hold", said: [command("hold"), command("approve")], expected: { held: false } },
    { name: "a refused hold does not hold", said: [command("hold", { outcome: "refused" })], expected: { held: false } },
    { name: "a help does not end a hold", said: [command("hold"), command("help")], expected: { held: true } },
    { name: "who is on it is kept", said: [command("ack", { by: "tess" })], expected: { acknowledgedBy: "tess" } },
    {
      name: "their severity stands above a later triage",
      said: [command("severity", { severity: "P0" }), { ...triaged("P3") }],
      expected: { severity: "P0", severityByPerson: "P0" },
    },
    {
      name: "their cause is kept in their words",
      said: [command("cause", { text: sample.outside("a full disk") })],
      expected: { causeByPerson: "a full disk" },
    },
    {
      name: "a hint goes to the next round of attempts",
      said: [command("retry", { text: sample.outside("look at the disk") })],
      expected: { hints: ["look at the disk"], attempt: 2, roundStart: 2 },
    },
    { name: "an empty hint is none", said: [command("retry")], expected: { hints: [] } },
    {
      name: "every comment is marked as dealt with, refused or not",
      said: [command("ack"), command("retry", { comment: 3002, outcome: "refused" })],
      expected: { answered: new Set([2003, 3001, 3002]) },
    },
  ])("$name", ({ said, expected }) => {
    expect(fold(42, [...sample.approved(), ...said])).toMatchObject(expected);
  });

  it("a retry voids every plan made so far", () => {
    const facts = [...sample.waiting(), sample.planned(second), sample.asked(second), command("retry")];
    expect(fold(42, facts).deadDigests).toEqual(new Set([digest, digestOf(second)]));
  });
});

describe("plans and executions", () => {
  it("a newer plan voids the older ones", () => {
    const incident = fold(42, [...sample.waiting(), sample.planned(second)]);
    expect(incident.plans.map((made) => made.digest)).toEqual([digest, digestOf(second)]);
    expect(incident.deadDigests).toEqual(new Set([digest]));
  });

  it("a plan that was carried out is dead, whatever came of it", () => {
    const facts = [...sample.approved(), ...sample.started(), ended("unchanged")];
    expect(fold(42, facts).deadDigests.has(digest)).toBe(true);
  });

  it("an effect that was intended and not finished stays open", () => {
    const { executions: done } = fold(42, [...sample.approved(), ...sample.started().slice(0, 2)]);
    expect(done[0]?.effects).toMatchObject([{ step: 1, direction: "apply", outcome: null, intendedAt: sample.at("03:19:22") }]);
  });

  it("who resumed it is known by run and reservation", () => {
    const resumed: HandsFact = { fact: "execution-resumed", at, reservation: 2, run: 902 };
    const { phase } = fold(42, [...sample.approved(), ...sample.started(), resumed]);
    expect(phase).toMatchObject({ execution: { run: 902, reservation: 2, startedAt: sample.at("03:19:20") } });
  });
});

describe("alerts", () => {
  const again = (changes: object): MindFact => ({
    fact: "alerted-again",
    at,
    comment: 2500,
    key: "k2",
    alerts: [{ ...sample.alert, ...changes }],
  });

  it("the same fingerprint counts, the newest word stands, and the comment is dealt with", () => {
    const incident = fold(42, [sample.opened, again({ state: "resolved" })]);
    expect(incident.alerts).toMatchObject([{ count: 2, alert: { state: "resolved" } }]);
    expect(incident.keys).toEqual(new Set(["k1", "k2"]));
    expect(incident.answered).toEqual(new Set([2500]));
  });

  it("another fingerprint is another alert of the same incident", () => {
    expect(fold(42, [sample.opened, again({ fingerprint: "f2" })]).alerts).toHaveLength(2);
  });

  it("a new word of the monitor has to be checked again", () => {
    const checked: MindFact = { fact: "recovery-checked", at, healthy: false, errorRatio: 0.4 };
    expect(fold(42, [sample.opened, checked]).recoveryCheckedAt).toEqual(at);
    expect(fold(42, [sample.opened, checked, again({ state: "resolved" })]).recoveryCheckedAt).toBeNull();
  });

  it("the onset is the earliest start, the service the first that is known", () => {
    const strangers = { ...sample.opened, alerts: [{ ...sample.alert, service: null, fingerprint: "f0" }, sample.alert] } as Fact;
    expect(fold(42, [strangers])).toMatchObject({ service: "checkout", onset: sample.alert.startedAt });
  });
});

describe("pages", () => {
  const paged = (reached: string[], failed: string[]): MindFact => ({
    fact: "paged",
    at,
    key: "opened",
    reason: "opened",
    reached,
    failed,
  });

  it.each([
    { name: "every channel took it", fact: paged(["github", "webhook"], []), sent: true },
    { name: "the mention is all there is", fact: paged(["github"], []), sent: true },
    { name: "one that can wake somebody took it", fact: paged(["webhook"], ["opsgenie"]), sent: true },
    { name: "only the mention was left, which wakes nobody", fact: paged(["github"], ["webhook"]), sent: false },
    { name: "there is no channel to try", fact: paged([], []), sent: true },
    { name: "every channel failed", fact: paged([], ["webhook"]), sent: false },
  ])("are sent or not when $name", ({ fact, sent }) => {
    expect(fold(42, [sample.opened, fact]).pagesSent.has("opened")).toBe(sent);
  });
});

describe("mergeFacts", () => {
  const hands = handsFacts(sample.recovered());

  it("puts the hands' facts right after the approval, in their own order", () => {
    const mind = mindFacts(sample.recovered());
    expect(mergeFacts(mind, new Map([[digest, hands]]))).toEqual(sample.recovered());
  });

  it("leaves out what nobody approved", () => {
    const mind = mindFacts(sample.waiting());
    expect(mergeFacts(mind, new Map([[digest, hands]]))).toEqual(mind);
  });

  it("keeps the order of each writer, adds nothing and loses no fact of the mind", () => {
    fc.assert(
      fc.property(someMindFacts, executions, (mind, records) => {
        const merged = mergeFacts(mind, records);
        expect(merged.filter((fact) => (mind as readonly Fact[]).includes(fact))).toEqual(mind);
        for (const record of records.values()) {
          const present = merged.filter((fact) => (record as readonly Fact[]).includes(fact));
          expect([[], record]).toContainEqual(present);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function triaged(severity: "P3"): MindFact {
  return { fact: "triaged", at, triage: { severity, services: [], why: "", errorRatio: null }, analyst: "runbooks" };
}
