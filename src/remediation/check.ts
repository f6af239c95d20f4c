/** Job `check`: dead plans never reach a reviewer or production. Reserves the plan for this run, or says why not. */
import type { Config } from "../config/config.js";
import { approversIn, askPeople, stoppersIn } from "../gate/people.js";
import { readCommands } from "../gate/commands.js";
import { countRemediations } from "../history/history.js";
import type { CheckPorts, Reservation, Runs, Snapshot, WorkflowRun } from "../ports.js";
import { isUsedUp, unburnedPlans } from "./burn.js";
import { decideAdmission, type Admission, type AdmissionInput } from "./admission.js";
import { openJournal, wrongEnvironment } from "./open-journal.js";
import { refuse, type Refusal } from "./refusal.js";
import { LAST_RESERVATION } from "./reservation.js";

export interface CheckRequest {
  readonly incident: number;
  readonly digest: string;
  readonly runId: number;
  readonly repository: string;
  /** The environment the run was started for; the gate of another one proves nothing. */
  readonly environment: string;
  readonly config: Config;
}
export type CheckResult = { readonly kind: "go"; readonly k: number } | Refusal;

/** The workflow of the hands; its runs hold the reservations. */
export const REMEDIATE_WORKFLOW = "remediate.yml";

export async function check(request: CheckRequest, ports: CheckPorts): Promise<CheckResult> {
  const snapshot = await ports.desk.look(request.incident);
  const astray = wrongEnvironment(snapshot, request);
  if (astray) return astray;
  const admission = await admit(request, snapshot, ports);
  if (admission.kind === "refused") return burn(admission, request, snapshot, ports);
  const answer = await ports.reservations.reserve(
    request.incident,
    request.digest,
    { k: admission.k, runId: request.runId },
    snapshot.trunk.head,
  );
  if (answer === "taken") return refuse("already-reserved", "Another run reserved the plan a moment earlier.");
  return { kind: "go", k: admission.k };
}

/**
 * A dead plan that was approved once gets its last reservation from this run, which does nothing with it: nobody can start it
 * later, however this run ends, and whether or not an earlier one died before it could say a word.
 */
async function burn(refusal: Refusal, request: CheckRequest, snapshot: Snapshot, ports: CheckPorts): Promise<Refusal> {
  const journal = openJournal(snapshot, request.incident, request.config);
  const dead = journal.kind === "ok" && unburnedPlans(journal.incident).some(({ digest }) => digest === request.digest);
  if (dead && !isUsedUp(await ports.reservations.of(request.incident, request.digest)))
    await ports.reservations.reserve(
      request.incident,
      request.digest,
      { k: LAST_RESERVATION, runId: request.runId },
      snapshot.trunk.head,
    );
  return refusal;
}

/** Everything `decideAdmission` wants to know for a reservation, asked anew. Also the mind's way to learn why a run did nothing. */
export async function admit(
  request: Omit<CheckRequest, "runId" | "environment">,
  snapshot: Snapshot,
  ports: Omit<CheckPorts, "desk" | "reservations"> & { readonly reservations: Pick<CheckPorts["reservations"], "of"> },
): Promise<Admission> {
  const journal = openJournal(snapshot, request.incident, request.config);
  if (journal.kind === "refused") return journal;
  const { incident } = journal;
  const plan = incident.plans.find((made) => made.digest === request.digest)?.plan;
  if (!plan) return refuse("not-approved", `Incident #${incident.number} has no plan ${request.digest.slice(0, 8)}.`);
  const { config, digest } = request;
  const commands = readCommands(snapshot.comments);
  const now = ports.clock.now();
  const context = { except: digest, repositoryId: snapshot.trunk.repositoryId, now };
  const [people, environment, reservations, recentRemediations] = await Promise.all([
    askPeople([...approversIn(commands, 0), ...stoppersIn(commands, incident.answered)], config.gate.approvers, ports.people),
    ports.environments.environment(plan.environment),
    ports.reservations.of(incident.number, digest),
    countRemediations(plan.service, config, context, ports.incidents),
  ]);
  const runs = await runsOf(request.repository, reservations, ports.runs);
  const input: AdmissionInput = {
    purpose: { kind: "reserve" },
    incident,
    digest,
    snapshot,
    commands,
    people,
    config,
    environment,
    recentRemediations,
    reservations,
    runs,
    now,
  };
  return decideAdmission(input);
}

async function runsOf(
  repository: string,
  reservations: readonly Reservation[],
  runs: Runs,
): Promise<ReadonlyMap<number, WorkflowRun | null>> {
  const newest = reservations.at(-1);
  return new Map(newest ? [[newest.runId, await runs.run(repository, newest.runId)]] : []);
}
