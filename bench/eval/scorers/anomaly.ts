/** Does the streaming detector of metric anomalies raise an alarm early in each labelled window, and seldom elsewhere? */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ALARM, createAnomalyDetector } from "../../../src/signals/anomaly.js";
import type { Point } from "../../../src/signals/metric-change.js";
import { nabScore, PROFILES, tallyFile, type Profile, type Tally, type Window } from "../nab.js";
import type { Score, Scorer, ScoreRequest } from "../scorer.js";

const Windows = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));

export const scorer: Scorer = {
  name: "anomaly",
  goals: [
    { figure: "standard", atLeast: 58, published: "ARTime 75.0, Numenta HTM 70.7, Skyline 58.3, windowed Gaussian 47.4" },
    { figure: "low_fn", published: "ARTime 80.6, Numenta HTM 75.0, Skyline 63.4" },
    { figure: "low_fp", published: "ARTime 65.2, Numenta HTM 61.3, Skyline 47.8" },
  ],
  renames: false,
  score: scoreAnomalies,
};

interface FileResult {
  readonly file: string;
  readonly rows: number;
  readonly detections: readonly number[];
  readonly windows: readonly Window[];
}

async function scoreAnomalies({ folder }: ScoreRequest): Promise<Score> {
  const labels = Windows.parse(JSON.parse(await readFile(join(folder, "windows.json"), "utf8")));
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".csv")).toSorted();
  const results: FileResult[] = [];
  const started = performance.now();
  for (const file of files)
    results.push(detect(file, parsePoints(await readFile(join(folder, file), "utf8")), labels[file] ?? []));
  const seconds = (performance.now() - started) / 1_000;
  const tallies = results.map((result) => tally(result, PROFILES.standard));
  const rows = results.reduce((sum, result) => sum + result.rows, 0);
  return {
    figures: {
      standard: scoreAll(results, PROFILES.standard),
      low_fn: scoreAll(results, PROFILES.low_fn),
      low_fp: scoreAll(results, PROFILES.low_fp),
      windows: tallies.reduce((sum, each) => sum + each.windows, 0),
      windows_missed: tallies.reduce((sum, each) => sum + each.missed, 0),
      false_alarms: tallies.reduce((sum, each) => sum + each.falseAlarms, 0),
      rows_per_s: seconds === 0 ? null : Math.round(rows / seconds),
    },
    cases: results.map((result, index) => {
      const { windows = 0, missed = 0, falseAlarms = 0, sum = 0 } = tallies[index] ?? {};
      const answer = `${windows - missed} of ${windows} windows, ${falseAlarms} false alarms, ${sum.toFixed(2)}`;
      return { id: result.file, right: null, answer, expected: "" };
    }),
    notes: [],
  };
}

function scoreAll(results: readonly FileResult[], profile: Profile): number {
  const tallies = results.map((result) => tally(result, profile));
  return nabScore(tallies, profile);
}

function tally({ detections, windows, rows }: FileResult, profile: Profile): Tally {
  return tallyFile(detections, windows, rows, profile);
}

function detect(file: string, points: readonly Point[], labels: readonly (readonly [number, number])[]): FileResult {
  const detector = createAnomalyDetector();
  const detections = points.flatMap((point, row) => (detector.next(point).score >= ALARM ? [row] : []));
  return { file, rows: points.length, detections, windows: labels.flatMap((label) => toWindow(label, points)) };
}

function toWindow([from, to]: readonly [number, number], points: readonly Point[]): readonly Window[] {
  const first = points.findIndex(({ at }) => at >= from * 1_000);
  const last = points.findLastIndex(({ at }) => at <= to * 1_000);
  return first === -1 || last < first ? [] : [{ first, last }];
}

function parsePoints(csv: string): readonly Point[] {
  return csv
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const [time = "", value = ""] = line.split(",");
      return { at: Number(time) * 1_000, value: Number(value) };
    });
}
