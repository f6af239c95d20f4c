/** Job `alarm`: a job that failed or was cancelled is said on the issue and paged; without an issue, one is opened. */
import type { Config } from "../config/config.js";
import { readJournal } from "../incident/journal.js";
import type { Outside } from "../outside/outside.js";
import { redact } from "../outside/redact.js";
import { sha256 } from "../plan/canonical.js";
import type { AlarmPorts, Issue, Snapshot } from "../ports.js";
import { renderAlarm, renderAlarmTitle } from "../render/alarm.js";
import { marker, readMarker } from "../render/marker.js";
import type { EffectKey } from "../words.js";

/** On issues that only report a breakage: they are no incidents. */
export const ALARM_LABEL = "gatehouse-alarm";

export interface AlarmRequest {
  readonly incident: number | null;
  readonly failed: { readonly job: string; readonly result: "failure" | "cancelled" | "no-answer" };
  readonly workflow: string;
  readonly runId: number;
  readonly runUrl: string;
  readonly payload: unknown; // of the event, said only where no issue could be opened
  readonly config: Config | null; // null: it could not be read, which may be why we are here
}

export async function alarm(request: AlarmRequest, ports: AlarmPorts): Promise<{ readonly issue: number }> {
  const snapshot = await ports.desk.look(request.incident);
  const { issue } = snapshot;
  const why = issue ? whyBroken(snapshot, issue, request.config) : null;
  const told = issue ? await say(issue, why, request, snapshot, ports) : await openAlarm(request, ports);
  await ports.pager.page({
    key: `${told.number}:${keyOf(request, issue, why)}` as EffectKey,
    incident: told.number,
    reason: why?.reason ?? "automation-error",
    severity: "P1",
    service: null,
    symptom: why?.text ?? redact(`The job ${request.failed.job} of ${request.workflow} ended with "${request.failed.result}".`),
    cause: null,
    asked: "Look at the run and the issue; people have it now.",
    link: told.url,
    mentionedAt: told.url,
  });
  return { issue: told.number };
}

/** A broken journal explains a refused run; anything else is told by the run's own log. */
function whyBroken(
  { trunk, comments }: Snapshot,
  issue: Issue,
  config: Config | null,
): { readonly reason: string; readonly text: Outside } | null {
  if (!config) return null;
  const reading = readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  return reading.kind === "broken" ? { reason: reading.reason, text: redact(reading.why) } : null;
}

/** One broken body is said once, however often it is found; a failed run is said once each. */
function keyOf({ runId }: AlarmRequest, issue: Issue | null, why: { readonly reason: string } | null): string {
  return why && issue ? `alarm:${why.reason}:${sha256(issue.body).slice(0, 8)}` : `alarm:run-${runId}`;
}

async function say(
  issue: Issue,
  why: { readonly reason: string; readonly text: Outside } | null,
  request: AlarmRequest,
  { comments }: Snapshot,
  ports: AlarmPorts,
): Promise<{ readonly number: number; readonly url: string }> {
  const key = keyOf(request, issue, why);
  const known = comments.some(({ author, body, editedAt }) => author.isBot && editedAt === null && readMarker(body)?.key === key);
  if (!known) await ports.comments.post(issue.number, `${view(request, why?.text ?? null, null)}\n\n${marker(key, 0)}`);
  return issue;
}

async function openAlarm(request: AlarmRequest, ports: AlarmPorts): Promise<{ readonly number: number; readonly url: string }> {
  const payload = redact(JSON.stringify(request.payload, null, 2) ?? "", 8_000);
  return ports.issues.create({
    title: renderAlarmTitle(request.failed.job),
    body: view(request, null, payload),
    labels: [ALARM_LABEL],
  });
}

function view({ failed, workflow, runUrl, config }: AlarmRequest, why: Outside | null, payload: Outside | null): string {
  const mentions = config?.pager.channels.flatMap((channel) => (channel.kind === "github" ? channel.mention : [])) ?? [];
  return renderAlarm({ job: failed.job, workflow, runUrl, result: failed.result, why, payload, mentions });
}
