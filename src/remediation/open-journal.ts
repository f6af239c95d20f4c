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
