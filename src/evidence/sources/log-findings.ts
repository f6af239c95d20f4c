/** Log lines before and since the onset as observations, whichever source they came from. */
import type { SignalQuery } from "../../config/config.js";
import { MAX_SUMMARY, MAX_TEMPLATE } from "../../incident/facts.js";
import { readForMatching } from "../../outside/match.js";
import { redact } from "../../outside/redact.js";
import type { Finding, SourceRequest } from "../../ports.js";
import { compareLogs, type TemplateChange } from "../../signals/log-change.js";
import type { LogLine } from "../../signals/log-templates.js";
import { clockTime } from "../phrases.js";
import { canHeal, PartialAnswerError } from "../unavailable.js";

export interface LinesAnswer {
  readonly lines: readonly LogLine[]; // the newest of the window, up to the source's limit
  readonly isCut: boolean; // there were more, or may have been
  readonly missing: string | null; // why some may be missing: "2 of 5 shards failed"
}
/** A line as it is read from here on: without secrets, and cut. */
export function toLine(at: number, text: string): LogLine {
  return { at, text: readForMatching(redact(text, MAX_LINE)) };
}

/** One reviewed query, as its source asks it. */
export interface LinesQuestion {
  readonly source: string;
  readonly who: string; // "Loki at loki:3100", for messages
  readonly signal: SignalQuery;
  /** @param start - inclusive, ms; `end` exclusive */
  ask(start: number, end: number): Promise<LinesAnswer>;
}
export interface SeenLines {
  readonly before: readonly LogLine[];
  readonly since: readonly LogLine[];
  readonly split: number; // ms
  /** There were more lines since the split than were read; or before it. */
  readonly isCut: boolean;
  readonly isBeforeCut: boolean;
}
export type LinesContext = Pick<LinesQuestion, "source" | "signal"> & { readonly request: SourceRequest };

const MAX_LINE = 1_000; // characters
const MOST_TEMPLATES = 12; // a signal
/** Alerts hold before they fire: lines this long before the alert may already be the fault's. */
const LEAD_MS = 5 * 60_000;

/** Where the window of logs is split, ms: what is older is the past that is compared with. */
function splitOf({ logs, onset }: Pick<SourceRequest, "logs" | "onset">): number {
  return Math.max(logs.from.getTime(), onset.getTime() - LEAD_MS);
}

/**
 * Two questions, before and since the onset: in a storm of lines, the newest thousand alone would make everything look new.
 * @throws {PartialAnswerError} with what was found, when lines are missing or one of the questions failed
 */
export async function observeLines(question: LinesQuestion, request: SourceRequest): Promise<readonly Finding[]> {
  const { source, who, signal } = question;
  const { from, to } = request.logs;
  const split = splitOf(request);
  const nothing: LinesAnswer = { lines: [], isCut: false, missing: null };
  const [before, since] = await Promise.allSettled([
    split > from.getTime() ? question.ask(from.getTime(), split) : nothing,
    question.ask(split, to.getTime()),
  ]);
  if (since.status === "rejected") throw since.reason; // the past alone tells nothing
  const old = before.status === "fulfilled" ? before.value : null;
  const findings = describeLines(
    {
      before: old?.lines ?? [],
      since: since.value.lines,
      split: old === null ? from.getTime() : split, // nothing to compare with
      isCut: since.value.isCut,
      isBeforeCut: old?.isCut ?? false,
    },
    { source, signal, request },
  );
  if (before.status === "rejected") {
    const why = before.reason instanceof Error ? before.reason.message : "unknown failure";
    throw new PartialAnswerError(`The lines before could not be compared: ${why}`, findings, canHeal(before.reason));
  }
  const missing = since.value.missing ?? before.value.missing;
  if (missing === null) return findings;
  throw new PartialAnswerError(`${who} answered in part: ${missing}.`, findings, false);
}

/** One finding for each kind of line, strongest first; the first one carries the lines that all of them were read from. Pure. */
function describeLines(seen: SeenLines, context: LinesContext): readonly Finding[] {
  const service = context.request.service.name;
  const lines = [...seen.before, ...seen.since].map((line) => ({ ...line, service }));
  return compareLogs(seen.before, seen.since, windowsOf(seen, context))
    .slice(0, MOST_TEMPLATES)
    .map((change, index) => ({ ...toFinding(change, seen, context), material: { lines: index === 0 ? lines : [] } }));
}

/** As far as lines were read: of an answer that was cut, the time in front of its oldest line was not looked at. */
function windowsOf({ before, since, split, isCut, isBeforeCut }: SeenLines, { request: { logs } }: LinesContext) {
  const [from, to] = [logs.from.getTime(), logs.to.getTime()];
  return {
    beforeMs: split - (isBeforeCut ? oldest(before, from) : from),
    sinceMs: to - (isCut ? oldest(since, split) : split),
    isBeforeCut,
  };
}

function oldest(lines: readonly LogLine[], otherwise: number): number {
  return lines.reduce((first, { at }) => Math.min(first, at), lines[0]?.at ?? otherwise);
}

/** A time in ISO 8601 that a line begins with, alone or in brackets. */
const OWN_TIME = /^\s*[[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?[\])]?[\s:,-]+(?=\S)/;

/** The time is told in front of it already, and summaries are short. */
function withoutTime(line: string): string {
  return line.replace(OWN_TIME, "");
}

/** People read the first line of its kind; runbooks match its template. */
function toFinding(change: TemplateChange, seen: SeenLines, { source, signal, request }: LinesContext): Finding {
  const { template, isNew, score } = change;
  const { isCut, isBeforeCut, before, split } = seen;
  const compared = isBeforeCut ? ` (compared back to ${clockTime(oldest(before, split))})` : "";
  const news = isNew ? `new since the onset${compared}, ` : change.hasGrown ? `grown since the onset${compared}, ` : "";
  const count = `${isCut ? "at least " : ""}${template.count.toLocaleString("en-US")}×${isCut ? "," : ""}`;
  const from = isCut ? "seen back to" : "from";
  return {
    source,
    subject: request.service.name,
    at: new Date(template.firstAt),
    summary: redact(
      `${news}${count} ${from} ${clockTime(template.firstAt)} UTC: ${withoutTime(template.examples[0] ?? template.text)}`,
      MAX_SUMMARY,
    ),
    detail: {
      kind: "log",
      signal: signal.name,
      template: redact(template.text, MAX_TEMPLATE),
      count: template.count,
      newSinceOnset: isNew,
      firstAt: new Date(template.firstAt),
      lastAt: new Date(template.lastAt),
    },
    score,
    query: signal.name,
    link: null,
  };
}
