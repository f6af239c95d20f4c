/** What other incidents did: read from their signed bodies, so no label or title can hide a remediation. */
import type { Config } from "../config/config.js";
import { readJournal } from "../incident/journal.js";
import type { IncidentList, Issue } from "../ports.js";

/** How often plans of this service were approved within the breaker's period, in any incident, but for one plan that does not count itself. */
export async function countRemediations(
  service: string,
  config: Config,
  context: { readonly except: string | null; readonly repositoryId: number; readonly now: Date },
  incidents: IncidentList,
): Promise<number> {
  const since = new Date(context.now.getTime() - config.remediation.breaker.perMs);
  const issues = await incidents.list({ state: "all", changedSince: since });
  return issues.reduce((sum, issue) => sum + approvalsIn(issue, service, config, { ...context, since }), 0);
}

function approvalsIn(
  issue: Issue,
  service: string,
  config: Config,
  { except, repositoryId, since }: { readonly except: string | null; readonly repositoryId: number; readonly since: Date },
): number {
  const reading = readJournal({ issue, comments: null, repositoryId, keys: config.keys });
  if (reading.kind !== "ok") return 0;
  const { facts, incident } = reading;
  const planned = new Set(
    incident.plans.filter(({ plan, digest }) => plan.service === service && digest !== except).map(({ digest }) => digest),
  );
  return facts.filter((fact) => fact.fact === "approved" && fact.at >= since && planned.has(fact.warrant.digest)).length;
}
