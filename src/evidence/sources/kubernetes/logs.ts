/** Log lines that complain, by app: the kinds of lines, how often, and an example. */
import { MAX_SUMMARY, MAX_TEMPLATE } from "../../../incident/facts.js";
import { readForMatching } from "../../../outside/match.js";
import { redact } from "../../../outside/redact.js";
import type { Finding } from "../../../ports.js";
import { createTemplateMiner, type LogTemplate } from "../../../signals/log-templates.js";
import type { View } from "./view.js";

const COMPLAINT =
  /error|exception|fatal|panic|fail|refused|denied|timed? ?out|unavailable|unable|cannot|too many|exhausted|read.only|no such host|in use|no route|not found|undefined|missing|must be set|slow|took (?:too )?\d|taking|\b50[0-4]\b/i;
/** What a line may say of itself: that nothing is wrong. Redis marks its notices with a star, a dash or a dot before the text. */
const CALM =
  /["']?(?:level|severity|lvl)["']?\s?[:=]\s?["']?(?:trace|debug|info|notice)\b|^\S*\s?(?:\S+\s){0,3}\[?(?:TRACE|DEBUG|INFO|NOTICE)\b|^\d+:[MSCX] \d\d \w{3} \d{4} [\d:.]+ [*.-] /;
/** Of a calm line only these count: settings and start-up notes are full of "error" and "timeout". */
const COMPLAINT_OF_CALM =
  /exception|panic|\bfail(?:ed|ure|s)\b|refused|denied|timed out|unable to|cannot|could not|too many|exhausted|no such host|no route|not found|must be set|undefined|missing|slow|took (?:too )?\d|taking|(?:status|code)["':=\s]{1,4}50[0-4]\b|" 50[0-4]\b/i;
const MOST_KINDS = 4; // of one app
const MAX_LINE = 600;

export function findComplaints(view: View, now: Date): readonly Finding[] {
  return [...view.logsByApp].flatMap(([app, lines]) => complaintsOf(app, lines, now));
}

function complaintsOf(app: string, lines: readonly string[], now: Date): readonly Finding[] {
  const miner = createTemplateMiner();
  const examples = new Map<number, string>();
  for (const line of lines.filter(complains)) {
    const text = readForMatching(redact(message(line), MAX_LINE));
    const id = miner.add({ at: timeOf(line) ?? now.getTime(), text });
    if (id !== null) examples.set(id, text);
  }
  return miner
    .templates()
    .slice(0, MOST_KINDS)
    .map((template) => toFinding(app, template, examples.get(template.id) ?? template.text));
}

function complains(line: string): boolean {
  return COMPLAINT.test(line) && (!CALM.test(line.slice(0, MAX_LINE)) || COMPLAINT_OF_CALM.test(line));
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

/** The text of a JSON line where the text complains; the line itself otherwise ("request complete", with status 500 beside it). */
function message(line: string): string {
  const said = /"(?:error|err|msg|message)"\s*:\s*"((?:[^"\\]|\\.){1,600})"/.exec(line)?.[1];
  return said === undefined || !COMPLAINT.test(said) ? line : said.replaceAll('\\"', '"');
}
