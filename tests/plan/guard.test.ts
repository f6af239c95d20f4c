import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "../../src/actions/action.js";
import { catalogue } from "../../src/actions/catalogue.js";
import { guard, type GuardContext, type Guarded } from "../../src/plan/guard.js";
import { digestOf } from "../../src/plan/digest.js";
import { Plan } from "../../src/plan/plan.js";
import type { Choice, Proposal } from "../../src/plan/proposal.js";
import { maxRisk, RISKS, SEVERITIES, type Risk } from "../../src/words.js";
import * as sample from "../render/sample.js";
import { choice, configWith, contextWith, createTestAction, history, NOW, proposal, release, serviceWith } from "./support.js";

const manualChoice: Choice = {
  action: "manual",
  target: "people",
  params: { task: "find who holds connections" },
  when: "always",
};
const stateful = { ...release, stateful: true };
const minute = 60_000;
const workflow = catalogue.get("github.workflow");
/** A step of the usual action takes as long. */
const lasting = (limitMs: number): GuardContext["catalogue"] =>
  new Map([...catalogue, ...(workflow ? [["github.workflow", { ...workflow, limitMs }] as const] : [])]);

function rulesOf(guarded: Guarded): readonly string[] {
  return guarded.kind === "refused" ? guarded.findings.map(({ rule }) => rule) : [];
}
function planOf(guarded: Guarded): Plan {
  if (guarded.kind !== "sealed") throw new Error(`Refused: ${guarded.findings.map(({ message }) => message).join(" ")}`);
  return guarded.plan.plan;
}
const judge = (said: Partial<Proposal> = {}, context: Partial<GuardContext> = {}): Guarded =>
  guard({ ...proposal, ...said }, contextWith(context));

describe("a plan that breaks no rule", () => {
  const guarded = judge();
  const plan = planOf(guarded);

  it("is sealed with the digest of exactly what it says, in the journal's form", () => {
    expect(guarded).toMatchObject({ plan: { digest: digestOf(plan) } });
    expect(Plan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it("holds all that an approval covers", () => {
    expect(plan).toMatchObject({
      repositoryId: 1001,
      incident: 42,
      attempt: 1,
      sequence: 1,
      service: "checkout",
      environment: "production-gate",
      cause: "the pool is too small",
      runbook: proposal.runbook,
      risk: "low",
      reversible: true,
      touchesProduction: true,
      carriedOutBy: "hands",
      quorum: 1,
      verify: {
        criteria: [{ kind: "signal", service: "checkout", signal: "error-ratio", holds: "below", bound: 0.05, unit: "ratio" }],
        soakMs: 2 * minute,
        stepMs: 15_000,
      },
      configSha: sample.config.sha,
      createdAt: NOW,
    });
    expect(plan.steps).toMatchObject([
      {
        number: 1,
        action: "github.workflow",
        actionVersion: 1,
        target: "release",
        address: release.address,
        before: "v142",
        after: "v141",
        undo: "to-before",
        onUnchanged: "keep",
        when: "always",
      },
    ]);
  });

  it.each(SEVERITIES)("can be answered for as long as the config gives %s", (severity) => {
    const { expiresAt } = planOf(judge({}, { severity }));
    expect(expiresAt.getTime() - NOW.getTime()).toBe(sample.config.gate.answerWithinMs[severity]);
  });

  it.each<{ name: string; said?: Partial<Proposal>; context?: Partial<GuardContext>; by: "hands" | "people" }>([
    { name: "the hands in mode act", by: "hands" },
    { name: "people in mode propose", context: { service: serviceWith({ mode: "propose" }) }, by: "people" },
    { name: "people when it is a task", said: { choices: [manualChoice] }, by: "people" },
  ])("is carried out by $name", ({ said, context, by }) => {
    expect(planOf(judge(said, context)).carriedOutBy).toBe(by);
  });
});

describe("each rule alone", () => {
  const freeze = [{ from: new Date(NOW.getTime() - minute), until: new Date(NOW.getTime() + minute), why: "holidays" }];
  const names = Array.from({ length: 6 }, (_, index) => `release-${index}`);
  const six = names.map((target): Choice => ({ ...choice, target })) as unknown as Proposal["choices"];
  const two = six.slice(0, 2) as unknown as Proposal["choices"];
  const many = serviceWith({}, ...names.map((name) => ({ ...release, name })));
  const sights = (count: number) => ({ service: many, sights: Array.from({ length: count }, () => ({ seen: history })) });

  it.each<{ rule: string; name: string; said?: Partial<Proposal>; context?: Partial<GuardContext>; says: string }>([
    {
      rule: "unknown-action",
      name: "an action that is not in the catalogue",
      said: { choices: [{ ...choice, action: "kubernetes.delete" }] },
      says: "The catalogue has github.workflow, manual.",
    },
    {
      rule: "unknown-target",
      name: "a target that the service does not have",
      said: { choices: [{ ...choice, target: "database" }] },
      says: "It has release.",
    },
    {
      rule: "action-target-mismatch",
      name: "a target of another action",
      said: { choices: [{ ...choice, action: "manual", params: { task: "push it over" } }] },
      says: "is moved by github.workflow, not by manual",
    },
    {
      rule: "unknown-service",
      name: "a proposal for another service than the incident's",
      said: { service: "payments-db" },
      says: "checkout, not payments-db",
    },
    {
      rule: "bad-parameters",
      name: "a version that was never live",
      said: { choices: [{ ...choice, params: { to: "v99" } }] },
      says: "v99 was never live",
    },
    {
      rule: "bad-parameters",
      name: "a parameter that the action does not take",
      said: { choices: [{ ...choice, params: { to: "previous", force: true } }] },
      says: 'takes only "to"',
    },
    {
      rule: "bad-parameters",
      name: "a task for people among the steps of the hands",
      said: { choices: [choice, manualChoice] },
      context: { sights: [{ seen: history }, { seen: null }] },
      says: "propose two plans",
    },
    {
      rule: "no-change",
      name: "a version that is live already",
      said: { choices: [{ ...choice, params: { to: "v142" } }] },
      says: 'already at "v142"',
    },
    {
      rule: "cannot-observe",
      name: "a target that could not be looked at",
      context: { sights: [{ cannot: "503" }] },
      says: "503",
    },
    { rule: "cannot-observe", name: "a target nobody looked at", context: { sights: [] }, says: "it was not looked at" },
    { rule: "mode-observe", name: "mode observe", context: { service: serviceWith({ mode: "observe" }) }, says: "mode observe" },
    {
      rule: "too-many-steps",
      name: "more steps than allowed",
      said: { choices: six },
      context: { ...sights(6), catalogue: lasting(minute) },
      says: "6 steps; remediation.max-steps allows 5",
    },
    {
      rule: "too-many-steps",
      name: "steps that take longer together than a job has",
      said: { choices: two },
      context: { ...sights(2), catalogue: lasting(20 * minute + 1) },
      says: "40 are left by the hour",
    },
    {
      rule: "bad-parameters",
      name: "two steps on one target",
      said: { choices: [choice, { ...choice, when: "if-not-recovered" }] },
      context: { sights: [{ seen: history }, { seen: history }] },
      says: 'Two steps move the target "release"',
    },
    {
      rule: "quorum-unreachable",
      name: "more approvals than there are approvers",
      said: { claimedRisk: "high" },
      context: {
        config: { ...sample.config, gate: { ...sample.config.gate, approvers: { roles: [], users: ["octocat"], teams: [] } } },
      },
      says: "needs 2 approvals, but gate.approvers names 1 people",
    },
    {
      rule: "empty-plan",
      name: "a fallback in the first place",
      said: { choices: [{ ...choice, when: "if-not-recovered" }] },
      says: "cannot be a fallback",
    },
    { rule: "freeze", name: "a freeze window", context: { config: configWith({ freeze }) }, says: "holidays" },
    { rule: "breaker", name: "the breaker", context: { recentRemediations: 3 }, says: "3 times within 60 minutes" },
    {
      rule: "stateful-target",
      name: "a target that holds data",
      context: { service: serviceWith({}, stateful) },
      says: "holds data",
    },
    {
      rule: "data-loss",
      name: "a P0 that speaks of lost data",
      context: { severity: "P0", symptomWords: "Data loss in orders" },
      says: '"data loss"',
    },
    {
      rule: "data-loss",
      name: "a P0 whose cause speaks of an intruder",
      context: { severity: "P0", cause: "unauthorized access to the admin page" },
      says: '"unauthorized access"',
    },
    {
      rule: "no-criteria",
      name: "nothing but the alert to tell recovery by",
      said: { verify: [{ alert: "not-firing" }] },
      says: "Nothing measurable",
    },
    {
      rule: "no-criteria",
      name: "no criterion and no error-ratio to fall back on",
      said: { verify: [] },
      context: { service: serviceWith({ signals: new Map() }) },
      says: "give it a signal named error-ratio",
    },
    {
      rule: "unknown-signal",
      name: "a criterion on a signal that nobody reviewed",
      said: { verify: [{ signal: "cpu", below: 1 }] },
      says: 'has no metric "cpu"; it has error-ratio, pool-waiting',
    },
    {
      rule: "environment-missing",
      name: "a gate that does not exist",
      context: { environment: { name: "production-gate", exists: false, branches: null, requiredReviewers: 0 } },
      says: "does not exist",
    },
    {
      rule: "environment-unprotected",
      name: "a gate that any branch may pass",
      context: { environment: { name: "production-gate", exists: true, branches: null, requiredReviewers: 2 } },
      says: "any branch",
    },
  ])("$rule: refuses $name", ({ rule, said, context, says }) => {
    const guarded = judge(said, context);
    expect(rulesOf(guarded)).toEqual([rule]);
    expect(guarded).toMatchObject({ findings: [{ message: expect.stringContaining(says) }] });
  });

  it("tells every finding, not only the first", () => {
    const guarded = judge(
      { choices: [{ ...choice, action: "rm" }], verify: [{ signal: "cpu", below: 1 }] },
      { service: serviceWith({ mode: "observe" }) },
    );
    expect(rulesOf(guarded)).toEqual(["unknown-action", "unknown-signal", "mode-observe"]);
  });
});

describe("the edges of a rule", () => {
  const windowOf = (fromMs: number, untilMs: number) => ({
    config: configWith({
      freeze: [{ from: new Date(NOW.getTime() + fromMs), until: new Date(NOW.getTime() + untilMs), why: "x" }],
    }),
  });
  it.each<{ name: string; context: Partial<GuardContext>; said?: Partial<Proposal>; refused: readonly string[] }>([
    { name: "a freeze begins with its first moment", context: windowOf(0, 1), refused: ["freeze"] },
    { name: "a freeze is over at its end", context: windowOf(-minute, 0), refused: [] },
    { name: "a freeze that begins later does not count", context: windowOf(1, minute), refused: [] },
    { name: "one remediation below the breaker passes", context: { recentRemediations: 2 }, refused: [] },
    { name: "data loss below P0 is for the responders to weigh", context: { symptomWords: "data loss" }, refused: [] },
    { name: "a word within another word is none", context: { severity: "P0", symptomWords: "incorruptible" }, refused: [] },
    {
      name: "a task for people needs no gate",
      said: { choices: [manualChoice] },
      context: { environment: { name: "production-gate", exists: false, branches: null, requiredReviewers: 0 } },
      refused: [],
    },
    {
      name: "a task for people may be given in a freeze",
      said: { choices: [manualChoice] },
      context: windowOf(0, minute),
      refused: [],
    },
    {
      name: "with trust-writers an open gate is accepted",
      context: {
        config: configWith({}, { trustWriters: true }),
        environment: { name: "production-gate", exists: true, branches: null, requiredReviewers: 0 },
      },
      refused: [],
    },
    {
      name: "mode propose needs no gate",
      context: {
        service: serviceWith({ mode: "propose" }),
        environment: { name: "production-gate", exists: false, branches: null, requiredReviewers: 0 },
      },
      refused: [],
    },
  ])("$name", ({ context, said, refused }) => {
    expect(rulesOf(judge(said, context))).toEqual(refused);
  });
});

describe("the risk", () => {
  const target = { ...release, name: "box", action: "test.move" };
  function riskOf(claimed: Risk, risks: readonly Risk[], undo: "to-before" | "none", production: boolean): Plan {
    const moves = risks.map((risk, index) =>
      createTestAction({
        name: `test.move${index}`,
        aim: () => ({ before: 0, after: index + 1, resolved: {}, risk, undo, says: "move", undoSays: null }),
        holds: () => false,
      }),
    );
    const targets = moves.map(({ name }) => ({ ...target, name, action: name, production }));
    return planOf(
      judge(
        {
          claimedRisk: claimed,
          choices: moves.map(
            ({ name }): Choice => ({ action: name, target: name, params: {}, when: "always" }),
          ) as unknown as Proposal["choices"],
        },
        {
          catalogue: new Map(moves.map((move) => [move.name, move])),
          service: serviceWith({}, ...targets),
          sights: moves.map(() => ({ seen: 0 })),
        },
      ),
    );
  }

  it("is the highest of all steps and of what was claimed, and brings its quorum", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RISKS),
        fc.array(fc.constantFrom(...RISKS), { minLength: 1, maxLength: 4 }),
        fc.constantFrom("to-before" as const, "none" as const),
        fc.boolean(),
        (claimed, risks, undo, production) => {
          const plan = riskOf(claimed, risks, undo, production);
          const floor: Risk = undo === "none" && production ? "medium" : "low";
          expect(plan.risk).toBe(maxRisk(claimed, floor, ...risks));
          expect(plan.quorum).toBe(sample.config.gate.quorum[plan.risk]);
          expect(plan.reversible).toBe(undo === "to-before");
          expect(plan.touchesProduction).toBe(production);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("whatever a proposal says", () => {
  const word = fc.oneof(
    fc.constantFrom("github.workflow", "manual", "release", "people", "database", "payments-db", "__proto__"),
    fc.string({ maxLength: 20 }),
  );
  const mostly = <T>(usual: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
  const params = fc.dictionary(fc.oneof(fc.constantFrom("to", "task", "risk", "force", "approved"), fc.string()), fc.jsonValue());
  const anyChoice = fc.record({
    action: mostly("github.workflow", word),
    target: mostly("release", word),
    params: fc.oneof(fc.constant({ to: "previous" }), fc.constant({ to: "v140" }), params),
    when: mostly("always", fc.constant("if-not-recovered")),
  });
  const bound = fc.double({ noNaN: true, noDefaultInfinity: true });
  const criterion = fc.oneof(
    fc.record({ signal: mostly("error-ratio", word), below: bound }),
    fc.record({ signal: mostly("pool-waiting", word), above: bound }),
    fc.constant({ alert: "not-firing" as const }),
  );
  const anyProposal = fc.record({
    service: mostly("checkout", word),
    choices: fc.array(anyChoice, { minLength: 1, maxLength: 8 }),
    because: fc.constant([]),
    claimedRisk: fc.constant("low" as const),
    verify: fc.array(criterion, { maxLength: 3 }),
    runbook: fc.constant(null),
  });
  const blocked: readonly { readonly name: string; readonly context: Partial<GuardContext> }[] = [
    { name: "mode observe", context: { service: serviceWith({ mode: "observe" }) } },
    { name: "the breaker", context: { recentRemediations: 99 } },
    { name: "a freeze", context: { config: configWith({ freeze: [{ from: new Date(0), until: new Date(9e14), why: "x" }] }) } },
    { name: "a target with data", context: { service: serviceWith({}, stateful) } },
    { name: "words of data loss at P0", context: { severity: "P0", symptomWords: "data loss" } },
    {
      name: "a gate that is open",
      context: { environment: { name: "production-gate", exists: true, branches: null, requiredReviewers: 0 } },
    },
  ];
  const seenBy = (said: { choices: readonly unknown[] }) => said.choices.map(() => ({ seen: history }));
  const asProposal = (said: unknown): Proposal => said as Proposal;

  it("only known steps on known targets are sealed, as few as allowed, and never at less than their risk", () => {
    let sealed = 0;
    fc.assert(
      fc.property(anyProposal, (said) => {
        const guarded = guard(asProposal(said), contextWith({ sights: seenBy(said) }));
        if (guarded.kind === "refused") return;
        sealed += 1;
        const { plan } = guarded.plan;
        expect(said.service).toBe("checkout");
        expect(plan.steps.length).toBe(said.choices.length);
        expect(plan.steps.length).toBeLessThanOrEqual(5);
        expect(plan.steps[0]?.when).toBe("always");
        expect(plan.verify.criteria.some(({ kind }) => kind === "signal")).toBe(true);
        for (const step of plan.steps) {
          expect([...catalogue.keys()]).toContain(step.action);
          expect(maxRisk(plan.risk, step.risk)).toBe(plan.risk);
          expect(step.action === "manual" || history.known.some((known) => known === step.after)).toBe(true);
        }
      }),
      { numRuns: 700, examples: [[asProposal({ ...proposal, verify: [] }) as never]] },
    );
    expect(sealed).toBeGreaterThan(10);
  });

  it.each(blocked)("nothing that the hands would do passes $name", ({ context }) => {
    fc.assert(
      fc.property(anyProposal, (said) => {
        const guarded = guard(asProposal(said), contextWith({ sights: seenBy(said), ...context }));
        expect(guarded.kind === "refused" || guarded.plan.plan.carriedOutBy === "people").toBe(true);
      }),
      { numRuns: 120, examples: [[asProposal({ ...proposal, runbook: null }) as never]] },
    );
  });

  it("an action that aims without bounds is bounded by the rules all the same", () => {
    const wild: Action = createTestAction({ name: "github.workflow" });
    const guarded = judge(
      { choices: [{ ...choice, params: { to: "anything" } }] },
      { catalogue: new Map([["github.workflow", wild]]), service: serviceWith({}, stateful) },
    );
    expect(rulesOf(guarded)).toEqual(["stateful-target"]);
  });
});
