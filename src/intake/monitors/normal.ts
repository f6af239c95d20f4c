/** Our own normal form in camelCase, for monitors that are taught to speak it. Only a name is needed. */
import { z } from "zod";
import type { AlertDraft } from "../draft-alert.js";
import { severityOf, severityOfPriority } from "../severity-words.js";
import { stateOf } from "../state-words.js";

const scalarText = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((record) => {
    const scalars = Object.entries(record).flatMap(([key, value]) => {
      const text = scalarText.safeParse(value);
      return text.success ? [[key, text.data] as const] : [];
    });
    return Object.fromEntries(scalars);
  });
const optionalText = scalarText.optional().catch(undefined);
const optionalNumber = z
  .number()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

const NormalAlert = z.object({
  id: optionalText,
  fingerprint: optionalText,
  name: z.string().trim().min(1),
  service: optionalText,
  severity: z.unknown().optional(),
  state: z.unknown().optional(),
  startedAt: z.unknown().optional(),
  endedAt: z.unknown().optional(),
  summary: optionalText,
  labels: Texts,
  annotations: Texts,
  links: z.array(z.unknown()).catch([]),
  value: optionalNumber,
  threshold: optionalNumber,
});

/** @returns null when one of the alerts has no name: the whole list is then read as plain JSON */
export function readNormal(body: unknown): readonly AlertDraft[] | null {
  const parsed = z.array(NormalAlert).nonempty().safeParse(body);
  return parsed.success ? parsed.data.map(draftNormal) : null;
}

function draftNormal(alert: z.infer<typeof NormalAlert>): AlertDraft {
  return {
    ...alert,
    summary: alert.summary ?? alert.name,
    state: stateOf(alert.state),
    severity: severityOf(alert.severity) ?? severityOfPriority(alert.severity),
    startsAt: alert.startedAt,
    endsAt: alert.endedAt,
    links: alert.links.filter((link) => typeof link === "string"),
    notes: [],
  };
}
