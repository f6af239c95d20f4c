/** One incident from the monitor's payload to the gate, through the product's own functions, and what came out of it. */
import { catalogue } from "../../../src/actions/catalogue.js";
import { githubWorkflow } from "../../../src/actions/github-workflow/github-workflow.js";
import type { Config, Service } from "../../../src/config/config.js";
import { decideAfterDiagnosis } from "../../../src/diagnosis/after-diagnosis.js";
import { capConfidence } from "../../../src/diagnosis/confidence.js";
import { gatherEvidence } from "../../../src/evidence/gather.js";
import { decideApproval } from "../../../src/gate/approval.js";
import { readCommands } from "../../../src/gate/commands.js";
import type { Diagnosis, Evidence, Fact, Observation } from "../../../src/incident/facts.js";
import { fold } from "../../../src/incident/fold.js";
import type { Incident } from "../../../src/incident/incident.js";
import type { Intake } from "../../../src/intake/intake.js";
import { parseDispatch } from "../../../src/intake/parse.js";
import { diagnosisInput } from "../../../src/mind/diagnose.js";
import { plainLine } from "../../../src/outside/escape.js";
import { readForMatching } from "../../../src/outside/match.js";
import { redact } from "../../../src/outside/redact.js";
import { canonicalJson, sha256 } from "../../../src/plan/canonical.js";
import { renderIssue } from "../../../src/render/issue.js";
import { guard, type Guarded } from "../../../src/plan/guard.js";
import type { Proposal } from "../../../src/plan/proposal.js";
import { placeOf } from "../../../src/plan/targets.js";
import type {
  Analyst,
  DiagnosisInput,
  Finding,
  ProposalInput,
  ReadWorld,
  SourceRequest,
  ThreadComment,
} from "../../../src/ports.js";
import { NOW, ONSET, type Scene, type Texts } from "./scenes.js";
import { deploymentsOf, payloadOf, sourcesOf } from "./world.js";

export interface World {
  readonly config: Config;
  readonly service: Service;
  /** What a source found, by scene and by the texts it shows: most strings leave most sources as they were. */
  readonly found: Map<string, Promise<readonly Finding[]>>;
  /** What a payload was taken for. */
  readonly taken: Map<string, readonly Intake[]>;
}
/** What must not change, as one line of JSON; and what rightly quotes what was seen. */
export interface Outcome {
  readonly decided: string;
  /** What people are told beside it: the cause's sentence, who else was weighed, what speaks for and against, and how sure. */
  readonly explained: string;
  /** The issue as people would see it. */
  readonly page: () => string;
  readonly digest: string | null; // of the plan as it is
  readonly confidence: number | null;
}
export interface Prepared {
  readonly incident: Incident;
  readonly evidence: Evidence;
  readonly input: DiagnosisInput;
  readonly severity: string;
  readonly texts: Texts;
}

/** What the sources say. */
export function gather(scene: Scene, texts: Texts, world: World): Promise<Evidence> {
  const { service, found } = world;
  const [intake] = take(payloadOf(scene, texts), world);
  if (intake === undefined) throw new Error("The payload was not taken.");
  const [alert, ...others] = intake.alerts;
  const sources = sourcesOf(scene, texts, deploymentsOf(scene, texts)).map(({ source, shows }) => ({
    name: source.name,
    observe: (request: SourceRequest) =>
      remember(JSON.stringify([scene.name, service.name, source.name, shows]), () => source.observe(request), found),
  }));
  return gatherEvidence(
    {
      service,
      alerts: [alert, ...others],
      onset: ONSET,
      attempt: 1,
      now: NOW,
      windows: { logsMs: 30 * 60_000, changesMs: 24 * 3_600_000 },
    },
    sources,
    { sleep: () => Promise.resolve() },
  );
}

function remember<T>(key: string, ask: () => Promise<T>, memory: Map<string, Promise<T>>): Promise<T> {
  const known = memory.get(key) ?? ask();
  memory.set(key, known);
  return known;
}

function take(payload: unknown, { config, taken }: World): readonly Intake[] {
  const key = JSON.stringify(payload);
  const intakes = taken.get(key) ?? parseDispatch(payload, config, NOW);
  taken.set(key, intakes);
  return intakes;
}

/** Intake and triage. @throws when the payload is not taken as one incident of the service */
export async function prepare(scene: Scene, texts: Texts, evidence: Evidence, world: World, analyst: Analyst): Promise<Prepared> {
  const { service } = world;
  const [intake, ...others] = take(payloadOf(scene, texts), world);
  if (intake === undefined || others.length > 0 || intake.alerts.some((alert) => alert.service !== service.name))
    throw new Error(`The payload became ${others.length + 1} intakes or lost its service.`);
  const triage = await analyst.triage({ alerts: intake.alerts, service, errorRatio: scene.errorRatio });
  const [first, ...rest] = intake.alerts;
  const facts: Fact[] = [
    { fact: "opened", at: NOW, key: intake.key, alerts: [first, ...rest], reportedBy: null },
    { fact: "triaged", at: NOW, triage, analyst: analyst.name },
    ...(texts.hint === null ? [] : [hintFact(texts.hint)]),
    { fact: "evidence", at: NOW, evidence },
  ];
  const incident = fold(42, facts);
  return { incident, evidence, input: diagnosisInput(incident, evidence, service), severity: triage.severity, texts };
}

function hintFact(hint: string): Fact {
  return {
    fact: "command",
    at: NOW,
    comment: 7,
    by: "wanda",
    verb: "retry",
    outcome: "done",
    reason: null,
    text: redact(hint),
    severity: null,
  };
}

/** Diagnosis, proposal, guard and gate. */
export async function conclude(scene: Scene, texts: Texts, prepared: Prepared, world: World, analyst: Analyst): Promise<Outcome> {
  const { incident, evidence, input, severity } = prepared;
  const diagnosis = capConfidence(await analyst.diagnose(input), evidence);
  const step = decideAfterDiagnosis(diagnosis, incident, world.config);
  const next = step.do === "escalate" ? `escalate ${step.reason}` : step.do;
  const planned =
    step.do === "propose" && diagnosis.kind === "cause"
      ? await plan({ ...input, diagnosis }, scene, prepared, world, analyst)
      : null;
  const decided = {
    service: world.service.name,
    severity,
    kind: diagnosis.kind,
    root: rootOf(diagnosis),
    next,
    plan: planned && describePlan(planned, texts),
    approval: planned && judgeComments(planned, texts, world),
  };
  return {
    decided: canonicalJson(decided),
    explained: explain(diagnosis, evidence),
    page: () => renderPage(diagnosis, prepared, world),
    digest: planned?.kind === "sealed" ? planned.plan.digest : null,
    confidence: diagnosis.kind === "cause" ? diagnosis.confidence.value : null,
  };
}

function rootOf(diagnosis: Diagnosis): string | null {
  return diagnosis.kind === "cause" ? (diagnosis.hypotheses[0]?.runbook ?? "no runbook") : null;
}

/** Observations are named by what they are, because their numbers follow from the words in them. */
function explain(diagnosis: Diagnosis, { observations }: Evidence): string {
  const known = new Map(observations.map((each) => [each.id, each]));
  const name = (id: Observation["id"]): string => {
    const seen = known.get(id);
    if (seen === undefined) return "";
    const { source, subject, detail } = seen;
    return `${source} ${subject} ${detail.kind === "change" ? detail.of : detail.kind}`;
  };
  if (diagnosis.kind === "no-incident") return canonicalJson({ why: diagnosis.why });
  const open = diagnosis.openQuestions.map(readForMatching);
  if (diagnosis.kind === "unknown") return canonicalJson({ why: diagnosis.why, open });
  const hypotheses = diagnosis.hypotheses.map(({ runbook, cause, for: pro, against }) => ({
    runbook,
    cause: readForMatching(cause),
    for: pro.map(name),
    against: against.map(name),
  }));
  return canonicalJson({ hypotheses, sure: diagnosis.confidence.value, open });
}

function renderPage(diagnosis: Diagnosis, { incident }: Prepared, { config }: World): string {
  const diagnosed: Fact = { fact: "diagnosed", at: NOW, attempt: 1, diagnosis, analyst: "runbooks", costUsd: 0 };
  const told = fold(incident.number, [...incident.facts, diagnosed]);
  return renderIssue({ incident: told, config, now: NOW, revision: 1, keyId: null, minutes: null });
}

function causeOf(diagnosis: Diagnosis): string {
  return diagnosis.kind === "cause" ? plainLine(diagnosis.hypotheses[0]?.cause ?? "", 300) : "";
}

type Planned = Guarded | { readonly kind: "nothing" };

async function plan(input: ProposalInput, scene: Scene, prepared: Prepared, world: World, analyst: Analyst): Promise<Planned> {
  const proposal = await analyst.propose(input);
  return proposal === null ? { kind: "nothing" } : seal(proposal, causeOf(input.diagnosis), scene, prepared, world);
}

/** The guard over a proposal, with what the targets look like. */
export async function seal(
  proposal: Proposal,
  cause: string,
  scene: Scene,
  { incident, texts }: Prepared,
  { config, service }: World,
): Promise<Guarded> {
  const deployments = deploymentsOf(scene, texts);
  const runs: ReadWorld["runs"] = {
    recent: () => Promise.resolve([]),
    run: () => Promise.resolve(null),
    unfinishedJobs: () => Promise.resolve([]),
  };
  const sights = await Promise.all(
    proposal.choices.map(async (choice) => {
      const place = placeOf(choice, service, catalogue.get(choice.action));
      if (place === null || choice.action !== githubWorkflow.name) return { seen: null };
      return { seen: await githubWorkflow.observe(place, { deployments, runs }) };
    }),
  );
  return guard(proposal, {
    config,
    service,
    catalogue,
    repositoryId: 1,
    defaultBranch: "main",
    incident: incident.number,
    attempt: 1,
    sequence: 1,
    severity: incident.severity ?? "P0",
    symptomWords: incident.alerts
      .map(({ alert }) => `${readForMatching(alert.name)} ${readForMatching(alert.summary)}`)
      .join(" "),
    cause,
    sights,
    environment: { name: service.environment, exists: true, branches: ["main"], requiredReviewers: 0 },
    recentRemediations: 0,
    now: NOW,
  });
}

/** Everything of the plan but the sentence of its cause and the name of what is live, which quote what was seen. */
function describePlan(planned: Planned, { tag }: Texts): string {
  if (planned.kind === "nothing") return "no plan";
  if (planned.kind === "refused") return `refused: ${planned.findings.map(({ rule }) => rule).join(", ")}`;
  const bytes = canonicalJson({ ...planned.plan.plan, cause: "" });
  return sha256(bytes.replaceAll(JSON.stringify(tag).slice(1, -1), "(what is live)"));
}

/** The plan's comment, the stranger's, and whether anything counts as an approval. */
function judgeComments(planned: Planned, { comment, commentBy }: Texts, { config }: World): string {
  if (planned.kind !== "sealed") return "none";
  const { plan: sealed, digest } = planned.plan;
  const asked = aComment(10, "the plan", { login: "gatehouse[bot]", isBot: true });
  const said = aComment(11, comment.replaceAll("{digest}", digest), { login: commentBy, isBot: false });
  const decision = decideApproval({
    plan: { plan: sealed, digest, proposedBy: "runbooks", comment: asked.id, bodySha256: sha256(asked.body), url: asked.url },
    plansMade: 1,
    reportedBy: null,
    commands: readCommands([asked, said]),
    comments: [asked, said],
    people: new Map([
      ["reader", { login: "reader", role: "read", teams: {} }],
      ["maintainer", { login: "maintainer", role: "maintain", teams: {} }],
    ]),
    approvers: config.gate.approvers,
    now: NOW,
  });
  return decision.kind === "waiting" ? `waiting for ${decision.missing}` : decision.kind;
}

function aComment(id: number, body: string, author: ThreadComment["author"]): ThreadComment {
  return {
    id,
    body,
    author,
    createdAt: NOW,
    editedAt: null,
    url: `https://github.com/acme/shop/issues/42#issuecomment-${id}`,
    ourReactions: [],
  };
}
