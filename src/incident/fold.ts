/** Facts in, incident out. Pure, and total over every prefix of a journal: that is what "kill it anywhere" means. */
import type { NonEmpty, Severity } from "../words.js";
import type { Alert, Fact, FactOf, HandsFact, MindFact } from "./facts.js";
import { foldExecution } from "./fold-execution.js";
import type { AlertState, Incident, JournaledPlan, Phase, PostedPlan } from "./incident.js";

type Draft = { -readonly [K in keyof Incident]: Incident[K] };

/**
 * @param facts - the first must be `opened`
 * @throws {Error} when it is not; the journal reader never lets such a list through
 */
export function fold(number: number, facts: readonly Fact[]): Incident {
  const [first, ...rest] = facts;
  if (first?.fact !== "opened") throw new Error(`The journal of incident #${number} does not begin with "opened".`);
  const draft = openDraft(number, first, facts as NonEmpty<Fact>);
  for (const fact of rest) applyFact(draft, fact);
  return draft;
}

/** Puts the hands' facts right after the newest approval they rest on, in their own order. */
export function mergeFacts(mind: readonly MindFact[], executions: ReadonlyMap<string, readonly HandsFact[]>): readonly Fact[] {
  const newest = new Map<string, MindFact>();
  for (const fact of mind) if (fact.fact === "approved") newest.set(fact.warrant.digest, fact);
  return mind.flatMap((fact): readonly Fact[] => {
    if (fact.fact !== "approved" || newest.get(fact.warrant.digest) !== fact) return [fact];
    return [fact, ...(executions.get(fact.warrant.digest) ?? [])];
  });
}

function openDraft(number: number, opened: FactOf<"opened">, facts: NonEmpty<Fact>): Draft {
  const alerts = joinAlerts([], opened.alerts) as NonEmpty<AlertState>;
  return {
    number,
    severity: null,
    service: opened.alerts.find((alert) => alert.service !== null)?.service ?? null,
    alerts,
    keys: new Set([opened.key]),
    openedAt: opened.at,
    onset: new Date(Math.min(...alerts.map(({ alert }) => alert.startedAt.getTime()))),
    phase: { at: "opened" },
    attempt: 1,
    roundStart: 1,
    held: false,
    acknowledgedBy: null,
    answered: new Set(),
    plans: [],
    deadDigests: new Set(),
    executions: [],
    pagesSent: new Set(),
    hints: [],
    causeByPerson: null,
    severityByPerson: null,
    recoveryCheckedAt: null,
    approvedDigests: new Set(),
    burnedDigests: new Set(),
    costUsd: 0,
    inputTokens: 0,
    facts,
  };
}

/** Which facts change what. A fact that only tells a story (`noticed`, `execution-seen`) changes nothing here. */
function applyFact(draft: Draft, fact: Fact): void {
  switch (fact.fact) {
    case "alerted-again":
      return alertAgain(draft, fact);
    case "triaged":
      draft.severity = draft.severityByPerson ?? fact.triage.severity;
      return enter(draft, { at: "triaged" });
    case "evidence":
      draft.attempt = fact.evidence.attempt;
      return enter(draft, { at: "informed", evidence: fact.evidence });
    case "consulted":
      draft.costUsd += fact.usd;
      draft.inputTokens += fact.inputTokens;
      return;
    case "diagnosed":
      return diagnose(draft, fact);
    case "planned":
      return addPlan(draft, fact);
    case "asked":
    case "advised":
      return ask(draft, fact);
    case "command":
      return applyCommand(draft, fact);
    case "approved":
      return approve(draft, fact);
    case "escalated":
      return escalate(draft, fact);
    case "paged":
      if (isDelivered(fact)) draft.pagesSent = new Set([...draft.pagesSent, fact.key]);
      return;
    case "burned":
      draft.burnedDigests = new Set([...draft.burnedDigests, fact.digest]);
      return;
    case "recovery-checked":
      draft.recoveryCheckedAt = fact.at;
      return;
    case "resolved":
      return enter(draft, { at: "resolved", narrated: false });
    case "narrated":
      return enter(draft, { at: "resolved", narrated: true });
    case "filed":
      return enter(draft, { at: "closed", path: fact.path });
    case "execution-started":
    case "execution-resumed":
    case "intent":
    case "done":
    case "verified":
    case "execution-ended":
      return execute(draft, fact);
    case "opened":
    case "plan-refused":
    case "execution-seen":
    case "noticed":
      return;
    default:
      fact satisfies never;
  }
}

/** A mention on GitHub wakes nobody at night: while another channel has failed and none but it was reached, the page is still due. */
function isDelivered({ reached, failed }: FactOf<"paged">): boolean {
  return failed.length === 0 || reached.some((channel) => channel !== "github");
}

function enter(draft: Draft, phase: Phase): void {
  draft.phase = phase;
}

function alertAgain(draft: Draft, fact: FactOf<"alerted-again">): void {
  draft.alerts = joinAlerts(draft.alerts, fact.alerts) as NonEmpty<AlertState>;
  draft.keys = new Set([...draft.keys, fact.key]);
  draft.recoveryCheckedAt = null;
  if (fact.comment !== null) markAnswered(draft, fact.comment);
}

function joinAlerts(known: readonly AlertState[], news: readonly Alert[]): readonly AlertState[] {
  const byFingerprint = new Map(known.map((state) => [state.alert.fingerprint, state]));
  for (const alert of news) {
    const before = byFingerprint.get(alert.fingerprint);
    byFingerprint.set(alert.fingerprint, { alert, count: (before?.count ?? 0) + 1 });
  }
  return [...byFingerprint.values()];
}

function diagnose(draft: Draft, fact: FactOf<"diagnosed">): void {
  draft.costUsd += fact.costUsd;
  if (draft.phase.at === "informed") enter(draft, { at: "diagnosed", diagnosis: fact.diagnosis, evidence: draft.phase.evidence });
}

function addPlan(draft: Draft, fact: FactOf<"planned">): void {
  const made: JournaledPlan = { plan: fact.plan, digest: fact.digest, proposedBy: fact.proposedBy };
  draft.deadDigests = new Set([...draft.deadDigests, ...draft.plans.map(({ digest }) => digest)]);
  draft.plans = [...draft.plans, made];
  enter(draft, { at: "planned", plan: made });
}

function ask(draft: Draft, fact: FactOf<"asked"> | FactOf<"advised">): void {
  const made = draft.plans.find(({ digest }) => digest === fact.digest);
  if (!made) return;
  const posted: PostedPlan = {
    ...made,
    comment: fact.comment,
    bodySha256: fact.fact === "asked" ? fact.bodySha256 : "",
    url: fact.url,
  };
  enter(
    draft,
    fact.fact === "asked" ? { at: "awaiting-approval", plan: posted } : { at: "escalated", reason: "people-act", plan: posted },
  );
}

function approve(draft: Draft, fact: FactOf<"approved">): void {
  draft.approvedDigests = new Set([...draft.approvedDigests, fact.warrant.digest]);
  const plan = openPlan(draft);
  if (plan?.digest === fact.warrant.digest) enter(draft, { at: "approved", plan, warrant: fact.warrant });
  draft.held = false;
}

/** The plan that people may still say yes or no to. */
function openPlan(draft: Draft): PostedPlan | null {
  const { phase } = draft;
  return phase.at === "awaiting-approval" || phase.at === "escalated" || phase.at === "approved" || phase.at === "remediating"
    ? phase.plan
    : null;
}

const REASONS_THAT_LEAVE_A_PLAN_OPEN = new Set(["asked-for", "people-act"]);
function escalate(draft: Draft, fact: FactOf<"escalated">): void {
  const plan = openPlan(draft);
  const lives = REASONS_THAT_LEAVE_A_PLAN_OPEN.has(fact.reason);
  if (plan && !lives) kill(draft, plan.digest);
  enter(draft, { at: "escalated", reason: fact.reason, plan: lives ? plan : null });
}

function kill(draft: Draft, digest: string): void {
  draft.deadDigests = new Set([...draft.deadDigests, digest]);
}

function markAnswered(draft: Draft, comment: number): void {
  draft.answered = new Set([...draft.answered, comment]);
}

function applyCommand(draft: Draft, fact: FactOf<"command">): void {
  markAnswered(draft, fact.comment);
  if (fact.outcome === "refused") return;
  const text = fact.text?.outside ?? "";
  switch (fact.verb) {
    case "hold":
      draft.held = true;
      return;
    case "approve":
      draft.held = false;
      return;
    case "ack":
      draft.acknowledgedBy = fact.by;
      return;
    case "severity":
      if (fact.severity) setSeverity(draft, fact.severity);
      return;
    case "cause":
      draft.causeByPerson = text;
      return;
    case "retry":
      return retry(draft, text);
    default:
      return;
  }
}

function setSeverity(draft: Draft, severity: Severity): void {
  draft.severity = severity;
  draft.severityByPerson = severity;
}

/** A person starts a new round of diagnosis: what was planned is void, the count of attempts begins anew. */
function retry(draft: Draft, hint: string): void {
  draft.held = false;
  if (hint !== "") draft.hints = [...draft.hints, hint];
  draft.deadDigests = new Set([...draft.deadDigests, ...draft.plans.map(({ digest }) => digest)]);
  draft.attempt += 1;
  draft.roundStart = draft.attempt;
  enter(draft, { at: "triaged" });
}

function execute(draft: Draft, fact: HandsFact): void {
  const { phase } = draft;
  if (phase.at !== "approved" && phase.at !== "remediating") return;
  const execution = foldExecution(phase.at === "remediating" ? phase.execution : null, fact);
  if (!execution) return;
  const others = draft.executions.filter(({ warrant }) => warrant.digest !== execution.warrant.digest);
  draft.executions = [...others, execution];
  if (execution.outcome !== null) kill(draft, execution.warrant.digest);
  enter(draft, { at: "remediating", plan: phase.plan, execution });
}
