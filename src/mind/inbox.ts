import { isPlanCommentIntact } from "../gate/approval.js";
import { readCommands } from "../gate/commands.js";
import type { FactOf } from "../incident/facts.js";
import type { GoodJournal } from "../incident/journal.js";
import { decodeIntakeBlock } from "../intake/intake.js";
import { postmortemBranch } from "../postmortem/archive.js";
import { postmortemPath } from "../postmortem/path.js";
import { isUsedUp, unburnedPlans } from "../remediation/burn.js";
import { admit, REMEDIATE_WORKFLOW } from "../remediation/check.js";
import type { GateState } from "../remediation/gate-state.js";
import type { Config } from "../config/config.js";
import type { MindPorts, Snapshot, WorkflowRun } from "../ports.js";
import type { Inbox } from "../step.js";
import { keysTold } from "./comments.js";
import { noticeChanges } from "./labels.js";

/** Everything that has arrived, derived anew from the thread and from GitHub, never from a stored cursor. */
export async function readInbox(
  snapshot: Snapshot,
  journal: GoodJournal | null,
  config: Config,
  ports: MindPorts,
): Promise<Inbox> {
  const bot = snapshot.issue?.author.login ?? "";
  const newborn: Inbox = {
    commands: readCommands(snapshot.comments),
    intakes: intakesOf(snapshot, bot),
    executions: [],
    noticed: [],
    burned: [],
    told: keysTold(snapshot.comments, bot),
    voidPlan: null,
    gate: null,
    filedAt: null,
  };
  if (!journal || !snapshot.issue) return newborn;
  const unseen = unseenExecutions(journal, snapshot.at);
  return {
    ...newborn,
    executions: unseen,
    noticed: noticeChanges(journal.incident, snapshot.issue, { now: snapshot.at, handsAtWork: unseen.length > 0 }),
    voidPlan: findVoidPlan(journal, snapshot),
    burned: await readBurned(journal, snapshot.at, ports),
    gate: await readGate(journal, snapshot, config, ports),
    filedAt: await readFiled(journal, config, ports),
  };
}

/** Comments by `open`: new states and new fingerprints. Like the intake of a newborn they count only unedited and from our bot. */
function intakesOf({ comments }: Snapshot, bot: string): Inbox["intakes"] {
  return comments.flatMap((comment) => {
    const intake =
      comment.author.isBot && comment.author.login === bot && comment.editedAt === null ? decodeIntakeBlock(comment.body) : null;
    return intake ? [{ comment: comment.id, intake }] : [];
  });
}

function unseenExecutions({ executions, facts }: GoodJournal, now: Date): readonly FactOf<"execution-seen">[] {
  return executions
    .filter(
      (document) =>
        !facts.some(
          (fact) => fact.fact === "execution-seen" && fact.digest === document.digest && fact.revision >= document.revision,
        ),
    )
    .map(({ digest, comment, head, revision }) => ({
      fact: "execution-seen",
      at: now,
      digest: digest as FactOf<"execution-seen">["digest"],
      comment,
      head,
      revision,
    }));
}

function findVoidPlan({ incident }: GoodJournal, { comments }: Snapshot): string | null {
  const { phase } = incident;
  return phase.at === "awaiting-approval" && !isPlanCommentIntact(phase.plan, comments) ? phase.plan.digest : null;
}

/** Asked only while an approved plan has died and its reservation is not known to be used up. */
async function readBurned({ incident }: GoodJournal, at: Date, ports: MindPorts): Promise<Inbox["burned"]> {
  const asked = unburnedPlans(incident).map(async ({ digest }): Promise<Inbox["burned"]> => {
    const reservations = await ports.reservations.of(incident.number, digest);
    return isUsedUp(reservations) ? [{ fact: "burned", at, digest }] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** Asked only while an approved plan is not finished. */
async function readGate(
  { incident }: GoodJournal,
  snapshot: Snapshot,
  config: Config,
  ports: MindPorts,
): Promise<GateState | null> {
  const { phase } = incident;
  const unfinished = phase.at === "approved" || (phase.at === "remediating" && phase.execution.outcome === null);
  if (!unfinished) return null;
  const { digest, plan } = phase.plan;
  const repository = snapshot.trunk.fullName;
  const runs = await settledRuns({ repository, digest, since: plan.createdAt }, ports);
  if (runs.length === 0 || runs.some(({ status }) => status === "running"))
    return { runs, reservations: [], admission: { kind: "admitted" } };
  const reservations = await ports.reservations.of(incident.number, digest);
  const admission = await admit({ incident: incident.number, digest, repository, config }, snapshot, ports);
  return { runs, reservations, admission };
}

/** The job that wakes the mind is part of the run: where only that job is left, the run's end is seconds away and waited for. */
const ENDING_TAKES_MS = 20_000;
const LOOK_AGAIN_MS = 2_000;
const WAKING_JOB = "wake";

async function settledRuns(
  asked: { readonly repository: string; readonly digest: string; readonly since: Date },
  ports: MindPorts,
): Promise<readonly WorkflowRun[]> {
  const { repository, digest, since } = asked;
  const deadline = ports.clock.now().getTime() + ENDING_TAKES_MS;
  for (;;) {
    const listed = await ports.runs.recent(repository, REMEDIATE_WORKFLOW, since);
    const runs = listed.filter(({ title }) => title.includes(digest));
    const working = runs.find(({ status }) => status === "running");
    const unfinished = working ? await ports.runs.unfinishedJobs(repository, working.id) : [];
    const isEnding = working !== undefined && unfinished.every((job) => job === WAKING_JOB);
    if (!isEnding || ports.clock.now().getTime() >= deadline) return runs;
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
}

async function readFiled({ incident }: GoodJournal, config: Config, ports: MindPorts): Promise<Inbox["filedAt"]> {
  if (incident.phase.at !== "resolved" || !incident.phase.narrated) return null;
  const path = postmortemPath(incident, config.postmortem.directory);
  const file = await ports.archived.file(path);
  if (file) return { path, via: "commit", url: null };
  const pull = await ports.archived.pullRequest(postmortemBranch(incident.number));
  return pull ? { path, via: "pull-request", url: pull.url } : null;
}
