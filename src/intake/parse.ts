/** `repository_dispatch` of type `alert`: whatever came in becomes one intake per service. Nothing throws, nothing is lost. */
import { z } from "zod";
import type { Config } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import { canonicalJson, sha256 } from "../plan/canonical.js";
import type { NonEmpty } from "../words.js";
import { draftAlert, NOTE, type AlertDraft, type IntakeContext } from "./draft-alert.js";
import { MAX_ALERTS, type Intake } from "./intake.js";
import { readMoment } from "./moment.js";
import { readJson } from "./monitors/json.js";
import { readNormal } from "./monitors/normal.js";
import { prune } from "./monitors/prune.js";
import { readPayload } from "./monitors/registry.js";

const KEY = /^[\w.:/+=@-]{1,200}$/;
const Envelope = z.object({
  version: z.literal(1),
  key: z.string().regex(KEY).optional().catch(undefined),
  monitor: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .catch("json"),
  received_at: z.unknown().optional(),
  raw: z.unknown().optional(),
  alerts: z.unknown().optional(),
});

interface Reading {
  readonly monitor: string;
  readonly drafts: readonly AlertDraft[];
  readonly key: string;
  readonly receivedAt: unknown;
}

/**
 * One intake per service that the payload names, in order of appearance; alerts without a known service share one.
 * With several intakes each has its own key, derived from the payload's, so that a second delivery meets the same incidents.
 */
export function parseDispatch(clientPayload: unknown, config: Pick<Config, "services">, now: Date): Intake[] {
  const { monitor, drafts, key, receivedAt } = readEnvelope(clientPayload);
  const context: IntakeContext = { monitor, services: config.services, now: readMoment(receivedAt, now) ?? now };
  const alerts = drafts.slice(0, MAX_ALERTS).map((draft) => draftAlert(draft, context));
  const groups = [...groupByService(alerts)];
  return groups.flatMap(([service, [first, ...rest]]) => {
    if (!first) return [];
    const grouped: NonEmpty<Alert> = [first, ...rest];
    return [
      {
        key: groups.length === 1 ? key : `${key}/${service ?? "-"}`,
        alerts: sayWhatWasCut(grouped, drafts.length),
        reportedBy: null,
      },
    ];
  });
}

/** Firing alerts first: they say what the incident is about. */
function groupByService(alerts: readonly Alert[]): ReadonlyMap<string | null, readonly Alert[]> {
  const groups = new Map<string | null, Alert[]>();
  const ordered = [...alerts.filter(({ state }) => state === "firing"), ...alerts.filter(({ state }) => state === "resolved")];
  for (const alert of ordered) groups.set(alert.service, [...(groups.get(alert.service) ?? []), alert]);
  return groups;
}

function readEnvelope(clientPayload: unknown): Reading {
  const payload = prune(clientPayload ?? null);
  const envelope = Envelope.safeParse(payload);
  if (!envelope.success)
    return asRaw(payload, "The client payload is not version 1 of the form that the documentation describes.");
  const { key, monitor, received_at, raw, alerts } = envelope.data;
  if ((raw === undefined) === (alerts === undefined))
    return asRaw(payload, "The client payload must hold either `raw` or `alerts`.");
  const body = raw === undefined ? alerts : raw;
  const drafts =
    raw === undefined
      ? (readNormal(alerts) ?? noted(readJson(alerts), "`alerts` is not in our normal form."))
      : readPayload(monitor, raw);
  return { monitor, drafts, key: key ?? keyOf(body), receivedAt: received_at };
}

/** Everything that came, as plain JSON, with the reason why it was not understood. */
function asRaw(payload: unknown, why: string): Reading {
  const told = z.object({ key: z.string().regex(KEY), received_at: z.unknown().optional() }).safeParse(payload);
  const drafts = noted(readJson(payload), why);
  return { monitor: "json", drafts, key: told.success ? told.data.key : keyOf(payload), receivedAt: told.data?.received_at };
}

function noted(drafts: readonly AlertDraft[], note: string): readonly AlertDraft[] {
  return drafts.map((draft) => ({ ...draft, notes: [note, ...draft.notes] }));
}

function keyOf(body: unknown): string {
  return sha256(canonicalJson(body));
}

function sayWhatWasCut(alerts: NonEmpty<Alert>, count: number): NonEmpty<Alert> {
  if (count <= MAX_ALERTS) return alerts;
  const [first, ...rest] = alerts;
  const earlier = first.annotations[NOTE]?.outside ?? "";
  const note = { outside: `The payload holds ${count} alerts; the first ${MAX_ALERTS} are kept. ${earlier}`.trim() };
  return [{ ...first, annotations: { ...first.annotations, [NOTE]: note } }, ...rest];
}
