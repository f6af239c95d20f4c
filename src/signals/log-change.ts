/** Which kinds of log lines are new or more frequent since the onset. Pure. */
import { createTemplateMiner, type LogLine, type LogTemplate, type TemplateMiner } from "./log-templates.js";
import { clamp } from "./robust.js";

export interface TemplateChange {
  readonly template: LogTemplate; // counts and times since the split
  readonly countBefore: number;
  readonly isNew: boolean; // not one such line before
  readonly hasGrown: boolean; // at least three times as frequent, per minute, as before
  readonly score: number; // 0…1
}
export interface WindowLengths {
  readonly beforeMs: number; // 0: nothing was asked, so nothing can be called new
  readonly sinceMs: number;
  /** There were more lines before than were read: what is rare may have been among them. */
  readonly isBeforeCut?: boolean;
}

const GROWTH = 3;
/** From here on a count is as convincing as it gets. */
const MANY = 10;
/** Lines that the time before would hold at the rate since: with three expected, none is a chance of one in twenty. */
const LEAST_EXPECTED = 3;

/** Both halves are mined together, so that a line has the same template on either side. Strongest first. */
export function compareLogs(
  before: readonly LogLine[],
  since: readonly LogLine[],
  windows: WindowLengths,
): readonly TemplateChange[] {
  const miner = createTemplateMiner();
  const ids = [before, since].map((lines) => lines.map((line) => miner.add(line)));
  const [old, recent] = [tally(before, ids[0] ?? [], miner), tally(since, ids[1] ?? [], miner)];
  return miner
    .templates()
    .flatMap(({ id, text }) => {
      const seen = recent.get(id);
      return seen === undefined ? [] : [judge({ id, text, ...seen }, old.get(id)?.count ?? 0, windows)];
    })
    .toSorted((a, b) => b.score - a.score || b.template.count - a.template.count || (a.template.text < b.template.text ? -1 : 1));
}

type Tally = Omit<LogTemplate, "id" | "text">;

/** Only now, when both halves are in: templates merge while lines come. */
function tally(lines: readonly LogLine[], ids: readonly (number | null)[], miner: TemplateMiner): ReadonlyMap<number, Tally> {
  const tallies = new Map<number, Tally>();
  lines.forEach(({ at, text }, index) => {
    const id = ids[index] ?? null;
    if (id === null) return;
    const seen = tallies.get(miner.current(id)) ?? { count: 0, firstAt: at, lastAt: at, examples: [text] };
    const times = { firstAt: Math.min(seen.firstAt, at), lastAt: Math.max(seen.lastAt, at) };
    const examples = at < seen.firstAt ? [text] : seen.examples;
    tallies.set(miner.current(id), { ...times, count: seen.count + 1, examples });
  });
  return tallies;
}

function judge(
  template: LogTemplate,
  countBefore: number,
  { beforeMs, sinceMs, isBeforeCut = false }: WindowLengths,
): TemplateChange {
  const expected = (template.count * beforeMs) / Math.max(1, sinceMs);
  const isNew = countBefore === 0 && beforeMs > 0 && (!isBeforeCut || expected >= LEAST_EXPECTED);
  const growth = template.count / Math.max(1, sinceMs) / (Math.max(1, countBefore) / Math.max(1, beforeMs));
  const hasGrown = !isNew && beforeMs > 0 && template.count >= MANY && growth >= GROWTH;
  const size = clamp(Math.log10(1 + template.count) / Math.log10(1 + MANY), 0, 1);
  const score = isNew ? 0.55 + 0.4 * size : hasGrown ? 0.4 + 0.3 * size : 0.2 * size;
  return { template, countBefore, isNew, hasGrown, score };
}
