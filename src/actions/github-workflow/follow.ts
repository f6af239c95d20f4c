import type { Clock, Runs, WorkflowRun } from "../../ports.js";
import type { Applied } from "../action.js";

/** A run must be listed this soon after its intent; later nobody can tell whether it was ever started. */
export const LISTED_WITHIN_MS = 60_000;
const POLL_MS = 1_500;
/** GitHub's clock and ours may differ by a little; runs are asked for from a bit earlier. */
const CLOCK_SLACK_MS = 5_000;

export interface Started {
  readonly repository: string;
  readonly workflow: string;
  readonly key: string; // is part of the run's title
  readonly intendedAt: Date;
  readonly lookSince: Date;
}

/** The run that carries our key, null when none is listed now. */
export async function findRun(started: Started, runs: Runs): Promise<WorkflowRun | null> {
  const since = new Date(started.lookSince.getTime() - CLOCK_SLACK_MS);
  const listed = await runs.recent(started.repository, started.workflow, since);
  return listed.find((run) => run.title.includes(started.key)) ?? null;
}

/** Waits until the run is listed; null when the time for that is over. */
export async function awaitListing(started: Started, runs: Runs, clock: Clock): Promise<WorkflowRun | null> {
  const deadline = started.intendedAt.getTime() + LISTED_WITHIN_MS;
  for (;;) {
    const run = await findRun(started, runs);
    if (run || clock.now().getTime() >= deadline) return run;
    await clock.sleep(POLL_MS);
  }
}

/** Waits for the end of a run, at most `limitMs`. Not ended by then means that nobody can tell. */
export async function awaitEnd(
  repository: string,
  first: WorkflowRun,
  limitMs: number,
  runs: Runs,
  clock: Clock,
): Promise<Applied> {
  const deadline = clock.now().getTime() + limitMs;
  let run: WorkflowRun | null = first;
  while (run?.status === "running" && clock.now().getTime() < deadline) {
    await clock.sleep(POLL_MS);
    run = await runs.run(repository, first.id);
  }
  if (run?.status !== "ended")
    return { outcome: "ambiguous", detail: `The run had not ended after ${limitMs / 60_000} minutes.`, url: first.url };
  if (run.conclusion === "success") return { outcome: "ok", detail: null, url: run.url };
  return { outcome: "failed", detail: `The run ended with "${run.conclusion ?? "no conclusion"}".`, url: run.url };
}
