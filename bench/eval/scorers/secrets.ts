/** Is no marked secret left after redaction, and do ordinary log lines stay as they are? */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { redact } from "../../../src/outside/redact.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

const base64 = z.string().transform((text) => Buffer.from(text, "base64").toString("utf8"));
const Positive = z
  .object({ id: z.string(), rule: z.string(), categories: z.array(z.string()), text_b64: base64, secrets_b64: z.array(base64) })
  .transform(({ id, rule, categories, text_b64: text, secrets_b64: secrets }) => ({ id, rule, categories, text, secrets }));
type Positive = z.infer<typeof Positive>;
const Negative = z.object({ id: z.string(), text_b64: base64 }).transform(({ id, text_b64: text }) => ({ id, text }));

export const scorer: Scorer = {
  name: "secrets",
  goals: [
    { figure: "recall", atLeast: 0.97, published: "gitleaks 0.726, detect-secrets 0.234, truffleHog 0.229 (another corpus)" },
    { figure: "lines_changed", atMost: 0.01 },
  ],
  renames: false,
  score: scoreSecrets,
};

/** `recall` leaves out what is no secret by itself (`identifier`); `lines_changed` is measured on the lines of `log-templates`. */
async function scoreSecrets({ folder, data }: ScoreRequest): Promise<Score> {
  const positives = parseJsonLines(await readFile(join(folder, "positives.jsonl"), "utf8"), Positive);
  const negatives = parseJsonLines(await readFile(join(folder, "negatives.jsonl"), "utf8"), Negative);
  const judged = positives.map((positive) => ({ positive, left: secretsLeft(positive) }));
  const identifiers = judged.filter(({ positive }) => positive.categories.includes("identifier"));
  const others = judged.filter(({ positive }) => !positive.categories.includes("identifier"));
  const lines = await readLogLines(join(data, "log-templates"));
  const changed = lines.filter(isChanged);
  return {
    figures: {
      recall: share(others, ({ left }) => left.length === 0),
      lines_changed: lines.length === 0 ? null : changed.length / lines.length,
      identifiers_hidden: share(identifiers, ({ left }) => left.length === 0),
      negatives_changed: share(negatives, ({ text }) => isChanged(text)),
    },
    cases: [
      ...judged.map(({ positive, left }) => describePositive(positive, left)),
      ...changed.slice(0, 50).map((line) => ({ id: "log line", right: false, answer: redact(line).outside, expected: line })),
      ...negatives.map(({ id, text }) => ({ id, right: null, answer: isChanged(text) ? "changed" : "as it was", expected: "" })),
    ],
    notes: lines.length === 0 ? ["no log-templates beside it: ordinary lines were not measured"] : [],
  };
}

function describePositive({ id, rule }: Positive, left: readonly string[]): CaseResult {
  const answer = left.length === 0 ? "hidden" : `${left.length} left`;
  return { id: `${id} (${rule})`, right: left.length === 0, answer, expected: "hidden" };
}

function secretsLeft({ text, secrets }: Positive): readonly string[] {
  const { outside } = redact(text, Math.max(20_000, text.length * 2));
  return secrets.filter((secret) => outside.includes(secret));
}

/** Compared with what reading alone does to a line: invisible characters are dropped from every text. */
function isChanged(text: string): boolean {
  return redact(text, Math.max(20_000, text.length * 2)).outside.includes("[redacted: ");
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}

async function readLogLines(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder).catch(noneWhenMissing)).filter((file) => /(?<!\.templates)\.tsv$/.test(file));
  const texts = await Promise.all(files.toSorted().map((file) => readFile(join(folder, file), "utf8")));
  return texts.flatMap((text) => text.split("\n").slice(1)).flatMap((row) => contentOf(row));
}

function contentOf(row: string): readonly string[] {
  const [, label, ...content] = row.split("\t");
  return label === undefined ? [] : [content.join("\t")];
}

function noneWhenMissing(error: unknown): readonly string[] {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
  throw error;
}

function parseJsonLines<T>(text: string, schema: z.ZodType<T>): readonly T[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => schema.parse(JSON.parse(line)));
}
