/**
 * Job `hand-over`: starts what the mind may not start itself. An approved plan gets its gated run, a resolved incident is
 * looked at once more after its post-mortem was filed, and newborn incidents without a run of their own are woken.
 */
import type { Config } from "../config/config.js";
import { readJournal, type GoodJournal } from "../incident/journal.js";
import { listIncidents } from "../intake/known.js";
import type { HandOverPorts, Snapshot } from "../ports.js";
import { unburnedPlans } from "./burn.js";
import { REMEDIATE_WORKFLOW } from "./check.js";

export const INCIDENT_WORKFLOW = "incident.yml";

/** Runs of one plan, however they ended; beyond this, people look. */
const MOST_RUNS = 8;

export interface HandOverRequest {
  readonly incident: number;
  readonly repository: string;
  readonly config: Config;
}
export type HandOverResult =
  | { readonly kind: "opened-gate"; readonly digest: string }
  | { readonly kind: "already-running"; readonly run: number }
  | { readonly kind: "woke"; readonly incidents: readonly number[] };

export async function handOver(request: HandOverRequest, ports: HandOverPorts): Promise<HandOverResult> {
  const snapshot = await ports.desk.look(request.incident);
  const journal = readSigned(snapshot, request.config);
  const phase = journal?.incident.phase;
  if (phase?.at === "approved" || (phase?.at === "remediating" && phase.execution.outcome === null))
    return openGate(phase.plan, request, snapshot, ports);
  const [dead] = journal ? unburnedPlans(journal.incident) : [];
  if (dead) return openGate(dead, request, snapshot, ports);
  const own = phase?.at === "resolved" ? [request.incident] : [];
  return wake([...own, ...(await newborns(request, snapshot, ports))], request, snapshot, ports);
}

function readSigned({ issue, comments, trunk }: Snapshot, config: Config): GoodJournal | null {
  const reading = issue && readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  return reading?.kind === "ok" ? reading : null;
}

type Approved = { readonly digest: string; readonly plan: { readonly environment: string; readonly createdAt: Date } };

/** Dispatches nothing while a run titled with this digest is unfinished. */
async function openGate(
  { digest, plan }: Approved,
  { incident, repository }: HandOverRequest,
  { trunk }: Snapshot,
  ports: HandOverPorts,
): Promise<HandOverResult> {
  const runs = await ports.runs.recent(repository, REMEDIATE_WORKFLOW, plan.createdAt);
  const titled = runs.filter(({ title }) => title.includes(digest));
  const [newest] = titled;
  if (newest && titled.length >= MOST_RUNS) return { kind: "already-running", run: newest.id };
  const running = runs.find(({ title, status }) => title.includes(digest) && status === "running");
  if (running) return { kind: "already-running", run: running.id };
  const inputs = { incident: String(incident), plan: digest, environment: plan.environment };
  await ports.dispatcher.dispatch({ repository, workflow: REMEDIATE_WORKFLOW, ref: trunk.defaultBranch, inputs });
  return { kind: "opened-gate", digest };
}

async function wake(
  incidents: readonly number[],
  { repository }: HandOverRequest,
  { trunk }: Snapshot,
  ports: HandOverPorts,
): Promise<HandOverResult> {
  for (const incident of incidents) {
    await ports.dispatcher.dispatch({
      repository,
      workflow: INCIDENT_WORKFLOW,
      ref: trunk.defaultBranch,
      inputs: { incident: String(incident) },
    });
  }
  return { kind: "woke", incidents };
}

/** One payload can open several incidents, but only one of them has this run. */
async function newborns(
  { incident, config }: HandOverRequest,
  { trunk }: Snapshot,
  ports: HandOverPorts,
): Promise<readonly number[]> {
  const issues = await listIncidents({ state: "open", changedSince: null }, ports);
  return issues
    .filter(
      (issue) =>
        issue.number !== incident &&
        readJournal({ issue, comments: null, repositoryId: trunk.repositoryId, keys: config.keys }).kind === "intake",
    )
    .map(({ number }) => number);
}
