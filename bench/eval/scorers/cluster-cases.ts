/** Does the analyst name the fault of a recorded cluster and the object that has it? No model, and the truth is read here only. */
import { createRunbookAnalyst } from "../../../src/diagnosis/runbook/analyst.js";
import type { Runbook } from "../../../src/diagnosis/runbook/runbook.js";
import { answer, lookAtCluster, nameOf, type Answer, type Guess } from "../cluster/answer.js";
import { renameRecording } from "../cluster/names.js";
import { listRecordings, readRecording } from "../cluster/recording.js";
import { describeGuess, isAmong, isConfident, readKey, restoreNames } from "../cluster/truth.js";
import { readLibrary } from "../injection/library.js";
import type { CaseResult, MakeAnalyst, Score, Scorer, ScoreRequest } from "../scorer.js";

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
  takesAnalyst: true,
  score: scoreClusters,
};

interface Judged {
  readonly id: string;
  readonly truth: Guess;
  readonly answered: Answer;
  readonly withoutKind: Answer | null; // null: not asked, because another analyst than the offline one answers
  readonly ms: number;
}

async function scoreClusters({ folder, renameSeed, analyst, limit }: ScoreRequest): Promise<Score> {
  const { truth, names } = await readKey(folder);
  const runbooks = await readLibrary();
  const judged: Judged[] = [];
  const bench: Bench = { folder, renameSeed, names, runbooks, analyst: analyst ?? null };
  for (const id of (await listRecordings(folder)).slice(0, limit)) {
    const expected = truth.get(id);
    if (expected === undefined) continue;
    judged.push(await judge(id, expected, bench));
  }
  return { figures: measure(judged), cases: judged.map(toCase), notes: describe(judged) };
}

interface Bench {
  readonly folder: string;
  readonly renameSeed: number | null;
  readonly names: ReadonlySet<string>;
  readonly runbooks: readonly Runbook[];
  readonly analyst: MakeAnalyst | null; // null: the offline one
}

async function judge(id: string, truth: Guess, { folder, renameSeed, names, runbooks, analyst }: Bench): Promise<Judged> {
  const { recording, restore } = renameRecording(await readRecording(folder, id), renameSeed);
  const started = performance.now();
  const evidence = await lookAtCluster(recording);
  const asked = { evidence, recording, names };
  const make = analyst ?? createRunbookAnalyst;
  const answered = await answer({ ...asked, runbooks, analyst: make(runbooks) });
  const ms = performance.now() - started;
  const others = runbooks.filter((runbook) => nameOf(runbook, names) !== truth.rootCause);
  const withoutKind =
    analyst === null ? await answer({ ...asked, runbooks: others, analyst: createRunbookAnalyst(others) }) : null;
  return {
    id,
    truth,
    answered: restoreNames(answered, restore),
    withoutKind: withoutKind && restoreNames(withoutKind, restore),
    ms,
  };
}

function isRight({ truth, answered }: Judged, among: number): boolean {
  return isAmong(truth, answered, among);
}

function measure(judged: readonly Judged[]): Score["figures"] {
  const without = judged.flatMap(({ withoutKind }) => withoutKind ?? []);
  const sure = judged.filter(({ answered }) => isConfident(answered));
  return {
    cases: judged.length,
    a1: share(judged, (each) => isRight(each, 1)),
    a3: share(judged, (each) => isRight(each, 3)),
    ms_per_case: judged.length === 0 ? null : judged.reduce((sum, { ms }) => sum + ms, 0) / judged.length,
    leave_one_out_wrong: share(without, isConfident),
    leave_one_out_silent: share(without, ({ said }) => said !== "cause"),
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

/** One line a kind with misses, and what stayed confident without its own signatures. */
function describe(judged: readonly Judged[]): readonly string[] {
  const kinds = [...new Set(judged.map(({ truth }) => truth.rootCause))].toSorted();
  const misses = kinds.flatMap((kind) => {
    const all = judged.filter(({ truth }) => truth.rootCause === kind);
    const missed = all.filter((each) => !isRight(each, 1));
    return missed.length === 0 ? [] : [`${kind}: ${missed.length} of ${all.length} not first`];
  });
  const stubborn = judged.flatMap(({ id, truth, withoutKind }) =>
    withoutKind !== null && isConfident(withoutKind)
      ? [`without its signatures, ${id} (${truth.rootCause}) is taken for ${withoutKind.guesses.map(describeGuess)[0] ?? "?"}`]
      : [],
  );
  return [`${kinds.length} kinds of fault have a case here`, ...describeAnalysts(judged), ...misses, ...stubborn];
}

/** Who answered how many, where it was not always the offline analyst: a model that fails hands its cases over to it. */
function describeAnalysts(judged: readonly Judged[]): readonly string[] {
  const by = new Map<string, number>();
  for (const { answered } of judged) by.set(answered.by, (by.get(answered.by) ?? 0) + 1);
  const told = [...by].map(([name, count]) => `${count} of ${judged.length} answered by ${name}`);
  return by.size === 1 && by.has("runbooks") ? [] : told;
}
