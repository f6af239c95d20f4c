/** Where a post-mortem lives: postmortems/2025/42-checkout-connection-pool-exhausted.md */
import type { Incident } from "../incident/incident.js";
import { first, newestCause, planOf, lastExecution } from "../render/recall.js";

const LONGEST_PART = 60;

/**
 * Path in the repository, from words of our own only (catalogue, runbook id, action name): nothing an alert or a model wrote
 * becomes part of a path. Stays the same from the resolution on.
 */
export function postmortemPath(incident: Incident, directory: string): string {
  const year = incident.openedAt.getUTCFullYear();
  const name = [String(incident.number), safe(incident.service ?? "unknown-service"), safe(slugOf(incident))].join("-");
  return `${directory.replace(/\/+$/, "")}/${year}/${name}.md`;
}

function slugOf(incident: Incident): string {
  const resolved = incident.facts.findLast((fact) => fact.fact === "resolved");
  if (resolved?.fact === "resolved" && resolved.how === "no-incident") return "no-incident";
  const execution = lastExecution(incident);
  const plan = execution === null ? null : planOf(incident, execution.warrant.digest)?.plan;
  const cause = newestCause(incident);
  const runbook = plan?.runbook?.id ?? (cause === null ? null : first(cause.hypotheses).runbook);
  return runbook ?? (plan ? first(plan.steps).action : "cause-unknown");
}

function safe(word: string): string {
  const slug = word
    .toLowerCase()
    .replace(/[^\da-z]+/g, "-")
    .slice(0, LONGEST_PART)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "unnamed" : slug;
}
