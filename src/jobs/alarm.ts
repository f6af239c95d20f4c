/** Job `alarm`: a job that failed or was cancelled is said on the issue and paged; without an issue, one is opened. */
import type { Channel, Config } from "../config/config.js";
import { readJournal, type JournalReading } from "../incident/journal.js";
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
  /** Of a config that could not be read: why not, and whom it nevertheless says to call. */
  readonly unreadable?: { readonly why: string; readonly channels: readonly Channel[] };
}

/** Calls people also where nothing can be said: on a locked issue, or while GitHub takes no writes. @throws what kept it from saying so */
export async function alarm(request: AlarmRequest, ports: AlarmPorts): Promise<{ readonly issue: number }> {
  const snapshot = await ports.desk.look(request.incident);
  const { issue } = snapshot;
  const reading = readIssue(snapshot, issue, request.config);
  const why = whyBroken(reading);
  const key = keyOf(request, issue, reading);
  const [said] = await Promise.allSettled([
    issue ? say(issue, { key, why }, request, snapshot, ports) : openAlarm(request, snapshot, ports),
  ]);
  const told = said.status === "fulfilled" ? said.value : { number: issue?.number ?? 0, url: issue?.url ?? request.runUrl };
  await ports.pager.page({
    key: `${told.number}:${key}` as EffectKey,
    incident: told.number,
    reason: why?.reason ?? "automation-error",
    severity: "P1",
    service: null,
    symptom:
      why?.text ??
      troubleOf(request) ??
      redact(`The job ${request.failed.job} of ${request.workflow} ended with "${request.failed.result}".`),
    cause: null,
    asked: "Look at the run and the issue; people have it now.",
    link: told.url,
    mentionedAt: said.status === "fulfilled" ? told.url : null,
  });
  if (said.status === "rejected") throw said.reason;
  return { issue: told.number };
}

/** A broken journal explains a refused run; anything else is told by the run's own log. */
function whyBroken(reading: JournalReading | null): { readonly reason: string; readonly text: Outside } | null {
  return reading?.kind === "broken" ? { reason: reading.reason, text: redact(reading.why) } : null;
}

function readIssue({ trunk, comments }: Snapshot, issue: Issue | null, config: Config | null): JournalReading | null {
  return issue && config && readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
}

/** The same trouble is said once, however often it is run into: one broken body, or one job failing while the incident stands still. */
function keyOf({ runId, failed }: AlarmRequest, issue: Issue | null, reading: JournalReading | null): string {
  if (issue && reading?.kind === "broken") return `alarm:${reading.reason}:${sha256(issue.body).slice(0, 8)}`;
  return reading?.kind === "ok" ? `alarm:${failed.job}:r${reading.revision}` : `alarm:run-${runId}`;
}

async function say(
  issue: Issue,
  { key, why }: { readonly key: string; readonly why: { readonly text: Outside } | null },
  request: AlarmRequest,
  { comments }: Snapshot,
  ports: AlarmPorts,
): Promise<{ readonly number: number; readonly url: string }> {
  const known = comments.some(({ author, body, editedAt }) => author.isBot && editedAt === null && readMarker(body)?.key === key);
  if (!known)
    await ports.comments.post(issue.number, `${view(request, why?.text ?? troubleOf(request), null)}\n\n${marker(key, 0)}`);
  return issue;
}

async function openAlarm(
  request: AlarmRequest,
  { trunk }: Snapshot,
  ports: AlarmPorts,
): Promise<{ readonly number: number; readonly url: string }> {
  // What is public stays public: there the run alone holds the payload.
  const mayShow = trunk.visibility !== "public" || request.config?.allowPublic === true;
  const payload = mayShow ? redact(JSON.stringify(request.payload, null, 2) ?? "", 8_000) : redact("");
  return ports.issues.create({
    title: renderAlarmTitle(request.failed.job),
    body: view(request, troubleOf(request), payload),
    labels: [ALARM_LABEL],
  });
}

function troubleOf({ unreadable }: AlarmRequest): Outside | null {
  return unreadable ? redact(unreadable.why, 4_000) : null;
}

function view(request: AlarmRequest, why: Outside | null, payload: Outside | null): string {
  const { failed, workflow, runUrl, config, unreadable } = request;
  const channels = config?.pager.channels ?? unreadable?.channels ?? [];
  const mentions = channels.flatMap((channel) => (channel.kind === "github" ? channel.mention : []));
  return renderAlarm({ job: failed.job, workflow, runUrl, result: failed.result, why, payload, mentions });
}
