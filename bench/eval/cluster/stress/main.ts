/**
 * `node lib/bench/eval/cluster/stress/main.js <data> [name]`: the recorded clusters, disturbed in ways in which other clusters differ.
 * What is taken away may well be what tells the cause: then an honest answer is less sure. `wrong and sure` counts the other ones.
 */
import { join } from "node:path";
import { createRunbookAnalyst } from "../../../../src/diagnosis/runbook/analyst.js";
import { readLibrary } from "../../injection/library.js";
import { createRandom } from "../../rename.js";
import { answer, lookAtCluster, type Answer, type Guess } from "../answer.js";
import { listRecordings, readRecording, type Recording } from "../recording.js";
import { describeGuess, isAmong, isConfident, readKey, restoreNames, type Key } from "../truth.js";
import { DISTURBANCES } from "./disturbances.js";
import type { Disturbance } from "./edit.js";

const SEED = 20_261_120;

interface Judged {
  readonly id: string;
  readonly truth: Guess;
  readonly answered: Answer;
}

const [data, only = ""] = process.argv.slice(2);
if (data === undefined) {
  console.error("Say where the recorded cases are: node lib/bench/eval/cluster/stress/main.js <data> [name]");
  process.exitCode = 1;
} else {
  await report(join(data, "cluster-cases"), only);
}

async function report(folder: string, wanted: string): Promise<void> {
  const key = await readKey(folder);
  const recordings = await Promise.all((await listRecordings(folder)).map((id) => readRecording(folder, id)));
  console.log(`${"disturbed".padEnd(42)} A@1    A@3    sure   wrong and sure`);
  for (const disturbance of DISTURBANCES.filter(({ name }) => name.includes(wanted))) {
    const judged = await judgeAll(recordings, disturbance, key);
    console.log(describe(disturbance.name, judged));
    if (wanted !== "") for (const line of judged.flatMap(describeMiss)) console.log(line);
  }
}

async function judgeAll(
  recordings: readonly Recording[],
  { disturb, restore }: Disturbance,
  key: Key,
): Promise<readonly Judged[]> {
  const runbooks = await readLibrary();
  const analyst = createRunbookAnalyst(runbooks);
  const judged: Judged[] = [];
  for (const [index, given] of recordings.entries()) {
    const truth = key.truth.get(given.id);
    if (truth === undefined) continue;
    const recording = disturb(given, createRandom(SEED + index));
    const evidence = await lookAtCluster(recording);
    const answered = await answer({ recording, evidence, analyst, runbooks, names: key.names });
    judged.push({ id: given.id, truth, answered: restoreNames(answered, restore ?? ((text) => text)) });
  }
  return judged;
}

function describe(name: string, judged: readonly Judged[]): string {
  const share = (test: (each: Judged) => boolean): string => (judged.filter(test).length / judged.length).toFixed(3).padEnd(7);
  const isWrongAndSure = ({ truth, answered }: Judged): boolean => isConfident(answered) && !isAmong(truth, answered, 1);
  return [
    name.padEnd(43),
    share(({ truth, answered }) => isAmong(truth, answered, 1)),
    share(({ truth, answered }) => isAmong(truth, answered, 3)),
    share(({ answered }) => isConfident(answered)),
    share(isWrongAndSure),
  ].join("");
}

function describeMiss({ id, truth, answered }: Judged): readonly string[] {
  if (isAmong(truth, answered, 1)) return [];
  const said = answered.guesses.map(describeGuess).join(", then ") || answered.said;
  return [`  ${isConfident(answered) ? "!" : " "} ${id} ${describeGuess(truth)}: ${said} (${answered.confidence.toFixed(2)})`];
}
