/** Do lines with the same template, and only they, end in one group? One fixed configuration for all systems. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemplateMiner } from "../../../src/signals/log-templates.js";
import { createWordRenamer } from "../rename.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

export interface LabelledLine {
  readonly label: string;
  readonly text: string;
}
export interface Grouping {
  readonly ga: number; // share of lines whose group has exactly the lines of the true group
  readonly fga: number; // F1 over groups: a predicted group counts when it equals a true one
  readonly predicted: number;
  readonly actual: number;
}
interface SystemScore extends Grouping {
  readonly system: string;
  readonly lines: number;
  readonly bytes: number;
  readonly seconds: number;
}

export const scorer: Scorer = {
  name: "log-templates",
  goals: [
    { figure: "ga", atLeast: 0.9, published: "Brain 0.979, Drain 0.857 (tuned for each system, original labels)" },
    { figure: "fga", atLeast: 0.86, published: "LogPPT 0.86, Drain 0.74 (14 systems)" },
  ],
  renames: true,
  score: scoreLogTemplates,
};

async function scoreLogTemplates({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tsv") && !file.endsWith(".templates.tsv"));
  const systems: SystemScore[] = [];
  for (const file of files.toSorted()) {
    const lines = parseLines(await readFile(join(folder, file), "utf8"));
    systems.push(scoreSystem(file.replace(/\.tsv$/, ""), renameWords(lines, renameSeed)));
  }
  const total = (pick: (system: SystemScore) => number): number => systems.reduce((sum, system) => sum + pick(system), 0);
  const mean = (pick: (system: SystemScore) => number): number | null =>
    systems.length === 0 ? null : total(pick) / systems.length;
  const seconds = total((each) => each.seconds);
  return {
    figures: {
      ga: mean((each) => each.ga),
      fga: mean((each) => each.fga),
      mb_per_s: seconds === 0 ? null : total((each) => each.bytes) / 1e6 / seconds,
      lines_per_s: seconds === 0 ? null : Math.round(total((each) => each.lines) / seconds),
      lines_per_template: mean((each) => each.lines / Math.max(1, each.predicted)),
    },
    cases: systems.map(describeSystem),
    notes: [],
  };
}

function describeSystem({ system, ga, fga, predicted, actual }: SystemScore): CaseResult {
  const answer = `GA ${ga.toFixed(3)}, FGA ${fga.toFixed(3)}, ${predicted} templates`;
  return { id: system, right: null, answer, expected: `${actual} templates` };
}

/** Tab-separated with a header: original_event, corrected_event, content. */
function parseLines(file: string): readonly LabelledLine[] {
  return file
    .split("\n")
    .slice(1)
    .flatMap((row) => {
      const [, label, ...content] = row.split("\t");
      return label === undefined ? [] : [{ label, text: content.join("\t") }];
    });
}

/** Another word for every word of a system: no list of its words can be what finds the templates. */
function renameWords(lines: readonly LabelledLine[], seed: number | null): readonly LabelledLine[] {
  if (seed === null) return lines;
  const rename = createWordRenamer(seed);
  return lines.map(({ label, text }) => ({ label, text: rename(text) }));
}

function scoreSystem(system: string, lines: readonly LabelledLine[]): SystemScore {
  const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
  const started = performance.now();
  const miner = createTemplateMiner();
  const ids = lines.map(({ text }, index) => miner.add({ at: index, text }));
  const groups = ids.map((id, index) => (id === null ? `none ${index}` : String(miner.current(id))));
  const seconds = (performance.now() - started) / 1_000;
  return {
    system,
    lines: lines.length,
    bytes,
    seconds,
    ...compareGroups(
      groups,
      lines.map(({ label }) => label),
    ),
  }; // prettier-ignore
}

/** @param predicted - the group of each line; any names do */
export function compareGroups(predicted: readonly string[], actual: readonly string[]): Grouping {
  const labels = new Map<string, number>();
  for (const label of actual) labels.set(label, (labels.get(label) ?? 0) + 1);
  const pairs = new Map<string, { lines: number; labels: Set<string> }>();
  predicted.forEach((group, index) => {
    const pair = pairs.get(group) ?? { lines: 0, labels: new Set() };
    pair.lines += 1;
    pair.labels.add(actual[index] ?? "");
    pairs.set(group, pair);
  });
  const exact = [...pairs.values()].filter((pair) => {
    const [label = ""] = pair.labels;
    return pair.labels.size === 1 && labels.get(label) === pair.lines;
  });
  const lines = exact.reduce((sum, pair) => sum + pair.lines, 0);
  return {
    ga: actual.length === 0 ? 1 : lines / actual.length,
    fga: pairs.size + labels.size === 0 ? 1 : (2 * exact.length) / (pairs.size + labels.size),
    predicted: pairs.size,
    actual: labels.size,
  };
}
