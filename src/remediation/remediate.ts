/**
 * Job `remediate`: the hands. Checks everything again, then moves step by step: intent, effect, done; verifies; undoes where
 * that is due. It knows no model and no analyst, and can die at any line.
 */
import type { Action } from "../actions/action.js";
import type { Config, Service } from "../config/config.js";
import { approversIn, askPeople, stoppersIn } from "../gate/people.js";
import { readCommands } from "../gate/commands.js";
import type { FactOf, HandsFact, Reading } from "../incident/facts.js";
import type { Effect, Execution } from "../incident/incident.js";
import { effectKey } from "../incident/effect-key.js";
import type { GoodJournal } from "../incident/journal.js";
import type { SigningKey } from "../incident/signature.js";
import { redact } from "../outside/redact.js";
import type { PlanStep } from "../plan/plan.js";
import { placeOfStep } from "../plan/targets.js";
import type { HandsPorts, Snapshot } from "../ports.js";
import type { ExecutionOutcome } from "../incident/facts.js";
import type { Json } from "../words.js";
import { decideAdmission, standingStop, type Admission } from "./admission.js";
import { ExecutionWriter } from "./execution-document.js";
import { nextRemedy, type Direction, type Remedy } from "./next.js";
import { openJournal, wrongEnvironment } from "./open-journal.js";
import { refuse, type Refusal } from "./refusal.js";
import { firstReadings, readCriteria, verify } from "./verify.js";

export interface RemediateRequest {
  readonly incident: number;
  readonly digest: string;
  readonly runId: number;
  readonly environment: string; // the gated one this run was started for
  readonly repositoryUrl: string;
  readonly config: Config;
  readonly key: SigningKey;
  readonly catalogue: ReadonlyMap<string, Action>;
}
export type RemediateResult =
  | { readonly kind: "ended"; readonly outcome: ExecutionOutcome; readonly detail: string | null }
  | Refusal;

export async function remediate(request: RemediateRequest, ports: HandsPorts): Promise<RemediateResult> {
  const snapshot = await ports.desk.look(request.incident);
  const journal = openJournal(snapshot, request.incident, request.config);
  if (journal.kind === "refused") return journal;
  const astray = wrongEnvironment(snapshot, request);
  if (astray) return astray;
  const admission = await admit(request, snapshot, journal, ports);
  if (admission.kind === "refused") return admission;
  return new Hands(request, ports, journal, admission).work();
}

async function admit(
  request: RemediateRequest,
  snapshot: Snapshot,
  { incident }: GoodJournal,
  ports: HandsPorts,
): Promise<Admission> {
  const { config, digest, runId } = request;
  const commands = readCommands(snapshot.comments);
  const plan = incident.plans.find((made) => made.digest === digest)?.plan;
  if (!plan) return refuse("not-approved", `Incident #${incident.number} has no plan ${digest.slice(0, 8)}.`);
  const [people, environment, reservations] = await Promise.all([
    askPeople([...approversIn(commands, 0), ...stoppersIn(commands, incident.answered)], config.gate.approvers, ports.people),
    ports.environments.environment(plan.environment),
    ports.reservations.of(incident.number, digest),
  ]);
  const now = ports.clock.now();
  return decideAdmission({
    purpose: { kind: "execute", runId },
    incident,
    digest,
    snapshot,
    commands,
    people,
    config,
    environment,
    recentRemediations: null,
    reservations,
    runs: new Map(),
    now,
  });
}

/** One execution at work. */
class Hands {
  readonly #writer: ExecutionWriter;
  readonly #service: Service;
  readonly #plan: Extract<Admission, { kind: "admitted" }>["plan"];
  /** Written with the next fact: who carries on now. */
  #greeting: readonly HandsFact[];
  /** The intent that this very process has written: its effect cannot have happened yet. */
  #freshIntent: string | null = null;
  #looked = true; // the admission has just read everything

  constructor(
    readonly request: RemediateRequest,
    readonly ports: HandsPorts,
    readonly journal: GoodJournal,
    readonly admission: Extract<Admission, { kind: "admitted" }>,
  ) {
    const { plan, service, execution, k } = admission;
    const document = journal.executions.find(({ digest }) => digest === plan.digest) ?? null;
    this.#plan = plan;
    this.#service = service;
    this.#writer = new ExecutionWriter(
      { plan: plan.plan, digest: plan.digest, key: request.key, comments: ports.comments, repositoryUrl: request.repositoryUrl },
      document,
    );
    this.#greeting =
      execution && execution.run !== request.runId
        ? [{ fact: "execution-resumed", at: ports.clock.now(), reservation: k, run: request.runId }]
        : [];
  }

  /** Facts are stored before every move and before the long watch; the last verdict and the end go together. */
  async work(): Promise<RemediateResult> {
    for (;;) {
      const execution = this.#writer.execution;
      const remedy = nextRemedy(this.#plan.plan, execution, await this.#stop(execution));
      if (remedy.do === "act" || remedy.do === "verify") await this.#writer.flush();
      this.#writer.note(...this.#takeGreeting(), ...(await this.#perform(remedy, execution)));
      const ended = this.#writer.execution?.outcome ?? null;
      if (ended === null) continue;
      await this.#writer.flush();
      return { kind: "ended", outcome: ended, detail: remedy.do === "end" ? remedy.detail : null };
    }
  }

  #takeGreeting(): readonly HandsFact[] {
    const greeting = this.#greeting;
    this.#greeting = [];
    return greeting;
  }

  /** Reads the thread anew before a further move is begun; what stops is honoured between steps. */
  async #stop(execution: Execution | null): Promise<Refusal | null> {
    if (this.#looked || nextRemedy(this.#plan.plan, execution, null).do !== "intend") return null;
    const snapshot = await this.ports.desk.look(this.request.incident);
    const commands = readCommands(snapshot.comments);
    const { incident } = this.journal;
    const people = await askPeople(
      stoppersIn(commands, incident.answered),
      this.request.config.gate.approvers,
      this.ports.people,
    );
    const journal = openJournal(snapshot, this.request.incident, this.request.config);
    if (journal.kind === "refused") return journal;
    return standingStop({ incident: { ...journal.incident, answered: incident.answered }, commands, people }, this.#plan);
  }

  async #perform(remedy: Remedy, execution: Execution | null): Promise<readonly HandsFact[]> {
    this.#looked = false;
    switch (remedy.do) {
      case "intend":
        return this.#intend(remedy.step, remedy.direction, execution);
      case "act":
        return [await this.#act(remedy.step, remedy.direction, remedy.effect)];
      case "verify":
        return [await this.#verify(remedy.afterStep, execution)];
      case "end":
        return [this.#end(remedy.outcome, remedy.detail)];
      default:
        return remedy satisfies never;
    }
  }

  /** Looks once more just before the step. Not what the plan says = drift: recorded, and nothing is touched. */
  async #intend(step: PlanStep, direction: Direction, execution: Execution | null): Promise<readonly HandsFact[]> {
    const place = placeOfStep(step, this.#service);
    const action = this.#actionOf(step);
    const seen = await action.observe(place, this.ports.world);
    const start = execution ? [] : [await this.#start()];
    const [begun] = start;
    if (begun && (await this.#isWellAlready(begun.readings)))
      return [begun, this.#end("recovered", "It was well already; nothing was touched.")];
    const key = effectKey(this.#plan.digest, step.number, direction);
    const at = this.ports.clock.now();
    const intent: HandsFact = { fact: "intent", at, key, step: step.number, direction };
    const verdict = this.#alreadySettled(step, direction, action, seen);
    if (verdict) return [...start, intent, done(key, at, verdict.outcome, verdict.detail)];
    this.#freshIntent = key;
    return [...start, intent];
  }

  /** What makes the effect needless (it is so already) or wrong (someone else has moved the target since). */
  #alreadySettled(
    step: PlanStep,
    direction: Direction,
    action: Action,
    seen: Json,
  ): { readonly outcome: "ok" | "drifted"; readonly detail: string } | null {
    if (direction === "undo")
      return action.holds(step.before, seen) ? { outcome: "ok", detail: "It was already as before." } : null;
    if (action.holds(step.before, seen)) return null;
    // An earlier run may have applied the step and died before it could write anything down.
    if (this.admission.k > 1 && action.holds(step.after, seen)) return { outcome: "ok", detail: "It was already as planned." };
    return {
      outcome: "drifted",
      detail: `Since the plan was made, ${step.target} has changed to something else; nothing was touched.`,
    };
  }

  #end(outcome: ExecutionOutcome, detail: string | null): FactOf<"execution-ended"> {
    return { fact: "execution-ended", at: this.ports.clock.now(), outcome, detail: detail === null ? null : redact(detail) };
  }

  /** The service may have recovered while people thought: a healthy production is not touched. */
  async #isWellAlready(readings: readonly Reading[]): Promise<boolean> {
    if (!readings.every(({ holds }) => holds === true)) return false;
    const context = { incident: this.journal.incident, config: this.request.config };
    return (await verify(this.#plan.plan, readings, context, this.ports)).verdict === "recovered";
  }

  async #start(): Promise<FactOf<"execution-started">> {
    const { warrant, k } = this.admission;
    const sample = await readCriteria(this.#plan.plan, this.journal.incident, this.request.config, this.ports);
    const readings = [...firstReadings(this.#plan.plan, sample)];
    return { fact: "execution-started", at: this.ports.clock.now(), warrant, reservation: k, run: this.request.runId, readings };
  }

  async #act(step: PlanStep, direction: Direction, effect: Effect): Promise<HandsFact> {
    const state = direction === "apply" ? step.after : step.before;
    const applied = await this.#actionOf(step).apply(
      {
        place: placeOfStep(step, this.#service),
        state,
        key: effect.key,
        intendedAt: effect.intendedAt,
        limitMs: step.limitMs,
        lookSince: this.#plan.plan.createdAt,
        earlier: this.#earlier(effect),
      },
      this.ports.world,
      this.ports.clock,
    );
    return done(effect.key, this.ports.clock.now(), applied.outcome, applied.detail, applied.url);
  }

  #earlier(effect: Effect): "no" | "perhaps" | "intended" {
    if (this.#freshIntent !== effect.key) return "intended";
    return this.admission.k > 1 ? "perhaps" : "no";
  }

  async #verify(afterStep: number, execution: Execution | null): Promise<HandsFact> {
    const context = { incident: this.journal.incident, config: this.request.config };
    const { verdict, readings } = await verify(this.#plan.plan, execution?.readingsBefore ?? [], context, this.ports);
    return { fact: "verified", at: this.ports.clock.now(), verdict, readings: [...readings], afterStep };
  }

  #actionOf(step: PlanStep): Action {
    const action = this.request.catalogue.get(step.action);
    if (action?.version === step.actionVersion) return action;
    throw new Error(
      `The plan uses ${step.action} version ${step.actionVersion}, which this version of Gatehouse does not have. /retry makes a new plan.`,
    );
  }
}

function done(
  key: string,
  at: Date,
  outcome: "ok" | "failed" | "drifted" | "ambiguous",
  detail: string | null,
  url: string | null = null,
): HandsFact {
  return { fact: "done", at, key, outcome, detail: detail === null ? null : redact(detail), url };
}
