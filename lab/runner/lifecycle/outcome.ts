import type { Conclusion, LabJob, RunStatus } from "../../model.js";
import type { JobNode, JobOutcome } from "./state.js";

/** What a job's legs amount to for the jobs that need it. */
export function resultOf(legs: readonly { readonly conclusion: Conclusion | null; readonly forgiven: boolean }[]): JobOutcome {
  const counted = legs.map((leg) => (leg.forgiven && leg.conclusion === "failure" ? "success" : leg.conclusion));
  if (counted.includes("failure")) return "failure";
  return counted.includes("cancelled") ? "cancelled" : "success";
}

/** How a finished run ends. */
export function concludeRun(nodes: readonly Pick<JobNode, "result">[], cancelled: boolean): Conclusion {
  const results = nodes.map((node) => node.result);
  if (cancelled) return "cancelled";
  if (results.includes("failure")) return "failure";
  if (results.includes("cancelled")) return "cancelled";
  return results.every((result) => result === "skipped") ? "skipped" : "success";
}

/** What an unfinished run shows: work first, then people, then groups. */
export function statusOfRun(jobs: readonly Pick<LabJob, "status">[]): RunStatus {
  const statuses = jobs.map((job) => job.status);
  if (statuses.includes("in_progress")) return "in_progress";
  if (statuses.includes("waiting")) return "waiting";
  if (statuses.includes("pending")) return "pending";
  return statuses.includes("completed") ? "in_progress" : "queued";
}
