/**
 * Job `respond`: the mind. Reads everything once, does all that is due one journalled step at a time, and returns what is
 * awaited. It holds no production credential; what must touch production is left to the hands.
 */
import type { Action } from "../actions/action.js";
import type { Config } from "../config/config.js";
import type { FactOf } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { isForeign } from "../incident/foreign.js";
import { readJournal, type GoodJournal } from "../incident/journal.js";
import type { SigningKey } from "../incident/signature.js";
import type { Intake } from "../intake/intake.js";
import { nextStep } from "../lifecycle.js";
import { environmentProblem } from "../plan/rules.js";
import type { Issue, MindPorts, Snapshot } from "../ports.js";
import { refuse, type Refusal } from "../remediation/refusal.js";
import type { Inbox, Step, Wait } from "../step.js";
import { keepConsultations } from "./consulted.js";
import type { MindContext } from "./context.js";
import { readInbox } from "./inbox.js";
import { JournalMovedError, MindJournal } from "./journal-writer.js";
import { perform, type Due } from "./perform.js";

/** The environment that holds the mind's key. */
export const MIND_ENVIRONMENT = "gatehouse-mind";
/** A story that does not come to rest within this many steps of its own is a defect; it must not write for ever. */
const MOST_STEPS = 60;
/** As many of these as people and monitors have written; each once. */
const ASKED_FOR: ReadonlySet<Due["do"]> = new Set<Due["do"]>(["answer", "take-in"]);
const MOST_RESTARTS = 3;

export interface RespondRequest {
  readonly incident: number;
  readonly config: Config;
  readonly key: SigningKey;
  readonly catalogue: ReadonlyMap<string, Action>;
}
export interface Rested {
  readonly kind: "rested";
  readonly incident: Incident;
  readonly wait: Wait;
  readonly happened: readonly Due["do"][];
}
/** Nothing of ours: another workflow's issue, or one that only says that a job broke. */
export interface Foreign {
  readonly kind: "foreign";
  readonly issue: number;
}
export type RespondResult = Rested | Foreign | Refusal;

export async function respond(request: RespondRequest, ports: MindPorts): Promise<RespondResult> {
  for (let restart = 0; ; restart += 1) {
    try {
      return await respondOnce(request, ports);
    } catch (error) {
      if (!(error instanceof JournalMovedError) || restart >= MOST_RESTARTS) throw error;
    }
  }
}

async function respondOnce(request: RespondRequest, ports: MindPorts): Promise<RespondResult> {
  const snapshot = await ports.desk.look(request.incident);
  if (snapshot.issue && isForeign(snapshot.issue)) return { kind: "foreign", issue: request.incident };
  const opened = await openJournal(request, snapshot, ports);
  if (opened.kind === "refused") return opened;
  const { config, catalogue } = request;
  const inbox = await readInbox(snapshot, opened.reading, config, ports);
  return reconcile(inbox, { ports, config, snapshot, journal: opened.journal, catalogue });
}

/** What `respond` would do first; reads only. */
export async function preview(request: RespondRequest, ports: MindPorts): Promise<Step | Refusal> {
  const snapshot = await ports.desk.look(request.incident);
  const opened = await openJournal(request, snapshot, ports);
  if (opened.kind === "refused") return opened;
  const inbox = await readInbox(snapshot, opened.reading, request.config, ports);
  return nextStep(opened.journal.incident, inbox, ports.clock.now(), request.config);
}

/** Do everything that is due, then say what is awaited. */
async function reconcile(inbox: Inbox, context: MindContext): Promise<Rested> {
  const { journal, ports, config } = context;
  keepConsultations(context);
  const happened: Due["do"][] = [];
  const told = new Set(inbox.told);
  const tried = new Set<string>();
  for (;;) {
    const step = nextStep(journal.incident, { ...inbox, told, tried }, ports.clock.now(), config);
    if (step.do === "wait") {
      await journal.flush();
      return { kind: "rested", incident: journal.incident, wait: step, happened };
    }
    if (happened.filter((done) => !ASKED_FOR.has(done)).length >= MOST_STEPS)
      throw new Error(`Incident #${journal.incident.number} did not come to rest: ${happened.slice(-5).join(", ")} …`);
    await perform(step, inbox, context);
    if (step.do === "tell") told.add(step.key);
    if (step.do === "page") tried.add(step.key);
    happened.push(step.do);
  }
}

type Opened = { readonly kind: "opened"; readonly journal: MindJournal; readonly reading: GoodJournal | null } | Refusal;

async function openJournal(request: RespondRequest, snapshot: Snapshot, ports: MindPorts): Promise<Opened> {
  const { issue, trunk, comments } = snapshot;
  const { config, key } = request;
  if (!issue) return refuse("journal-broken", `There is no issue #${request.incident}.`);
  if (trunk.visibility === "public" && !config.allowPublic)
    return refuse(
      "public-repository",
      "The repository is public, and allow-public is not set: incidents would be public for ever.",
    );
  const reading = readJournal({ issue, comments, repositoryId: trunk.repositoryId, keys: config.keys });
  if (reading.kind === "broken") return refuse(reading.reason, reading.why);
  const common = { issue, readAt: snapshot.at, repositoryId: trunk.repositoryId };
  if (reading.kind === "ok") {
    const start = {
      ...common,
      facts: reading.facts,
      unwritten: [],
      revision: reading.revision,
      head: reading.head,
      executions: reading.executions,
    };
    return { kind: "opened", journal: new MindJournal(start, key, config, ports), reading };
  }
  const problem = environmentProblem(await ports.environments.environment(MIND_ENVIRONMENT), {
    trustWriters: config.trustWriters,
    defaultBranch: trunk.defaultBranch,
  });
  if (problem && !onlyObserves(reading.intake, config)) return refuse(problem.rule, problem.message);
  const start = { ...common, facts: [], unwritten: [openingFact(reading.intake, issue)], revision: 0, head: "", executions: [] };
  return { kind: "opened", journal: new MindJournal(start, key, config, ports), reading: null };
}

/** Where nothing can ever be carried out, a key that others can read signs nothing of consequence. */
function onlyObserves({ alerts }: Intake, config: Config): boolean {
  return alerts.every(({ service }) => service !== null && config.services.get(service)?.mode === "observe");
}

export function openingFact({ key, alerts, reportedBy }: Intake, { createdAt }: Issue): FactOf<"opened"> {
  return { fact: "opened", at: createdAt, key, alerts: [...alerts], reportedBy };
}
