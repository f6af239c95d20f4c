/** The command `alarm` must work when hardly anything else does: without a config it still says what it can. */
import { z } from "zod";
import { alarm, type AlarmRequest } from "../jobs/alarm.js";
import { createGitHubPorts } from "../github/ports.js";
import type { Config } from "../config/config.js";
import type { Snapshot } from "../ports.js";
import { salvageChannels } from "../config/channels.js";
import { parseConfig } from "../config/parse.js";
import { outcome, type Log, type Outcome } from "./app.js";
import { createPagerOf } from "./commands.js";
import { clientOptions, readEvent, type Asked } from "./start.js";

/** The context `needs` of the job, handed in as JSON by the workflow. */
const Needs = z.record(z.string(), z.object({ result: z.string() }));

export async function runAlarm(asked: Asked, log: Log): Promise<Outcome> {
  const { inputs, environment, variables } = asked;
  const github = createGitHubPorts(clientOptions(asked));
  const read = readConfig(await github.desk.look(null), log);
  const pager = createPagerOf({ config: read.config ?? { pager: read.unreadable }, github, variables, log }, []);
  const request: AlarmRequest = {
    incident: inputs.incident,
    failed: firstFailure(variables["GATEHOUSE_NEEDS"]),
    workflow: environment.workflow,
    runId: environment.runId,
    runUrl: `${environment.serverUrl}/${environment.repository.fullName}/actions/runs/${environment.runId}`,
    payload: (await readEvent(environment.eventPath))["client_payload"] ?? null,
    ...read,
  };
  const said = await alarm(request, {
    clock: github.clock,
    desk: github.desk,
    issues: github.issues,
    comments: github.comments,
    pager,
  });
  return outcome({
    incident: said.issue,
    reason: "automation-error",
    happened: [`Said on #${said.issue} that ${request.failed.job} broke, and called the pager.`],
    comesNext: "People look at it.",
  });
}

type ReadConfig =
  | { readonly config: Config }
  | { readonly config: null; readonly unreadable: NonNullable<AlarmRequest["unreadable"]> };

function readConfig({ trunk }: Snapshot, log: Log): ReadConfig {
  const parsed = trunk.config && parseConfig(trunk.config);
  if (parsed?.ok) return { config: parsed.config };
  const why = parsed ? parsed.message : "There is no config: nobody can be paged, the issue alone says what broke.";
  log.warning(why);
  return { config: null, unreadable: { why, channels: trunk.config ? salvageChannels(trunk.config) : [] } };
}

function firstFailure(needs: string | undefined): AlarmRequest["failed"] {
  const parsed = Needs.safeParse(needs === undefined ? {} : JSON.parse(needs));
  for (const [job, { result }] of Object.entries(parsed.data ?? {})) {
    if (result === "failure" || result === "cancelled") return { job, result };
  }
  return { job: "a job", result: "no-answer" };
}
