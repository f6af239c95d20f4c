/** What `open` knows of an incident: read from its signed journal or its unedited intake, never from labels. */
import type { Config } from "../config/config.js";
import type { Alert } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { readJournal } from "../incident/journal.js";
import type { Desk, IncidentList, Issue, Snapshot } from "../ports.js";
import type { KnownIncident, LastTold } from "./correlate.js";
import { decodeIntakeBlock, type Intake } from "./intake.js";

/** The incidents as they were when the event was taken up. */
export interface Register {
  /** Asked for only when there is a journal to read, and then once. */
  readonly repositoryId: () => Promise<number>;
  readonly known: readonly KnownIncident[];
}

/**
 * Issues as listed, and of open newborns that were touched what the desk says: a list dates the last change of any kind, and a
 * comment is one; only the desk knows whether the text was edited.
 */
export async function listIncidents(
  filter: Parameters<IncidentList["list"]>[0],
  { incidents, desk }: { readonly incidents: IncidentList; readonly desk: Desk },
): Promise<readonly Issue[]> {
  const listed = await incidents.list(filter);
  const isTouchedNewborn = ({ state, editedAt, body }: Issue): boolean =>
    state === "open" && editedAt !== null && decodeIntakeBlock(body) !== null;
  return Promise.all(
    listed.map(async (issue) => (isTouchedNewborn(issue) ? ((await desk.look(issue.number)).issue ?? issue) : issue)),
  );
}

/** Null when the issue holds nothing that can be believed: its alerts then open an incident of their own. */
export function readKnown(issue: Issue, repositoryId: number, config: Pick<Config, "keys">): KnownIncident | null {
  const reading = readJournal({ issue, comments: null, repositoryId, keys: config.keys });
  if (reading.kind === "broken") return null;
  const known = reading.kind === "ok" ? fromIncident(reading.incident) : fromIntake(reading.intake, issue);
  return issue.state === "closed" ? { ...known, phase: "closed" } : known;
}

/** The incident as it will be once the mind has read the intake comments that wait on it. */
export function withPending(known: KnownIncident, snapshot: Snapshot): KnownIncident {
  return pendingIntakes(snapshot).reduce(
    (sum, intake) => ({
      ...sum,
      keys: new Set([...sum.keys, intake.key]),
      fingerprints: new Map([...sum.fingerprints, ...lastTold(intake.alerts)]),
    }),
    known,
  );
}

/** Only comments of the account that opened the incident, never edited: anybody can type a block. */
function pendingIntakes({ issue, comments }: Snapshot): readonly Intake[] {
  const ours = comments.filter(({ author, editedAt }) => author.login === issue?.author.login && editedAt === null);
  return ours.map(({ body }) => decodeIntakeBlock(body)).filter((intake) => intake !== null);
}

function fromIncident(incident: Incident): KnownIncident {
  return {
    number: incident.number,
    keys: incident.keys,
    fingerprints: lastTold(incident.alerts.map(({ alert }) => alert)),
    service: incident.service,
    phase: incident.phase.at,
    lastActivity: new Date(Math.max(...incident.facts.map(({ at }) => at.getTime()))),
  };
}

function fromIntake(intake: Intake, issue: Issue): KnownIncident {
  return {
    number: issue.number,
    keys: new Set([intake.key]),
    fingerprints: lastTold(intake.alerts),
    service: intake.alerts[0].service,
    phase: "opened",
    lastActivity: issue.createdAt,
  };
}

function lastTold(alerts: readonly Alert[]): ReadonlyMap<string, LastTold> {
  return new Map(alerts.map((alert) => [alert.fingerprint, alert]));
}
