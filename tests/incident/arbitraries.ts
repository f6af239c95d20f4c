/** Random facts that pass the journal's schemas, in any order: what a fold must survive. */
import * as fc from "fast-check";
import type {
  Alert,
  Diagnosis,
  Evidence,
  Fact,
  HandsFact,
  MindFact,
  Observation,
  Reading,
  Warrant,
} from "../../src/incident/facts.js";
import { digestOf } from "../../src/plan/digest.js";
import { RISKS, SEVERITIES } from "../../src/words.js";
import * as sample from "../render/sample.js";

const when = fc.date({ min: new Date("2026-01-01T00:00:00Z"), max: new Date("2027-01-01T00:00:00Z"), noInvalidDate: true });
const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom("", "déjà vu", "障害 🚑", "\u202E<!-- -->", "\uD800"));
const outside = text.map((words) => ({ outside: words }));
/** JSON has no negative zero: nothing measured is one either. */
const double = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const ratio = double(0, 1);
const number = fc.oneof(fc.constant(null), double(-1e6, 1e6));
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const severity = fc.constantFrom(...SEVERITIES);
const commentId = fc.integer({ min: 1, max: 12 });
const observationId = fc.integer({ min: 1, max: 40 }).map((n) => `E${n}` as const);

/** Few plans, so that facts often speak of the same one. */
export const PLANS = [1, 2, 3].map((sequence) => sample.plan({ sequence, risk: RISKS[sequence - 1] ?? "low" }));
const plan = fc.constantFrom(...PLANS);
const digest = plan.map(digestOf);
const key = fc.constantFrom("k1", "k2", "gh-1-apply", "gh-1-undo", "gh-2-apply");

export const alert: fc.Arbitrary<Alert> = fc
  .record({
    fingerprint: fc.constantFrom("f1", "f2", "f3"),
    service: fc.constantFrom("checkout", "payments-db", null),
    severity: fc.oneof(fc.constant(null), severity),
    state: fc.constantFrom("firing" as const, "resolved" as const),
    startedAt: when,
    summary: outside,
  })
  .map((parts) => ({ ...sample.alert, ...parts }));
const alerts = fc.tuple(alert, fc.array(alert, { maxLength: 2 })).map(([first, rest]) => [first, ...rest] as [Alert, ...Alert[]]);

const observation: fc.Arbitrary<Observation> = fc.record({
  id: observationId,
  source: fc.constantFrom("prometheus", "loki"),
  subject: fc.constant("checkout"),
  at: when,
  summary: outside,
  detail: fc.constantFrom(...sample.observations.map(({ detail }) => detail)),
  score: ratio,
  query: fc.constantFrom(null, "errors"),
  link: fc.constantFrom(null, "https://grafana.example/explore"),
});
const evidence: fc.Arbitrary<Evidence> = fc.record({
  attempt: fc.integer({ min: 1, max: 5 }),
  onset: when,
  logsMinutes: fc.constant(30),
  changesMinutes: fc.constant(1440),
  observations: fc.array(observation, { maxLength: 3 }),
  dropped: fc.nat({ max: 5 }),
  coverage: fc.constant([...sample.coverage]),
  review: fc.record({
    verdict: fc.constantFrom("change" as const, "outside" as const, "none" as const),
    ids: fc.array(observationId, { maxLength: 3 }),
    why: outside,
    weighed: fc.array(fc.record({ id: observationId, says: outside }), { maxLength: 3 }),
  }),
});
const diagnosis: fc.Arbitrary<Diagnosis> = fc.oneof(
  ratio.map((value) => ({ ...sample.diagnosis, confidence: { claimed: 1, caps: [{ reason: "down", to: value }], value } })),
  text.map((why) => ({ kind: "unknown" as const, why, openQuestions: [] })),
  text.map((why) => ({ kind: "no-incident" as const, why, cites: ["E1" as const] })),
);
const reading: fc.Arbitrary<Reading> = fc.record({
  criterion: text,
  before: number,
  last: number,
  holds: fc.constantFrom(true, false, null),
});
const warrant: fc.Arbitrary<Warrant> = fc.record({
  digest,
  by: fc.constant(["octocat"] as [string, ...string[]]),
  comments: fc.array(commentId, { maxLength: 2 }),
  gate: fc.constant("comment" as const),
  until: when,
});

const VERBS = ["approve", "reject", "ack", "hold", "retry", "plan", "severity", "cause", "escalate", "resolve", "status", "lgtm"];
const REASONS = ["asked-for", "people-act", "rejected", "no-answer", "worse", "a-word-of-a-later-version"];

const eachMindFact: readonly fc.Arbitrary<MindFact>[] = [
  fc.record({ fact: fc.constant("opened" as const), at: when, key: text, alerts, reportedBy: fc.constantFrom(null, "octocat") }),
  fc.record({ fact: fc.constant("alerted-again" as const), at: when, comment: orNull(commentId), key: text, alerts }),
  fc.record({
    fact: fc.constant("triaged" as const),
    at: when,
    triage: fc.record({ severity, services: fc.constant<string[]>(["checkout"]), why: text, errorRatio: number }),
    analyst: text,
  }),
  fc.record({ fact: fc.constant("evidence" as const), at: when, evidence }),
  fc.record({
    fact: fc.constant("diagnosed" as const),
    at: when,
    attempt: fc.integer({ min: 1, max: 5 }),
    diagnosis,
    analyst: text,
    costUsd: ratio,
  }),
  fc.record({
    fact: fc.constant("consulted" as const),
    at: when,
    task: fc.constantFrom("triage" as const, "ask-more" as const, "diagnose" as const),
    what: fc.constantFrom("called" as const, "fell-back" as const),
    text,
    usd: ratio,
    inputTokens: fc.nat(100_000),
  }),
  fc.record({ fact: fc.constant("planned" as const), at: when, plan, proposedBy: text }).map((fact) => ({
    ...fact,
    digest: digestOf(fact.plan),
  })),
  fc.record({
    fact: fc.constant("plan-refused" as const),
    at: when,
    findings: fc.constant([{ rule: "freeze", step: null, message: "Frozen." }] as [
      { rule: string; step: number | null; message: string },
    ]),
    proposedBy: text,
  }),
  fc.record({
    fact: fc.constant("asked" as const),
    at: when,
    digest,
    comment: commentId,
    bodySha256: fc.constant("b".repeat(64)),
    url: text,
  }),
  fc.record({ fact: fc.constant("advised" as const), at: when, digest, comment: commentId, url: text }),
  fc.record({
    fact: fc.constant("command" as const),
    at: when,
    comment: commentId,
    by: fc.constantFrom("octocat", "hubot"),
    verb: fc.constantFrom(...VERBS),
    outcome: fc.constantFrom("done" as const, "refused" as const),
    reason: fc.constantFrom(null, "no-role"),
    text: orNull(outside),
    severity: orNull(severity),
  }),
  fc.record({ fact: fc.constant("approved" as const), at: when, warrant }),
  fc.record({
    fact: fc.constant("paged" as const),
    at: when,
    key: text,
    reason: text,
    reached: fc.constantFrom<string[]>([], ["github"]),
    failed: fc.constantFrom<string[]>([], ["webhook"]),
  }),
  fc.record({
    fact: fc.constant("execution-seen" as const),
    at: when,
    digest,
    comment: commentId,
    head: text,
    revision: fc.nat({ max: 9 }),
  }),
  fc.record({ fact: fc.constant("escalated" as const), at: when, reason: fc.constantFrom(...REASONS), detail: outside }),
  fc.record({
    fact: fc.constant("noticed" as const),
    at: when,
    what: fc.constantFrom("labels-changed" as const, "closed-by-hand" as const, "locked" as const),
    detail: text,
  }),
  fc.record({
    fact: fc.constant("resolved" as const),
    at: when,
    how: fc.constantFrom("remediated" as const, "by-person" as const, "no-incident" as const),
    by: fc.constantFrom(null, "octocat"),
    note: orNull(outside),
  }),
  fc.record({
    fact: fc.constant("recovery-checked" as const),
    at: when,
    healthy: fc.constantFrom(true, false, null),
    errorRatio: number,
  }),
  fc.record({
    fact: fc.constant("narrated" as const),
    at: when,
    analyst: text,
    summary: fc.array(outside, { maxLength: 2 }),
    wentWell: fc.array(outside, { maxLength: 1 }),
    wentBadly: fc.array(outside, { maxLength: 1 }),
  }),
  fc.record({
    fact: fc.constant("filed" as const),
    at: when,
    path: text,
    via: fc.constantFrom("commit" as const, "none" as const),
    url: orNull(text),
  }),
];
export const mindFact: fc.Arbitrary<MindFact> = fc.oneof(...eachMindFact);

export const handsFact: fc.Arbitrary<HandsFact> = fc.oneof(
  fc.record({
    fact: fc.constant("execution-started" as const),
    at: when,
    warrant,
    reservation: fc.integer({ min: 1, max: 3 }),
    run: fc.integer({ min: 1, max: 9 }),
    readings: fc.array(reading, { maxLength: 2 }),
  }),
  fc.record({
    fact: fc.constant("execution-resumed" as const),
    at: when,
    reservation: fc.integer({ min: 1, max: 3 }),
    run: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    fact: fc.constant("intent" as const),
    at: when,
    key,
    step: fc.integer({ min: 1, max: 3 }),
    direction: fc.constantFrom("apply" as const, "undo" as const),
  }),
  fc.record({
    fact: fc.constant("done" as const),
    at: when,
    key,
    outcome: fc.constantFrom("ok" as const, "failed" as const, "drifted" as const, "ambiguous" as const),
    detail: orNull(outside),
    url: orNull(text),
  }),
  fc.record({
    fact: fc.constant("verified" as const),
    at: when,
    verdict: fc.constantFrom("recovered" as const, "unchanged" as const, "worse" as const, "unknown" as const),
    readings: fc.array(reading, { maxLength: 2 }),
    afterStep: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    fact: fc.constant("execution-ended" as const),
    at: when,
    outcome: fc.constantFrom("recovered" as const, "unchanged" as const, "stopped" as const, "ambiguous" as const),
    detail: orNull(outside),
  }),
);

const opening = fc.record({
  fact: fc.constant("opened" as const),
  at: when,
  key: text,
  alerts,
  reportedBy: fc.constantFrom(null, "octocat"),
});

/** The mind's facts: `opened`, then anything. */
export const mindFacts: fc.Arbitrary<MindFact[]> = fc
  .tuple(opening, fc.array(mindFact, { maxLength: 14 }))
  .map(([first, rest]) => [first, ...rest]);
/** Both writers' facts, mixed in any order. */
export const facts: fc.Arbitrary<Fact[]> = fc
  .tuple(opening, fc.array(fc.oneof(mindFact, handsFact), { maxLength: 18 }))
  .map(([first, rest]) => [first, ...rest]);
export const executions: fc.Arbitrary<ReadonlyMap<string, readonly HandsFact[]>> = fc
  .array(fc.tuple(digest, fc.array(handsFact, { maxLength: 8 })), { maxLength: 3 })
  .map((entries) => new Map(entries));
