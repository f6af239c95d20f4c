/** Counts what each service says before and since. Pure. */
import { createTemplateMiner, type LogLine } from "../log-templates.js";
import { groupBy } from "./group.js";
import type { LogTally } from "./model.js";

export interface ServiceLine extends LogLine {
  readonly service: string;
}

/** Both stretches are mined together, all services in one: a kind of line is the same everywhere. */
export function tallyLogs(
  before: readonly ServiceLine[],
  since: readonly ServiceLine[],
  services: readonly string[],
): readonly LogTally[] {
  const miner = createTemplateMiner();
  const counted = [...before.map((line) => mine(line, "before")), ...since.map((line) => mine(line, "since"))];
  const texts = new Map(miner.templates().map(({ id, text }) => [id, text]));
  const kinds = groupBy(
    counted.flatMap((each) => (each.id === null ? [] : [{ ...each, id: miner.current(each.id) }])),
    ({ id, line, level, names }) => [line.service, level, id, ...names].join("\0"),
  );
  return [...kinds.values()].flatMap((lines) => {
    const recent = lines.filter(({ side }) => side === "since");
    const [one] = recent.length > 0 ? recent : lines;
    if (one === undefined) return [];
    const { line, level, names, id } = one;
    const counts = { before: lines.length - recent.length, since: recent.length };
    return [{ service: line.service, template: texts.get(id) ?? "", example: line.text, level, names, ...counts }];
  });

  function mine(line: ServiceLine, side: "before" | "since"): Mined {
    const level = levelOf(line.text);
    const names = level === "error" ? services.filter((each) => each !== line.service && isNamed(line.text, each)) : [];
    return { line, side, level, names, id: miner.add(line) };
  }
}

interface Mined {
  readonly line: ServiceLine;
  readonly side: "before" | "since";
  readonly level: LogTally["level"];
  readonly names: readonly string[];
  readonly id: number | null;
}

/** Loggers write the level in capitals near the beginning; what crashes tells of it in its own words. */
export function levelOf(text: string): LogTally["level"] {
  const head = text.slice(0, 120);
  if (
    /\b(?:ERROR|ERR|FATAL|CRITICAL|SEVERE|PANIC)\b/.test(head) ||
    /^(?:panic:|Traceback|Unhandled|Exception in thread)/.test(text)
  )
    return "error";
  if (/\bWARN(?:ING)?\b/.test(head)) return "warning";
  return "other";
}

/** As a whole name: `cart` is not named by `cart-cleaner`. */
function isNamed(text: string, service: string): boolean {
  for (let at = text.indexOf(service); at !== -1; at = text.indexOf(service, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + service.length))) return true;
  }
  return false;
}
