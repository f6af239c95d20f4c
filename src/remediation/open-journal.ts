import type { Config } from "../config/config.js";
import { readJournal, type GoodJournal } from "../incident/journal.js";
import type { Snapshot } from "../ports.js";
import { refuse, type Refusal } from "./refusal.js";

/** The signed journal of an incident that is past its intake, or why nothing may be done on it. */
export function openJournal({ issue, comments, trunk }: Snapshot, incident: number, config: Config): GoodJournal | Refusal {
  if (!issue) return refuse("journal-broken", `There is no issue #${incident}.`);
  const reading = readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  if (reading.kind === "ok") return reading;
  return reading.kind === "broken"
    ? refuse(reading.reason, reading.why)
    : refuse("not-approved", `Issue #${incident} is newborn: nothing is planned yet.`);
}

interface AskedRun {
  readonly incident: number;
  readonly digest: string;
  readonly environment: string;
  readonly config: Config;
}

/** A plan is carried out behind the gate that it names, whatever environment a run was started with. */
export function wrongEnvironment(snapshot: Snapshot, { incident, digest, environment, config }: AskedRun): Refusal | null {
  const journal = openJournal(snapshot, incident, config);
  const plan = journal.kind === "ok" ? journal.incident.plans.find((made) => made.digest === digest)?.plan : undefined;
  if (!plan || plan.environment === environment) return null;
  return refuse(
    "wrong-run",
    `This run was started for the environment "${environment}", but the plan belongs behind "${plan.environment}".`,
  );
}
