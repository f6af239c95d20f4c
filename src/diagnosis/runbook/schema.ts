/** The front matter of a runbook as people write it. Descriptions become the published JSON Schema; the meaning is in `match.ts`. */
import { z } from "zod";
import * as field from "../../config/fields.js";
import { problemOfPattern } from "./pattern.js";

const RUNBOOK_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const ID_WORDS = "an id of lower-case words joined by dashes, such as bad-deploy";
const id = field.text(/^(?=.{1,60}$)[a-z0-9]+(?:-[a-z0-9]+)*$/, ID_WORDS);

const pattern = z
  .string({ error: "a regular expression, quoted" })
  .superRefine((text, context) => {
    const right = problemOfPattern(text);
    if (right !== null) context.addIssue({ code: "custom", message: right, input: text });
  })
  .describe("A regular expression; upper and lower case are the same.");

const weight = field.amount(0.1, 10).default(1).describe("How much it says, from 0.1 to 10.");
const within = field.duration("1m", "168h").prefault("30m").describe("How long before the onset at most.");
const CHANGES = ["deployment", "config", "commit", "release"] as const;
const yes = z.literal(true, { error: "true, or leave it out" }).optional();

const LogCondition = z.strictObject({
  kind: z.literal("log"),
  match: pattern,
  "new-since-onset": field.flag.default(false).describe("Only kinds of lines that were not there before the onset."),
  weight,
});
const MetricCondition = z
  .strictObject({
    kind: z.literal("metric"),
    signal: z
      .union([field.name, z.array(field.name).min(1).max(8)], { error: "the name of a signal, or a list of up to 8" })
      .describe("Name of a signal of the service, or several: one of them is enough."),
    rose: yes,
    fell: yes,
    beyond: z
      .number({ error: "a number, in the signal's own unit" })
      .optional()
      .describe("Only when it lies here or further out now: at least this after a rise, at most this after a fall."),
    weight,
  })
  .superRefine(({ rose, fell }, context) => {
    if ((rose === undefined) === (fell === undefined)) {
      context.addIssue({ code: "custom", message: "either rose: true or fell: true" });
    }
  });
const ChangeCondition = z.strictObject({
  kind: z.literal("change"),
  of: z.array(field.oneOf(CHANGES), { error: `a list of ${CHANGES.join(", ")}` }).min(1, "at least one kind of change"),
  within,
  weight,
});
const REASON_WORDS = "a reason such as ImagePullBackOff: letters and digits";
const reason = field.text(/^[A-Za-z][A-Za-z0-9]{0,59}$/, REASON_WORDS);
const statement = {
  of: field
    .text(/^[a-z][a-z-]{0,39}$/, "what it is a state of, such as pod, node or service")
    .describe("What it is about: pod, container, image, workload, service, claim, quota, node …"),
  reason: z
    .union([reason, z.array(reason).min(1).max(8)], { error: `${REASON_WORDS}, or a list of up to 8` })
    .describe("One of these words; upper and lower case are the same."),
  match: pattern.optional(),
  anywhere: field.flag.default(false).describe("Of any object; without it, of the object that the runbook blames."),
  weight,
};
const StateCondition = z.strictObject({ kind: z.literal("state"), ...statement });
const EventCondition = z.strictObject({ kind: z.literal("event"), ...statement });
const AlertCondition = z.strictObject({ kind: z.literal("alert"), match: pattern, weight });

export const Condition = z.discriminatedUnion(
  "kind",
  [LogCondition, MetricCondition, ChangeCondition, AlertCondition, StateCondition, EventCondition],
  {
    error: "kind: log, metric, change, alert, state or event",
  },
);

const RunbookAction = z
  .strictObject({
    when: field.oneOf(["recent-deployment"]).optional().describe("Only after a deployment shortly before the onset."),
    else: yes.describe("Only when no action with `when` applies."),
    action: field.text(/^[a-z]+(?:[.-][a-z]+)*$/, "the name of an action, such as github.workflow or manual"),
    target: field.name.optional().describe("Name of a target of the service."),
    to: field.text(/^[A-Za-z0-9][\w.+/-]{0,99}$/, "previous, or a version").optional(),
    task: field
      .prose(300, "what people should do, in 3 to 300 characters")
      .optional()
      .describe("For `manual`: what people should do."),
    params: z.record(field.name, z.union([z.string().max(300), z.number(), z.boolean()])).optional(),
  })
  .superRefine((choice, context) => {
    const say = (message: string): void => context.addIssue({ code: "custom", message });
    if (choice.when !== undefined && choice.else !== undefined) say("either when or else, not both");
    if (choice.action === "manual" && choice.task === undefined) say("a task beside action: manual");
    if (choice.action === "manual" && choice.target !== undefined) say("no target beside action: manual");
    if (choice.action !== "manual" && choice.target === undefined) say("a target beside the action");
    if (choice.action !== "manual" && choice.task !== undefined) say("a task only beside action: manual");
  });

const Verification = z
  .strictObject({
    signal: field.name.optional(),
    below: z.number({ error: "a number" }).optional(),
    above: z.number({ error: "a number" }).optional(),
    alert: z.literal("not-firing", { error: "not-firing" }).optional(),
  })
  .superRefine(({ signal, below, above, alert }, context) => {
    const bounds = [below, above].filter((bound) => bound !== undefined).length;
    const isSignal = signal !== undefined && bounds === 1 && alert === undefined;
    const isAlert = alert !== undefined && signal === undefined && bounds === 0;
    if (!isSignal && !isAlert)
      context.addIssue({ code: "custom", message: "a signal with below or above, or alert: not-firing" });
  });

/** `{service}`, `{object}` and `{why}` are filled in; anything else in braces is a mistake. */
const cause = field
  .prose(200, "one sentence of at most 200 characters")
  .refine(
    (text) => [...text.matchAll(/\{([^}]*)\}/g)].every(([, name]) => name === "service" || name === "object" || name === "why"),
    "only {service}, {object} and {why} in braces",
  );

/** @see docs/runbooks.md */
export const RunbookFile = z.strictObject({
  id: id.describe("The same as the file's name."),
  title: field.prose(100, "a title of at most 100 characters"),
  cause: cause.describe("What is wrong, with `{service}`, `{object}` and `{why}` filled in from the evidence."),
  "also-known-as": z
    .array(field.name, { error: "a list of names" })
    .max(8, "at most 8")
    .default([])
    .describe("Other names of this cause: a hint that uses one finds the runbook."),
  "claims-at-most": field
    .amount(0.1, 1)
    .default(1)
    .describe("Bound of its confidence: below 1 for a symptom with its cause elsewhere."),
  any: field.flag.default(false).describe("One of the signals is enough. Without it, all must hold."),
  "in-order": field.flag
    .default(false)
    .describe("The signals have to begin in the order they are written in; those of one minute count as together."),
  signals: z
    .array(Condition, { error: "a list of conditions" })
    .min(1, "at least one signal")
    .max(12, "at most 12 signals")
    .describe("What is seen when this is the cause."),
  excludes: z.array(Condition).max(12, "at most 12").default([]).describe("What is never seen when this is the cause."),
  "look-alikes": z
    .record(z.string().regex(RUNBOOK_ID, ID_WORDS), field.prose(300, "how to tell it apart, in at most 300 characters"))
    .default({})
    .describe("Other causes that look the same, and what tells them apart."),
  after: ChangeCondition.optional().describe("A change that makes it likelier, and selects the action for `recent-deployment`."),
  actions: z.array(RunbookAction).max(8, "at most 8").default([]).describe("What may be done, best first."),
  verify: z.array(Verification).max(8, "at most 8").default([]).describe("How we will know that it helped."),
  "follow-ups": z.array(field.prose(200, "a follow-up of at most 200 characters")).max(12, "at most 12").default([]),
});
export type RunbookFile = z.infer<typeof RunbookFile>;
