/** The machine-readable head of a post-mortem: what learning and figures read. Documented in docs/postmortems.md. */
import { parse, stringify } from "yaml";
import { z } from "zod";
import { RISKS, SEVERITIES } from "../words.js";

const Moment = z.iso.datetime();

export const FrontMatter = z.strictObject({
  schema: z.literal(1),
  incident: z.int().positive(),
  service: z.string().nullable(),
  severity: z.enum(SEVERITIES).nullable(),
  onset: Moment,
  opened: Moment,
  resolved: Moment,
  "minutes-to-recover": z.number().nonnegative(), // from onset to resolution
  how: z.enum(["remediated", "by-person", "recovered-by-itself", "no-incident", "duplicate"]),
  cause: z.string().nullable(), // plain text
  "cause-by": z.enum(["person", "analyst", "nobody"]),
  runbook: z.string().nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  attempts: z.int().nonnegative(), // of diagnosis
  alerts: z.array(z.string()), // fingerprints
  signals: z.array(z.string()), // reviewed signals that left their band
  actions: z.array(
    z.strictObject({ action: z.string(), target: z.string(), risk: z.enum(RISKS), outcome: z.string() }), // outcome: of the execution
  ),
  verdict: z.enum(["recovered", "unchanged", "worse", "unknown"]).nullable(),
  "cost-usd": z.number().nonnegative(),
});
export type FrontMatter = z.infer<typeof FrontMatter>;

export function writeFrontMatter(values: FrontMatter): string {
  return `---\n${stringify(values, { lineWidth: 0 })}---\n`;
}

export type FrontMatterReading =
  | { readonly ok: true; readonly values: FrontMatter }
  | { readonly ok: false; readonly message: string };

/** Reads the head of a post-mortem, hand-written ones included. */
export function readFrontMatter(path: string, text: string): FrontMatterReading {
  const head = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text)?.[1];
  if (head === undefined)
    return { ok: false, message: `${path}: no front matter; the file must begin with a block between two lines "---".` };
  const yaml = parseYaml(head);
  if (!yaml.ok) return { ok: false, message: `${path}: the front matter is not YAML: ${yaml.message}` };
  const checked = FrontMatter.safeParse(yaml.value);
  if (checked.success) return { ok: true, values: checked.data };
  const problems = checked.error.issues.map(({ path: where, message }) => `${where.join(".") || "front matter"}: ${message}`);
  return { ok: false, message: `${path}: ${problems.join("; ")}. See docs/postmortems.md.` };
}

function parseYaml(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: parse(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
