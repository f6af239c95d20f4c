import type { AlertDraft } from "../draft-alert.js";
import { readAlertmanager } from "./alertmanager.js";
import { readJson } from "./json.js";
import type { ReadPayload } from "./monitor.js";
import { prune } from "./prune.js";

/** By the name of the intake, as `client_payload.monitor` gives it. */
const MONITORS: ReadonlyMap<string, ReadPayload> = new Map<string, ReadPayload>([
  ["alertmanager", readAlertmanager],
  ["prometheus", readAlertmanager],
  ["grafana", readAlertmanager],
  ["json", readJson],
]);

/** The alerts of one payload. A monitor that is not known, or a body that does not fit it, is read as plain JSON, with a note. */
export function readPayload(monitor: string, body: unknown): readonly AlertDraft[] {
  const safe = prune(body);
  const read = MONITORS.get(monitor);
  const drafts = read ? read(safe) : readAlertmanager(safe);
  if (drafts) return drafts;
  const why = read
    ? `The payload is not in the form of the monitor "${monitor}".`
    : `There is no intake for the monitor "${monitor}".`;
  return readJson(safe).map((draft) => ({ ...draft, notes: [`${why} It was read as plain JSON.`, ...draft.notes] }));
}
