/** Does the analyst name the fault of a recorded cluster and the object that has it? No model, and the truth is read here only. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import { parseRunbook } from "../../../src/diagnosis/runbook/parse.js";
import { readShippedRunbooks } from "../../../src/app/shipped-runbooks.js";
import { answer, lookAtCluster, nameOf, type Answer, type Guess } from "../cluster/answer.js";
import { renameRecording } from "../cluster/names.js";
import { listRecordings, readRecording } from "../cluster/recording.js";
import type { CaseResult, Score, Scorer, ScoreRequest } from "../scorer.js";

const Truth = z.record(z.string(), z.object({ root_cause: z.string(), fault_object: z.string() }));
const Vocabulary = z.record(z.string(), z.object({ object: z.string(), category: z.string() }));

/** From here on an incident acts on a diagnosis: the default threshold of the config. */
const THRESHOLD = 0.7;

export const scorer: Scorer = {
  name: "cluster-cases",
  goals: [
    {
      figure: "a1",
      atLeast: 0.8,
      published: "DeepSeek-V3.2 0.73, GPT-5 0.67, Claude-4-Sonnet 0.54, GPT-4o 0.51 (whole benchmark, with tools)",
    },
    { figure: "a3", atLeast: 0.9 },
    { figure: "ms_per_case", atMost: 1_000 },
    { figure: "leave_one_out_wrong", atMost: 0.1 },
  ],
  renames: true,
  score: scoreClusters,
};

interface Judged {
  readonly id: string;
  readonly truth: Guess;
  readonly answered: Answer;
  readonly withoutKind: Answer;
  readonly ms: number;
}

async function scoreClusters({ folder, renameSeed }: ScoreRequest): Promise<Score> {
  const truth = Truth.parse(JSON.parse(await readFile(join(folder, "truth.json"), "utf8")));
  const names = new Set(Object.keys(Vocabulary.parse(JSON.parse(await readFile(join(folder, "vocabulary.json"), "utf8")))));
  const runbooks = await readLibrary();
  const judged: Judged[] = [];
  for (const id of await listRecordings(folder)) {
    const expected = truth[id];
    if (expected === undefined) continue;
    judged.push(
      await judge(id, { rootCause: expected.root_cause, object: expected.fault_object }, { folder, renameSeed, names, runbooks }),
    );
  }
  return { figures: measure(judged), cases: judged.map(toCase), notes: describe(judged) };
}

interface Bench {
  readonly folder: string;
  readonly renameSeed: number | null;
  readonly names: ReadonlySet<string>;
  readonly runbooks: readonly Runbook[];
}

async function judge(id: string, truth: Guess, { folder, renameSeed, names, runbooks }: Bench): Promise<Judged> {
  const { recording, restore } = renameRecording(await readRecording(folder, id), renameSeed);
  const started = performance.now();
  const evidence = await lookAtCluster(recording);
  const answered = await answer(evidence, recording, runbooks, names);
  const ms = performance.now() - started;
  const others = runbooks.filter((runbook) => nameOf(runbook, names) !== truth.rootCause);
  const withoutKind = await answer(evidence, recording, others, names);
  return { id, truth, answered: restoreNames(answered, restore), withoutKind: restoreNames(withoutKind, restore), ms };
}

function restoreNames(answered: Answer, restore: (text: string) => string): Answer {
  return { ...answered, guesses: answered.guesses.map(({ rootCause, object }) => ({ rootCause, object: restore(object) })) };
}

async function readLibrary(): Promise<readonly Runbook[]> {
  return (await readShippedRunbooks()).map((file) => {
    const parsed = parseRunbook(file);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.runbook;
  });
}

function isRight({ truth, answered: { guesses } }: Judged, among: number): boolean {
  return guesses.slice(0, among).some(({ rootCause, object }) => rootCause === truth.rootCause && object === truth.object);
}

function isConfident({ confidence }: Answer): boolean {
  return confidence >= THRESHOLD;
}

function measure(judged: readonly Judged[]): Score["figures"] {
  const sure = judged.filter(({ answered }) => isConfident(answered));
  return {
    cases: judged.length,
    a1: share(judged, (each) => isRight(each, 1)),
    a3: share(judged, (each) => isRight(each, 3)),
    ms_per_case: judged.length === 0 ? null : judged.reduce((sum, { ms }) => sum + ms, 0) / judged.length,
    leave_one_out_wrong: share(judged, ({ withoutKind }) => isConfident(withoutKind)),
    leave_one_out_silent: share(judged, ({ withoutKind }) => withoutKind.said !== "cause"),
    calibration: {
      right_at_or_above: share(sure, (each) => isRight(each, 1)),
      share_below: share(judged, ({ answered }) => !isConfident(answered)),
    },
  };
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(test).length / items.length;
}

function toCase(judged: Judged): CaseResult {
  const { id, truth, answered } = judged;
  const first = answered.guesses.map(describeGuess).join(", then ");
  return {
    id,
    right: isRight(judged, 1),
    answer: first === "" ? answered.said : `${first} (${answered.confidence.toFixed(2)})`,
    expected: describeGuess(truth),
  };
}

function describeGuess({ rootCause, object }: Guess): string {
  return `${rootCause} of ${object}`;
}

/** One line a kind with misses, and what stayed confident without its own signatures. */
function describe(judged: readonly Judged[]): readonly string[] {
  const kinds = [...new Set(judged.map(({ truth }) => truth.rootCause))].toSorted();
  const misses = kinds.flatMap((kind) => {
    const all = judged.filter(({ truth }) => truth.rootCause === kind);
    const missed = all.filter((each) => !isRight(each, 1));
    return missed.length === 0 ? [] : [`${kind}: ${missed.length} of ${all.length} not first`];
  });
  const stubborn = judged
    .filter(({ withoutKind }) => isConfident(withoutKind))
    .map(
      ({ id, truth, withoutKind }) =>
        `without its signatures, ${id} (${truth.rootCause}) is taken for ${withoutKind.guesses.map(describeGuess)[0] ?? "?"}`,
    );
  return [`${kinds.length} kinds of fault have a case here`, ...misses, ...stubborn];
}
