/** The last lines of pods, and what their containers said before they restarted. */
import type { LogTail, PodDetail, PodSummary } from "./cluster.js";
import { troubleOf } from "./pod-health.js";
import type { Questions } from "./questions.js";

const MOST_LOGS = 60; // pods
const LOG_LINES = "300";
/** Of one line of a log, in characters: whoever writes a log may write a line of megabytes. */
const MAX_LOG_LINE = 4_000;

export async function collectLogs(
  pods: readonly PodSummary[],
  details: ReadonlyMap<string, PodDetail>,
  questions: Questions,
): Promise<readonly LogTail[]> {
  const all = pods
    .filter(({ status }) => status !== "Pending" && !status.startsWith("Init:"))
    .toSorted((a, b) => troubleOf(b) - troubleOf(a));
  const started = questions.first(MOST_LOGS, all, "logs of pods");
  const tails = await Promise.all(
    started.map(async ({ name, restarts, containers }) => {
      const which = containers > 1 ? ["--all-containers"] : [];
      const now = await questions.attempt(["logs", name, "--tail", LOG_LINES, ...which]);
      const before = restarts > 0 ? await collectPrevious(name, containers > 1 ? details.get(name) : undefined, questions) : [];
      return { pod: name, lines: [...before, now].flatMap((text) => readLines(text ?? "")) };
    }),
  );
  return tails.filter(({ lines }) => lines.length > 0);
}

/** Of several containers those that restarted are asked for by name: the others have no past, and without a name the first is meant. */
async function collectPrevious(
  pod: string,
  detail: PodDetail | undefined,
  questions: Questions,
): Promise<readonly (string | null)[]> {
  const ask = (...which: readonly string[]): Promise<string | null> =>
    questions.attempt(["logs", pod, "--previous", "--tail", LOG_LINES, ...which]);
  const ended = (detail?.containers ?? []).filter(({ restarts }) => restarts > 0);
  return Promise.all(ended.length === 0 ? [ask()] : ended.map(({ name }) => ask("-c", name)));
}

function readLines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.slice(0, MAX_LOG_LINE))
    .filter((line) => line.trim() !== "");
}
