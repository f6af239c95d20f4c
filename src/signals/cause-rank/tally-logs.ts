/** Counts what each service says before and since. Pure; memory bounded by the number of kinds of lines. */
import { createTemplateMiner, type LogLine } from "../log-templates.js";
import type { LogTally } from "./model.js";

export interface ServiceLine extends LogLine {
  readonly service: string;
}

/** Both stretches are mined together, all services in one: a kind of line is the same everywhere. */
export function tallyLogs(before: readonly ServiceLine[], since: readonly ServiceLine[]): readonly LogTally[] {
  const miner = createTemplateMiner();
  const tallies = new Map<string, Tally>();
  for (const line of before) count(line, "before");
  for (const line of since) count(line, "since");
  const texts = new Map(miner.templates().map(({ id, text }) => [id, text]));
  return [...tallies.values()].map(({ id, ...rest }) => ({ ...rest, template: texts.get(id) ?? "" }));

  function count(line: ServiceLine, side: "before" | "since"): void {
    const id = miner.add(line);
    if (id === null) return;
    const level = levelOf(line.text);
    const key = `${line.service}\0${level}\0${id}`;
    const known = tallies.get(key) ?? { service: line.service, level, id, before: 0, since: 0 };
    known[side] += 1;
    tallies.set(key, known);
  }
}

interface Tally {
  readonly service: string;
  readonly level: LogTally["level"];
  readonly id: number;
  before: number;
  since: number;
}

/** Loggers write the level in capitals near the beginning; what crashes tells of it in its own words. */
export function levelOf(text: string): LogTally["level"] {
  const head = text.slice(0, 120);
  if (/\b(?:ERROR|ERR|FATAL|CRITICAL|SEVERE|PANIC)\b/.test(head) || /^(?:panic:|Traceback|Unhandled|Exception in thread)/.test(text)) return "error";
  if (/\bWARN(?:ING)?\b/.test(head)) return "warning";
  return "other";
}
