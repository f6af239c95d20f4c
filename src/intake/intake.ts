/**
 * An intake: what one event says about one incident. It travels unsigned in the body of a newborn issue, or in a comment on an
 * existing one, as `<!-- gatehouse:intake v1 <base64 of JSON> -->`. Whoever reads it decides whether to believe it.
 */
import { z } from "zod";
import { Alert } from "../incident/facts.js";
import { redact } from "../outside/redact.js";
import type { NonEmpty } from "../words.js";
import { MAX_TEXT, NOTE, RAW } from "./draft-alert.js";

/** Longest block in characters, markers included. */
export const MAX_INTAKE_BLOCK = 30_000;
/** Most alerts of one payload. */
export const MAX_ALERTS = 50;

const IntakeJson = z.strictObject({
  key: z.string().min(1).max(400),
  alerts: z.array(Alert).nonempty().max(MAX_ALERTS),
  reportedBy: z.string().max(100).nullable(),
});

export interface Intake {
  readonly key: string; // idempotency: one event, one key
  readonly alerts: NonEmpty<Alert>;
  readonly reportedBy: string | null; // login of the person, null for a monitor
}

const BLOCK = /<!-- gatehouse:intake v1 ([A-Za-z0-9+/=]+) -->/g;

/** The intake as a hidden block of less than 30,000 characters; what does not fit is cut, and the alert says so. */
export function encodeIntakeBlock(intake: Intake): string {
  for (const shrink of SHRINKS) {
    const block = writeBlock(shrink(intake));
    if (block.length < MAX_INTAKE_BLOCK) return block;
  }
  return writeBlock(bareBones(intake));
}

/** The one intake block of a body; null when there is none, more than one, or one that is not in this form. */
export function decodeIntakeBlock(body: string): Intake | null {
  const [found, ...others] = [...body.matchAll(BLOCK)];
  const payload = found?.[1];
  if (payload === undefined || others.length > 0 || payload.length >= MAX_INTAKE_BLOCK) return null;
  const parsed = IntakeJson.safeParse(parseJson(Buffer.from(payload, "base64").toString("utf8")));
  if (!parsed.success) return null;
  const [first, ...rest] = parsed.data.alerts;
  return first ? { ...parsed.data, alerts: [first, ...rest] } : null;
}

function writeBlock(intake: Intake): string {
  return `<!-- gatehouse:intake v1 ${Buffer.from(JSON.stringify(intake)).toString("base64")} -->`;
}

/** Not JSON is as good as nothing here: the schema refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Shrink = (intake: Intake) => Intake;
/** From nothing cut to hardly anything left: long annotations first, then labels, then alerts. */
const SHRINKS: readonly Shrink[] = [
  (intake) => intake,
  (intake) => cutTexts(intake, { raw: 3_000, text: 200, labels: 20 }),
  (intake) => cutTexts(intake, { raw: 1_000, text: 80, labels: 8 }),
  (intake) => cutTexts(firstAlerts(intake, 20), { raw: 1_000, text: 80, labels: 8 }),
  (intake) => cutTexts(firstAlerts(intake, 5), { raw: 500, text: 80, labels: 4 }),
];

function bareBones(intake: Intake): Intake {
  return cutTexts(firstAlerts(intake, 1), { raw: 200, text: 80, labels: 0 });
}

function firstAlerts({ alerts: [first, ...rest], ...intake }: Intake, most: number): Intake {
  return { ...intake, alerts: [first, ...rest.slice(0, most - 1)] };
}

interface Bounds {
  readonly raw: number;
  readonly text: number;
  readonly labels: number;
}

function cutTexts(intake: Intake, bounds: Bounds): Intake {
  const [first, ...rest] = intake.alerts;
  return { ...intake, alerts: [cutAlert(first, bounds), ...rest.map((alert) => cutAlert(alert, bounds))] };
}

function cutAlert(alert: Alert, { raw, text, labels }: Bounds): Alert {
  const cutAll = (texts: Alert["labels"]): Alert["labels"] =>
    Object.fromEntries(
      Object.entries(texts)
        .slice(0, labels)
        .map(([key, value]) => [key, redact(value.outside, key === RAW ? raw : text)]),
    );
  const note = redact("Cut to fit: not every label, annotation or alert of the payload is kept.", MAX_TEXT);
  return {
    ...alert,
    summary: redact(alert.summary.outside, 300),
    labels: cutAll(alert.labels),
    annotations: { ...cutAll(alert.annotations), [NOTE]: note },
  };
}
