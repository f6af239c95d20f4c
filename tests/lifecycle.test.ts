import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Config } from "../src/config/config.js";
import type { Fact, FactOf, HandsFact, MindFact } from "../src/incident/facts.js";
import { fold } from "../src/incident/fold.js";
import { nextStep } from "../src/lifecycle.js";
import { digestOf } from "../src/plan/digest.js";
import { unburnedPlans } from "../src/remediation/burn.js";
import type { Inbox, Step } from "../src/step.js";
import { asCommand, said } from "./gate/support.js";
import { facts as someFacts } from "./incident/arbitraries.js";
import { serviceWith } from "./plan/support.js";
import * as sample from "./render/sample.js";

const at = sample.at("03:17:00");
const config: Config = { ...sample.config, services: new Map([["checkout", serviceWith()]]) };
const digest = digestOf(sample.plan());
const MINUTE = 60_000;

/** Nothing new, and everything told already. */
const quiet: Inbox = {
  commands: [],
  intakes: [],
  executions: [],
  noticed: [],
  burned: [],
  told: new Set(["outcome:1", "outcome:2", "outcome:3"]),
  voidPlan: null,
  gate: null,
  filedAt: null,
};
function inWords(step: Step): string {
  switch (step.do) {
    case "wait":
      return `wait ${step.for}`;
    case "escalate":
    case "page":
      return `${step.do} ${step.reason}`;
    case "gather":
      return `gather ${step.attempt} ×${step.widening}`;
    case "resolve":
      return `resolve ${step.how}`;
    default:
      return step.do;
  }
}
function next(facts: readonly Fact[], changes: Partial<Inbox> = {}, now = at, of = config): string {
  return inWords(nextStep(fold(42, facts), { ...quiet, ...changes }, now, of));
}

const triaged: MindFact = {
  fact: "triaged",
  at,
  triage: { severity: "P2", services: ["checkout"], why: "", errorRatio: 0.1 },
  analyst: "runbooks",
};
const paged = (key: string, reached: string[] = ["github"]): MindFact => ({
  fact: "paged",
  at,
  key,
  reason: "x",
  reached,
  failed: reached.length > 0 ? [] : ["webhook"],
});
const everyPage = [
  "opened",
  `approval:${digest.slice(0, 8)}`,
  "escalated:1",
  "escalated:2",
  "escalated:3",
  "closed-by-hand:1",
].map((key) => paged(key));
const after = (...facts: readonly Fact[]): Fact[] => [...facts, ...everyPage];
const escalated = (reason: string): MindFact => ({ fact: "escalated", at, reason, detail: sample.outside("") });
const hold: MindFact = {
  fact: "command",
  at,
  comment: 3001,
  by: "tess",
  verb: "hold",
  outcome: "done",
  reason: null,
  text: null,
  severity: null,
};
const ended = (outcome: FactOf<"execution-ended">["outcome"]): HandsFact => ({
  fact: "execution-ended",
  at,
  outcome,
  detail: null,
});
const diagnosedWith = (diagnosis: FactOf<"diagnosed">["diagnosis"]): Fact[] => [
  ...sample.diagnosedFacts().slice(0, -1),
  { fact: "diagnosed", at, attempt: 1, diagnosis, analyst: "runbooks", costUsd: 0 },
];
const unsure = { ...sample.diagnosis, confidence: { claimed: 0.69, caps: [], value: 0.69 } };
const resolvedAlert: MindFact = {
  fact: "alerted-again",
  at,
  comment: 2500,
  key: "k2",
  alerts: [{ ...sample.alert, state: "resolved" }],
};
const checked = (ago: number): MindFact => ({
  fact: "recovery-checked",
  at: new Date(at.getTime() - ago),
  healthy: false,
  errorRatio: 0.4,
});
const stranger: Fact = { ...sample.opened, alerts: [{ ...sample.alert, service: null }] } as Fact;

describe("what is due in each phase", () => {
  it.each<{ phase: string; facts: readonly Fact[]; step: string }>([
    { phase: "opened", facts: [sample.opened], step: "triage" },
    { phase: "triaged, P2", facts: [sample.opened, triaged], step: "gather 1 ×1" },
    { phase: "informed", facts: after(...sample.diagnosedFacts().slice(0, -1)), step: "diagnose" },
    { phase: "diagnosed and sure", facts: after(...sample.diagnosedFacts()), step: "propose" },
    { phase: "diagnosed, unsure", facts: after(...diagnosedWith(unsure)), step: "gather 2 ×2" },
    {
      phase: "diagnosed as no incident",
      facts: after(...diagnosedWith({ kind: "no-incident", why: "all quiet", cites: ["E1"] })),
      step: "resolve no-incident",
    },
    { phase: "planned", facts: after(...sample.diagnosedFacts(), sample.planned(sample.plan())), step: "ask" },
    { phase: "awaiting approval", facts: after(...sample.waiting()), step: "wait approval" },
    { phase: "approved", facts: after(...sample.approved()), step: "wait gate" },
    { phase: "being carried out", facts: after(...sample.approved(), ...sample.started()), step: "wait gate" },
    { phase: "recovered", facts: after(...sample.recovered().slice(0, -1)), step: "resolve remediated" },
    { phase: "escalated", facts: after(...sample.worse()), step: "wait people" },
    { phase: "resolved", facts: after(...sample.recovered()), step: "narrate" },
    { phase: "resolved and narrated", facts: after(...sample.filed().slice(0, -1)), step: "wait archive" },
    { phase: "closed", facts: sample.filed(), step: "wait nothing" },
  ])("$phase → $step", ({ facts, step }) => {
    expect(next(facts)).toBe(step);
  });

  it("tells until when an approval is awaited", () => {
    const step = nextStep(fold(42, after(...sample.waiting())), quiet, at, config);
    expect(step).toEqual({ do: "wait", for: "approval", until: sample.plan().expiresAt });
  });

  it("files as soon as the post-mortem is there", () => {
    const filedAt = { path: "postmortems/x.md", via: "commit", url: null } as const;
    expect(next(after(...sample.filed().slice(0, -1)), { filedAt })).toBe("file");
  });
});

describe("attempts at a diagnosis", () => {
  it("end with people when they are used up", () => {
    const third: Fact[] = [
      ...sample.diagnosedFacts().slice(0, -1),
      { fact: "evidence", at, evidence: { ...sample.evidence, attempt: 3 } },
      { fact: "diagnosed", at, attempt: 3, diagnosis: unsure, analyst: "runbooks", costUsd: 0 },
    ];
    expect(next(after(...third))).toBe("escalate unsure");
  });

  it.each([
    { name: "the threshold of the severity itself is enough", value: 0.7, step: "propose" },
    { name: "a hair below is not", value: 0.699, step: "gather 2 ×2" },
  ])("$name", ({ value, step }) => {
    const diagnosis = { ...sample.diagnosis, confidence: { claimed: 0.9, caps: [], value } };
    expect(next(after(...diagnosedWith(diagnosis)))).toBe(step);
  });

  it("begin anew after a retry", () => {
    const retry: MindFact = { ...hold, verb: "retry" };
    expect(next(after(...sample.unsure(), retry))).toBe("gather 3 ×1");
  });
});

describe("a service", () => {
  it.each([
    { name: "that nobody named goes to people", facts: [stranger, triaged], of: config, step: "escalate unknown-service" },
    {
      name: "that the config does not have goes to people",
      facts: [sample.opened, triaged],
      of: { ...config, services: new Map() },
      step: "escalate unknown-service",
    },
    {
      name: "in mode observe is diagnosed and left to people",
      facts: after(...sample.diagnosedFacts()),
      of: { ...config, services: new Map([["checkout", serviceWith({ mode: "observe" })]]) },
      step: "escalate observe-mode",
    },
  ])("$name", ({ facts, of, step }) => {
    expect(next(facts, {}, at, of)).toBe(step);
  });
});

describe("what has arrived goes first", () => {
  const intake = { comment: 2600, intake: { key: "k9", alerts: [sample.alert], reportedBy: null } } as const;
  const command = asCommand(said(3000, "tess", "/hold"));
  const seen: FactOf<"execution-seen"> = { fact: "execution-seen", at, digest, comment: 2004, head: "h", revision: 1 };

  it("an intake before everything", () => {
    expect(next([sample.opened], { intakes: [intake], commands: [command], executions: [seen] })).toBe("take-in");
  });

  it("what the hands did before what people say", () => {
    expect(next([sample.opened], { commands: [command], executions: [seen] })).toBe("note");
  });

  it("a command before the automation's own wishes", () => {
    expect(next([sample.opened], { commands: [command] })).toBe("answer");
  });

  it("commands in their order, each once", () => {
    const second = asCommand(said(3002, "tess", "/status"));
    const step = nextStep(
      fold(42, [sample.opened, hold]),
      { ...quiet, commands: [asCommand(said(3001, "tess", "/hold")), second] },
      at,
      config,
    );
    expect(step).toMatchObject({ do: "answer", command: { comment: { id: 3002 } } });
  });

  it("is noted once: a fact that is in the journal is not noted again", () => {
    expect(next([sample.opened, seen], { executions: [seen] })).toBe("triage");
  });
});

describe("deadlines and pages", () => {
  const expiry = sample.plan().expiresAt;

  it.each<{ name: string; facts: readonly Fact[]; now?: Date; step: string }>([
    {
      name: "P1 is paged right after triage",
      facts: [sample.opened, { ...triaged, triage: { ...triaged.triage, severity: "P1" } }],
      step: "page opened",
    },
    { name: "P2 is not", facts: [sample.opened, triaged], step: "gather 1 ×1" },
    {
      name: "a plan that waits is paged",
      facts: [...sample.waiting().slice(0, -1), paged("opened")],
      step: "page your-approval",
    },
    { name: "an escalation is paged", facts: [sample.opened, triaged, escalated("unsure")], step: "page unsure" },
    {
      name: "a second escalation is paged again",
      facts: [sample.opened, triaged, escalated("unsure"), paged("escalated:1"), escalated("rejected")],
      step: "page rejected",
    },
    {
      name: "a page that reached nobody is sent again",
      facts: [sample.opened, triaged, escalated("unsure"), paged("escalated:1", [])],
      step: "page unsure",
    },
    {
      name: "a plan a moment before its time waits",
      facts: after(...sample.waiting()),
      now: new Date(expiry.getTime() - 1),
      step: "wait approval",
    },
    { name: "a plan out of time goes to people", facts: after(...sample.waiting()), now: expiry, step: "escalate no-answer" },
    {
      name: "three quarters of the time to recover bring a warning",
      facts: after(...sample.approved()),
      now: new Date(sample.opened.at.getTime() + 45 * MINUTE),
      step: "page recovery-warning",
    },
    {
      name: "the end of the time to recover is said",
      facts: after(...sample.approved()),
      now: new Date(sample.opened.at.getTime() + 60 * MINUTE),
      step: "page recovery-overdue",
    },
    {
      name: "what is overdue needs no warning any more",
      facts: [...after(...sample.worse()), paged("recovery-overdue")],
      now: new Date(sample.opened.at.getTime() + 61 * MINUTE),
      step: "wait people",
    },
  ])("$name", ({ facts, now, step }) => {
    expect(next(facts, {}, now)).toBe(step);
  });

  it("a page that failed in this wake-up does not keep the rest from being done", () => {
    const facts = [sample.opened, { ...triaged, triage: { ...triaged.triage, severity: "P1" as const } }, paged("opened", [])];
    expect(next(facts)).toBe("page opened");
    expect(next(facts, { tried: new Set(["opened"]) })).toBe("gather 1 ×1");
  });

  it("a plan whose comment was edited or deleted is void, and goes to people before anyone is asked again", () => {
    expect(next(after(...sample.waiting()), { voidPlan: digest })).toBe("escalate plan-comment-changed");
    expect(next(sample.waiting(), { voidPlan: digest })).toBe("escalate plan-comment-changed");
    expect(next(after(...sample.approved()), { voidPlan: digest })).toBe("wait gate");
    expect(next(after(...sample.waiting()), { voidPlan: "b".repeat(64) })).toBe("wait approval");
  });

  it("an ending is told once", () => {
    expect(next(after(...sample.worse()), { told: new Set() })).toBe("tell");
    expect(next(after(...sample.worse()), { told: new Set(["outcome:1"]) })).toBe("wait people");
  });
});

describe("an approved plan that died", () => {
  const burned: FactOf<"burned"> = { fact: "burned", at, digest };
  const rejected = after(...sample.approved(), escalated("rejected"));

  it("waits for the gate, to be used up, until that is noted", () => {
    expect(next(rejected)).toBe("wait gate");
    expect(next(rejected, { burned: [burned] })).toBe("note");
    expect(next([...rejected, burned])).toBe("wait people");
    expect(next([...rejected, burned], { burned: [burned] })).toBe("wait people");
  });

  it("keeps nothing from being done", () => {
    expect(next(rejected, { told: new Set() })).toBe("tell");
    const retry: MindFact = { ...hold, verb: "retry" };
    expect(next([...rejected, retry])).toBe("gather 2 ×1");
  });

  it("waits for nothing when it was never approved", () => {
    expect(next(after(...sample.waiting(), escalated("rejected")))).toBe("wait people");
  });
});

describe("on hold", () => {
  it.each<{ name: string; facts: readonly Fact[]; step: string }>([
    { name: "nothing is diagnosed", facts: [sample.opened, triaged, hold], step: "wait people" },
    {
      name: "nothing is asked",
      facts: after(...sample.diagnosedFacts(), sample.planned(sample.plan()), hold),
      step: "wait people",
    },
    { name: "no gate is opened", facts: after(...sample.approved(), hold), step: "wait people" },
    {
      name: "how an execution ended is said all the same",
      facts: after(...sample.approved(), ...sample.started(), ended("undo-failed"), hold),
      step: "escalate undo-failed",
    },
    {
      name: "no new attempt begins",
      facts: after(...sample.approved(), ...sample.started(), ended("unchanged"), hold),
      step: "wait people",
    },
    { name: "what is over is written up", facts: after(...sample.recovered(), hold), step: "narrate" },
  ])("$name", ({ facts, step }) => {
    expect(next(facts)).toBe(step);
  });
});

describe("when the monitor says that it is over", () => {
  it.each<{ name: string; facts: readonly Fact[]; step: string }>([
    { name: "it is measured while a plan waits", facts: after(...sample.waiting(), resolvedAlert), step: "check-recovery" },
    { name: "it is measured while people have it", facts: after(...sample.worse(), resolvedAlert), step: "check-recovery" },
    {
      name: "it is not measured again at once",
      facts: after(...sample.waiting(), resolvedAlert, checked(MINUTE - 1)),
      step: "wait approval",
    },
    {
      name: "it is measured again after a minute",
      facts: after(...sample.waiting(), resolvedAlert, checked(MINUTE)),
      step: "check-recovery",
    },
    { name: "nothing that is under way is disturbed", facts: after(...sample.approved(), resolvedAlert), step: "wait gate" },
    {
      name: "one alert that still fires is enough to go on",
      facts: after(...sample.waiting(), resolvedAlert, {
        ...resolvedAlert,
        comment: 2501,
        alerts: [{ ...sample.alert, fingerprint: "f2" }],
      }),
      step: "wait approval",
    },
  ])("$name", ({ facts, step }) => {
    expect(next(facts)).toBe(step);
  });
});

describe("for any facts at all", () => {
  it("there is a step, and the same question gives the same one", () => {
    fc.assert(
      fc.property(
        someFacts,
        fc.date({ min: sample.at("00:00:00"), max: sample.at("23:00:00"), noInvalidDate: true }),
        (facts, now) => {
          const incident = fold(42, facts);
          const step = nextStep(incident, quiet, now, config);
          expect(nextStep(fold(42, structuredClone(facts)), quiet, now, config)).toEqual(step);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("nothing is handed over that was not approved, and nothing on hold but to be used up", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const incident = fold(42, facts);
        const step = nextStep(incident, quiet, at, config);
        const opensGate = step.do === "wait" && step.for === "gate";
        const isApproved = incident.phase.at === "approved" || incident.phase.at === "remediating";
        const mayOpen = (isApproved && !incident.held) || unburnedPlans(incident).length > 0;
        expect(!opensGate || mayOpen).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
