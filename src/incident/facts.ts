/**
 * The journal's vocabulary. An incident is the fold of these facts; nothing else is stored.
 * Every schema is strict: a journal with an unknown key or fact is broken, never half understood.
 */
import { z } from "zod";
import { Outside } from "../outside/outside.js";
import { Plan, Digest } from "../plan/plan.js";
import { SEVERITIES } from "../words.js";

/** ISO 8601 in JSON, `Date` in memory. */
export const When = z.iso.datetime().transform((text) => new Date(text));
const SeverityWord = z.enum(SEVERITIES);
const ObservationIdWord = z.templateLiteral(["E", z.int().positive()]);

/** What a monitor sent, in our normal form. */
export const Alert = z.strictObject({
  monitor: z.string().max(40), // an intake's name: "alertmanager", "json", "github-issue" …
  id: z.string().max(200), // the monitor's own id of this notification, else the fingerprint
  fingerprint: z.string().max(128), // same fingerprint = same alert
  name: Outside,
  service: z.string().max(100).nullable(), // a name of the service catalogue, null when it is not in there
  severity: SeverityWord.nullable(), // the monitor's own word, mapped
  state: z.enum(["firing", "resolved"]),
  startedAt: When,
  endedAt: When.nullable(),
  summary: Outside,
  labels: z.record(z.string().max(100), Outside),
  annotations: z.record(z.string().max(100), Outside),
  links: z.array(z.url({ protocol: /^https?$/ })).max(5),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const Triage = z.strictObject({
  severity: SeverityWord,
  services: z.array(z.string()),
  why: z.string(), // our own words: a measured ratio or the monitor's severity
  errorRatio: z.number().nullable(),
});
export type Triage = z.infer<typeof Triage>;

const MetricDetail = z.strictObject({
  kind: z.literal("metric"),
  signal: z.string(),
  unit: z.string().nullable(),
  before: z.number().nullable(), // typical value before the onset; null without a baseline
  now: z.number().nullable(), // typical value since the onset; null is a gap
  direction: z.enum(["rose", "fell", "steady", "unknown"]),
  onsetAt: When.nullable(), // first point outside the band
});
const LogDetail = z.strictObject({
  kind: z.literal("log"),
  signal: z.string(),
  template: Outside,
  count: z.int().nonnegative(),
  newSinceOnset: z.boolean(),
  firstAt: When,
  lastAt: When,
});
const ChangeDetail = z.strictObject({
  kind: z.literal("change"),
  of: z.enum(["deployment", "config", "commit", "release"]),
  ref: Outside, // version, tag or commit
  previousRef: Outside.nullable(),
  files: z.array(Outside).max(20),
});
const OtherDetail = z.strictObject({ kind: z.enum(["event", "trace", "alert", "state", "past"]) });
export const ObservationDetail = z.discriminatedUnion("kind", [MetricDetail, LogDetail, ChangeDetail, OtherDetail]);
export type ObservationDetail = z.infer<typeof ObservationDetail>;

/** Longest summary kept in the journal, in characters. */
export const MAX_SUMMARY = 200;
/** Longest template of log lines, in characters: it stands beside a summary that quotes a line. */
export const MAX_TEMPLATE = 160;
/** Most observations kept per attempt. */
export const MAX_OBSERVATIONS = 40;

export const Observation = z.strictObject({
  id: ObservationIdWord,
  source: z.string(),
  subject: z.string(), // the service it speaks of
  at: When, // when it happened, by the source's clock
  summary: Outside,
  detail: ObservationDetail,
  score: z.number().min(0).max(1), // nearness to the onset and size of the change
  query: z.string().nullable(), // name of the reviewed query, never its text from outside; of an earlier incident its runbook
  link: z.url({ protocol: /^https?$/ }).nullable(),
});
export type Observation = z.infer<typeof Observation>;

export const Coverage = z.discriminatedUnion("answer", [
  z.strictObject({ source: z.string(), answer: z.enum(["ok", "empty", "not-configured"]) }),
  z.strictObject({ source: z.string(), answer: z.literal("unavailable"), why: Outside }),
]);
export type Coverage = z.infer<typeof Coverage>;

/** Most changes of which the review says what they could bring about. */
export const MOST_WEIGHED = 3;

/** How the changes were weighed against everything else that was seen, while their lines were at hand. */
export const ChangeReview = z.strictObject({
  verdict: z.enum(["change", "outside", "none"]), // outside: signs of a cause that no change of ours brought
  ids: z.array(ObservationIdWord).max(8), // the change that fits the symptoms best, then what carried it; empty for other verdicts
  why: Outside,
  weighed: z.array(z.strictObject({ id: ObservationIdWord, says: Outside })).max(MOST_WEIGHED), // likeliest first: for and against each
});
export type ChangeReview = z.infer<typeof ChangeReview>;

export const Evidence = z.strictObject({
  attempt: z.int().positive(),
  onset: When,
  logsMinutes: z.number().positive(),
  changesMinutes: z.number().positive(),
  observations: z.array(Observation).max(MAX_OBSERVATIONS),
  dropped: z.int().nonnegative(), // observations beyond the limit, weakest first
  coverage: z.array(Coverage),
  review: ChangeReview,
});
export type Evidence = z.infer<typeof Evidence>;

export const Hypothesis = z.strictObject({
  runbook: z.string().nullable(), // id of the runbook it came from
  cause: Outside,
  for: z.array(ObservationIdWord),
  against: z.array(ObservationIdWord),
  likelihood: z.number().min(0).max(1),
  tellApart: Outside.nullable(), // what would tell it from the others
});
export type Hypothesis = z.infer<typeof Hypothesis>;
/** `value` is `claimed` lowered by every cap; code never raises it. */
export const Confidence = z.strictObject({
  claimed: z.number().min(0).max(1),
  caps: z.array(z.strictObject({ reason: z.string(), to: z.number().min(0).max(1) })),
  value: z.number().min(0).max(1),
});
export type Confidence = z.infer<typeof Confidence>;
export const Diagnosis = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("cause"),
    hypotheses: z.array(Hypothesis).nonempty(), // likeliest first
    confidence: Confidence,
    openQuestions: z.array(Outside),
  }),
  z.strictObject({ kind: z.literal("unknown"), why: z.string(), openQuestions: z.array(Outside) }), // the analyst abstains
  z.strictObject({
    kind: z.literal("no-incident"),
    why: z.string(),
    cites: z.array(ObservationIdWord),
    by: z.literal("alert").optional(), // the alert itself shows it: a heartbeat that fires; then nothing need be cited
  }),
]);
export type Diagnosis = z.infer<typeof Diagnosis>;

const GuardFinding = z.strictObject({ rule: z.string(), step: z.int().positive().nullable(), message: z.string() });
export const Reading = z.strictObject({
  criterion: z.string(), // as shown in the plan
  before: z.number().nullable(), // just before the first step
  last: z.number().nullable(), // null is a gap
  holds: z.boolean().nullable(), // null: cannot be told
});
export type Reading = z.infer<typeof Reading>;

export const Warrant = z.strictObject({
  digest: Digest,
  by: z.array(z.string()).nonempty(),
  comments: z.array(z.int().positive()), // the approving comments
  gate: z.enum(["comment"]),
  until: When, // no first intent after this
});
export type Warrant = z.infer<typeof Warrant>;

const EXECUTION_OUTCOMES = [
  "recovered",
  "unchanged",
  "unknown",
  "worse-undone",
  "failed-undone",
  "failed", // nothing to undo or no undo exists
  "undo-failed",
  "drifted",
  "stopped", // a person held or rejected between steps
  "ambiguous", // an effect may have happened and cannot be told
] as const;
export type ExecutionOutcome = (typeof EXECUTION_OUTCOMES)[number];

/** What a model can be asked for. */
export const MODEL_TASKS = ["triage", "ask-more", "diagnose", "propose", "narrate"] as const;

const at = { at: When };
/** Facts the mind writes into the issue body. */
export const MindFact = z.discriminatedUnion("fact", [
  z.strictObject({
    fact: z.literal("opened"),
    ...at,
    key: z.string(),
    alerts: z.array(Alert).nonempty(),
    reportedBy: z.string().nullable(),
  }),
  z.strictObject({
    fact: z.literal("alerted-again"),
    ...at,
    comment: z.int().positive().nullable(),
    key: z.string(),
    alerts: z.array(Alert).nonempty(),
  }),
  z.strictObject({ fact: z.literal("triaged"), ...at, triage: Triage, analyst: z.string() }),
  z.strictObject({ fact: z.literal("evidence"), ...at, evidence: Evidence }),
  z.strictObject({
    fact: z.literal("diagnosed"),
    ...at,
    attempt: z.int().positive(),
    diagnosis: Diagnosis,
    analyst: z.string(),
    costUsd: z.number().nonnegative(), // what it cost beyond the calls that are facts of their own
  }),
  z.strictObject({
    fact: z.literal("consulted"), // a model was asked: each call with its price, and what people should know of the answer
    ...at,
    task: z.enum(MODEL_TASKS),
    what: z.enum(["called", "repaired", "fell-back", "dropped", "overruled"]),
    text: z.string().max(300), // our words
    usd: z.number().nonnegative(),
    inputTokens: z.int().nonnegative(),
  }),
  z.strictObject({ fact: z.literal("planned"), ...at, plan: Plan, digest: Digest, proposedBy: z.string() }),
  z.strictObject({ fact: z.literal("plan-refused"), ...at, findings: z.array(GuardFinding).nonempty(), proposedBy: z.string() }),
  z.strictObject({
    fact: z.literal("asked"),
    ...at,
    digest: Digest,
    comment: z.int().positive(),
    bodySha256: z.string().length(64),
    url: z.string(),
  }),
  z.strictObject({ fact: z.literal("advised"), ...at, digest: Digest, comment: z.int().positive(), url: z.string() }), // a plan that people carry out
  z.strictObject({
    fact: z.literal("command"),
    ...at,
    comment: z.int().positive(),
    by: z.string(),
    verb: z.string(),
    outcome: z.enum(["done", "refused"]),
    reason: z.string().nullable(), // a reason code when refused
    text: Outside.nullable(), // what the person wrote after the verb
    severity: SeverityWord.nullable(), // of `/severity`
  }),
  z.strictObject({ fact: z.literal("approved"), ...at, warrant: Warrant }),
  z.strictObject({
    fact: z.literal("paged"),
    ...at,
    key: z.string(),
    reason: z.string(),
    reached: z.array(z.string()),
    failed: z.array(z.string()),
  }),
  z.strictObject({
    fact: z.literal("execution-seen"),
    ...at,
    digest: Digest,
    comment: z.int().positive(),
    head: z.string(),
    revision: z.int().nonnegative(),
  }),
  z.strictObject({ fact: z.literal("escalated"), ...at, reason: z.string(), detail: Outside }),
  z.strictObject({
    fact: z.literal("noticed"),
    ...at,
    what: z.enum(["labels-changed", "closed-by-hand", "reopened-by-hand", "locked", "unlocked"]),
    detail: z.string(),
  }),
  z.strictObject({
    fact: z.literal("resolved"),
    ...at,
    how: z.enum(["remediated", "by-person", "recovered-by-itself", "no-incident", "duplicate"]),
    by: z.string().nullable(),
    note: Outside.nullable(),
  }),
  z.strictObject({ fact: z.literal("burned"), ...at, digest: Digest }), // a dead plan can never be reserved any more
  z.strictObject({
    fact: z.literal("recovery-checked"),
    ...at,
    healthy: z.boolean().nullable(),
    errorRatio: z.number().nullable(),
  }), // after the monitor said "resolved"
  z.strictObject({
    fact: z.literal("narrated"),
    ...at,
    analyst: z.string(),
    summary: z.array(Outside),
    wentWell: z.array(Outside),
    wentBadly: z.array(Outside),
  }),
  z.strictObject({
    fact: z.literal("filed"),
    ...at,
    path: z.string(),
    via: z.enum(["commit", "pull-request", "none"]),
    url: z.string().nullable(),
  }),
]);
export type MindFact = z.infer<typeof MindFact>;

/** Facts the hands write into one execution comment. */
export const HandsFact = z.discriminatedUnion("fact", [
  z.strictObject({
    fact: z.literal("execution-started"),
    ...at,
    warrant: Warrant,
    reservation: z.int().positive(),
    run: z.int().positive(),
    readings: z.array(Reading),
  }),
  z.strictObject({ fact: z.literal("execution-resumed"), ...at, reservation: z.int().positive(), run: z.int().positive() }),
  z.strictObject({
    fact: z.literal("intent"),
    ...at,
    key: z.string(),
    step: z.int().positive(),
    direction: z.enum(["apply", "undo"]),
  }),
  z.strictObject({
    fact: z.literal("done"),
    ...at,
    key: z.string(),
    outcome: z.enum(["ok", "failed", "drifted", "ambiguous"]),
    detail: Outside.nullable(),
    url: z.string().nullable(),
  }),
  z.strictObject({
    fact: z.literal("verified"),
    ...at,
    verdict: z.enum(["recovered", "unchanged", "worse", "unknown"]),
    readings: z.array(Reading),
    afterStep: z.int().positive(),
  }),
  z.strictObject({ fact: z.literal("execution-ended"), ...at, outcome: z.enum(EXECUTION_OUTCOMES), detail: Outside.nullable() }),
]);
export type HandsFact = z.infer<typeof HandsFact>;
export type Fact = MindFact | HandsFact;
export type FactOf<N extends Fact["fact"]> = Extract<Fact, { fact: N }>;
