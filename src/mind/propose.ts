/** From a diagnosis or a person's wish to a sealed plan: looks at every target, asks the guard, notes what it said. */
import type { Action } from "../actions/action.js";
import type { Service } from "../config/config.js";
import type { Command, Said } from "../gate/commands.js";
import { countRemediations } from "../history/history.js";
import type { Diagnosis } from "../incident/facts.js";
import type { Incident } from "../incident/incident.js";
import { plainLine } from "../outside/escape.js";
import { readForMatching } from "../outside/match.js";
import { redact } from "../outside/redact.js";
import { guard, type Guarded, type GuardContext, type Sight } from "../plan/guard.js";
import type { Choice, Proposal } from "../plan/proposal.js";
import { placeOf } from "../plan/targets.js";
import { newestEvidence } from "../render/recall.js";
import { noteCommand, refuse } from "./note-command.js";
import { serviceOf, type MindContext } from "./context.js";
import { diagnosisInput } from "./diagnose.js";

/** The analyst proposes, the guard decides. What the guard refuses goes to people with its findings. */
export async function propose(diagnosis: Extract<Diagnosis, { kind: "cause" }>, context: MindContext): Promise<void> {
  const { journal, ports, config } = context;
  const service = serviceOf(journal.incident, config);
  const evidence = newestEvidence(journal.incident);
  if (!evidence) throw new Error("A proposal needs evidence.");
  const proposal = await ports.analyst.propose({ ...diagnosisInput(journal.incident, evidence, service), diagnosis });
  if (!proposal) {
    journal.note({
      fact: "escalated",
      at: ports.clock.now(),
      reason: "people-act",
      detail: redact("The cause is found, but no action of the catalogue helps against it."),
    });
    return;
  }
  const guarded = await askGuard(proposal, service, plainLine(diagnosis.hypotheses[0]?.cause ?? "", 300), context);
  notePlan(guarded, ports.analyst.name, context);
}

function notePlan(guarded: Guarded, proposedBy: string, { journal, ports }: MindContext): void {
  const at = ports.clock.now();
  if (guarded.kind === "sealed")
    return journal.note({ fact: "planned", at, plan: guarded.plan.plan, digest: guarded.plan.digest, proposedBy });
  const findings = guarded.findings.map((finding) => ({ ...finding }));
  const detail = redact(guarded.findings.map(({ message }) => message).join(" "), 600);
  journal.note({ fact: "plan-refused", at, findings, proposedBy }, { fact: "escalated", at, reason: "plan-refused", detail });
}

/** `/plan …`: the same guard and the same gate. @returns whether it was refused */
export async function planByPerson(
  said: Extract<Said, { verb: "plan" }>,
  command: Command,
  context: MindContext,
): Promise<boolean> {
  const { journal, config } = context;
  const service = journal.incident.service === null ? undefined : config.services.get(journal.incident.service);
  if (!service) {
    await refuse(command, "unknown-service", null, context);
    return true;
  }
  const choice: Choice = { action: said.action, target: said.target, params: said.params, when: "always" };
  const proposal: Proposal = {
    service: service.name,
    choices: [choice],
    because: [],
    claimedRisk: "low",
    verify: [],
    runbook: null,
  };
  const guarded = await askGuard(proposal, service, `Planned by ${command.comment.author.login}`, context);
  if (guarded.kind === "refused") {
    const [finding] = guarded.findings;
    await refuse(command, finding.rule, guarded.findings.map(({ message }) => message).join(" "), context);
    return true;
  }
  journal.note(noteCommand(command, context.ports.clock.now(), { text: `${said.action} ${said.target}` }));
  notePlan(guarded, command.comment.author.login, context);
  return false;
}

async function askGuard(proposal: Proposal, service: Service, cause: string, context: MindContext): Promise<Guarded> {
  const { journal, config, snapshot, ports, catalogue } = context;
  const { incident } = journal;
  const now = ports.clock.now();
  const [sights, environment, recentRemediations] = await Promise.all([
    Promise.all(proposal.choices.map((choice) => lookAt(choice, service, catalogue, context))),
    ports.environments.environment(service.environment),
    countRemediations(service.name, config, { except: null, repositoryId: snapshot.trunk.repositoryId, now }, ports.incidents),
  ]);
  const guardContext: GuardContext = {
    config,
    service,
    catalogue,
    repositoryId: snapshot.trunk.repositoryId,
    defaultBranch: snapshot.trunk.defaultBranch,
    incident: incident.number,
    attempt: incident.attempt,
    sequence: incident.plans.length + 1,
    severity: incident.severity ?? "P0",
    symptomWords: symptomWords(incident),
    cause,
    sights,
    environment,
    recentRemediations,
    now,
  };
  return guard(proposal, guardContext);
}

async function lookAt(
  choice: Choice,
  service: Service,
  catalogue: ReadonlyMap<string, Action>,
  { ports }: MindContext,
): Promise<Sight> {
  const action = catalogue.get(choice.action);
  const place = placeOf(choice, service, action);
  if (!action || !place) return { cannot: "it is not in the catalogue" };
  try {
    return { seen: await action.observe(place, ports.read) };
  } catch (error) {
    return { cannot: error instanceof Error ? error.message : String(error) };
  }
}

function symptomWords(incident: Incident): string {
  return incident.alerts.map(({ alert }) => `${readForMatching(alert.name)} ${readForMatching(alert.summary)}`).join(" ");
}
