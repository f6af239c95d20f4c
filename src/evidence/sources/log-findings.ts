/** Log lines before and since the onset as observations, whichever source they came from. Pure. */
import type { SignalQuery } from "../../config/config.js";
import { MAX_SUMMARY } from "../../incident/facts.js";
import { redact } from "../../outside/redact.js";
import type { Finding, SourceRequest } from "../../ports.js";
import { compareLogs, type TemplateChange } from "../../signals/log-change.js";
import type { LogLine } from "../../signals/log-templates.js";
import { clockTime } from "../phrases.js";

export interface SeenLines {
  readonly before: readonly LogLine[];
  readonly since: readonly LogLine[];
  readonly split: number; // ms
  /** There were more lines since the split than were read. */
  readonly isCut: boolean;
}
export interface LinesContext {
  readonly source: string;
  readonly signal: SignalQuery;
  readonly request: SourceRequest;
}

const MAX_TEMPLATE = 160;
const MOST_TEMPLATES = 12; // a signal
/** Alerts hold before they fire: lines this long before the alert may already be the fault's. */
const LEAD_MS = 5 * 60_000;

/** Where the window of logs is split, ms: what is older is the past that is compared with. */
export function splitOf({ logs, onset }: Pick<SourceRequest, "logs" | "onset">): number {
  return Math.max(logs.from.getTime(), onset.getTime() - LEAD_MS);
}

/** One finding for each kind of line, strongest first; the first one carries the lines that all of them were read from. */
export function describeLines({ before, since, split, isCut }: SeenLines, context: LinesContext): readonly Finding[] {
  const { logs, service } = context.request;
  const windows = { beforeMs: split - logs.from.getTime(), sinceMs: logs.to.getTime() - split };
  const lines = [...before, ...since].map((line) => ({ ...line, service: service.name }));
  return compareLogs(before, since, windows)
    .slice(0, MOST_TEMPLATES)
    .map((change, index) => ({ ...toFinding(change, isCut, context), material: { lines: index === 0 ? lines : [] } }));
}

function toFinding(change: TemplateChange, isCut: boolean, { source, signal, request }: LinesContext): Finding {
  const { template, isNew, score } = change;
  const news = isNew ? "new since the onset, " : change.hasGrown ? "grown since the onset, " : "";
  const count = `${isCut ? "at least " : ""}${template.count.toLocaleString("en-US")}×${isCut ? "," : ""}`;
  const from = isCut ? "seen back to" : "from";
  return {
    source,
    subject: request.service.name,
    at: new Date(template.firstAt),
    summary: redact(`${news}${count} ${from} ${clockTime(template.firstAt)} UTC: ${template.text}`, MAX_SUMMARY),
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
