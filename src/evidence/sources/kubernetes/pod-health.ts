/** How well a pod is, by its line in the list. Pure. */
import type { PodSummary } from "./cluster.js";

export function isWell({ status, readyContainers, containers, restarts }: PodSummary): boolean {
  return status === "Completed" || (status === "Running" && readyContainers === containers && restarts === 0);
}

/** Not running, then running without being ready, then restarted lately, then restarted long ago. */
export function troubleOf(pod: PodSummary): number {
  if (pod.status !== "Running") return 3;
  if (pod.readyContainers < pod.containers) return 2;
  return isSettled(pod) ? 0 : 1;
}

/** How long everything has to run well for what ended before to be history: events are kept that long, too. */
export const HISTORY_MS = 60 * 60_000;

/** Everything in it is ready, and nothing in it ended lately. */
export function isSettled(
  { status, readyContainers, containers, restarts, restartedAgoMs }: PodSummary,
  forMs: number = HISTORY_MS,
): boolean {
  const isRunning = status === "Running" && readyContainers === containers;
  return isRunning && (restarts === 0 || (restartedAgoMs ?? 0) >= forMs);
}
