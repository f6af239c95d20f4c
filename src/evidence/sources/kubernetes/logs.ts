/** Log lines that complain, by app: the kinds of lines, how often, and an example. */
import { MAX_SUMMARY, MAX_TEMPLATE } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding } from "../../../ports.js";
import { createTemplateMiner, type LogTemplate } from "../../../signals/log-templates.js";
import type { View } from "./view.js";

const COMPLAINT =
  /error|exception|fatal|panic|fail|refused|denied|timed? ?out|unavailable|unable|cannot|too many|exhausted|read.only|no such host|in use|no route|not found|undefined|missing|must be set|slow|took (?:too )?\d|taking|\b50[0-4]\b/i;
const MOST_KINDS = 4; // of one app
const MAX_LINE = 600;

export function findComplaints(view: View, now: Date): readonly Finding[] {
  return [...view.logsByApp].flatMap(([app, lines]) => complaintsOf(app, lines, now));
}

function complaintsOf(app: string, lines: readonly string[], now: Date): readonly Finding[] {
  const miner = createTemplateMiner();
  const examples = new Map<number, string>();
  for (const line of lines.filter((each) => COMPLAINT.test(each))) {
    const text = readForMatching(redact(message(line), MAX_LINE));
    const id = miner.add({ at: timeOf(line) ?? now.getTime(), text });
    if (id !== null) examples.set(id, text);
  }
  return miner
    .templates()
    .slice(0, MOST_KINDS)
    .map((template) => toFinding(app, template, examples.get(template.id) ?? template.text));
}

/** People read the latest line of a kind; runbooks match its template. */
function toFinding(app: string, { text, count, firstAt, lastAt }: LogTemplate, example: string): Finding {
  return {
    source: "kubernetes",
    subject: app,
    at: new Date(lastAt),
    summary: redact(`${count}× in the log: ${example}`, MAX_SUMMARY),
    detail: {
      kind: "log",
      signal: "kubernetes-logs",
      template: redact(text, MAX_TEMPLATE),
      count,
      newSinceOnset: false, // the tail of a log does not tell what was there before
      firstAt: new Date(firstAt),
      lastAt: new Date(lastAt),
    },
    score: Math.min(0.6, 0.3 + 0.1 * Math.log2(1 + count)),
    query: "kubernetes-logs",
    link: null,
  };
}

/** Kubernetes and most frameworks begin a line with its time. */
function timeOf(line: string): number | null {
  const found = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(Z|[+-]\d\d:?\d\d)?/.exec(line);
  const at = found === null ? Number.NaN : Date.parse(`${(found[1] ?? "").replace(" ", "T")}${found[2] ?? "Z"}`);
  return Number.isNaN(at) ? null : at;
}

/** The text of a JSON line, the line itself otherwise. */
function message(line: string): string {
  const said = /"(?:error|err|msg|message)"\s*:\s*"((?:[^"\\]|\\.){1,600})"/.exec(line)?.[1];
  return said === undefined ? line : said.replaceAll('\\"', '"');
}
