/**
 * The story of an incident. `nextStep` says what is due now: pure, so the same incident, inbox and time give the same step,
 * whatever woke us. One line a phase; a rule that needs more lives in the folder of its phase. Nothing here waits for a person.
 */
import type { Config } from "./config/config.js";
import { decideAfterDiagnosis, wideningOf } from "./diagnosis/after-diagnosis.js";
import type { Incident } from "./incident/incident.js";
import { decideOverdue } from "./gate/deadline.js";
import { duePage } from "./pager/due.js";
import { decideAfterExecution } from "./remediation/after-execution.js";
import { unburnedPlans } from "./remediation/burn.js";
import { decideHandOver } from "./remediation/gate-state.js";
import { wait, type Inbox, type Step } from "./step.js";
import { shortDigest } from "./words.js";

export function nextStep(incident: Incident, inbox: Inbox, now: Date, config: Config): Step {
  const arrived = takeIn(incident, inbox) ?? answerNext(incident, inbox);
  if (arrived) return arrived;
  const due =
    voidedPlan(incident, inbox) ??
    decideOverdue(incident, now) ??
    duePage(incident, now, config, inbox.tried) ??
    tellOutcome(incident, inbox);
  if (due) return due;
  const step =
    incident.held && isMovable(incident)
      ? whileHeld(incident, config)
      : (recovering(incident, now) ?? byPhase(incident, inbox, now, config));
  return isIdle(step) && unburnedPlans(incident).length > 0 ? wait("gate") : step;
}

/** Nothing of ours is under way: time to use up the reservations of approved plans that died. */
function isIdle(step: Step): boolean {
  return step.do === "wait" && (step.for === "people" || step.for === "approval" || step.for === "nothing");
}

function byPhase(incident: Incident, inbox: Inbox, now: Date, config: Config): Step {
  const { phase } = incident;
  switch (phase.at) {
    case "opened":
      return { do: "triage" };
    case "triaged":
      return beginAttempt(incident, config);
    case "informed":
      return { do: "diagnose" };
    case "diagnosed":
      return decideAfterDiagnosis(phase.diagnosis, incident, config);
    case "planned":
      return { do: "ask" };
    case "awaiting-approval":
      return wait("approval", phase.plan.plan.expiresAt);
    case "approved":
      return decideHandOver(incident, inbox.gate, now, config);
    case "remediating":
      return phase.execution.outcome === null
        ? decideHandOver(incident, inbox.gate, now, config)
        : decideAfterExecution(phase.execution, phase.plan, incident, config);
    case "escalated":
      return wait("people");
    case "resolved":
      return afterResolution(phase.narrated, inbox);
    case "closed":
      return wait("nothing");
    default:
      return phase satisfies never;
  }
}

/** Facts first: whatever is decided next should know them. */
function takeIn(incident: Incident, { intakes, executions, noticed, burned }: Inbox): Step | null {
  const intake = intakes.find(({ comment }) => !incident.answered.has(comment));
  if (intake) return { do: "take-in", ...intake };
  const facts = [...executions, ...noticed, ...burned].filter((fact) => !incident.facts.includes(fact));
  return facts.length > 0 ? { do: "note", facts } : null;
}

/** Commands come before the automation's own wishes. */
function answerNext(incident: Incident, { commands }: Inbox): Step | null {
  const command = commands.find(({ comment }) => !incident.answered.has(comment.id));
  return command ? { do: "answer", command } : null;
}

/** An edit of the plan comment voids the plan, whether or not anyone has tried to approve it. */
function voidedPlan({ phase }: Incident, { voidPlan }: Inbox): Step | null {
  if (phase.at !== "awaiting-approval" || phase.plan.digest !== voidPlan) return null;
  return {
    do: "escalate",
    reason: "plan-comment-changed",
    detail: `The comment with plan ${shortDigest(phase.plan.digest)} was edited or deleted: that plan is void.`,
  };
}

function beginAttempt(incident: Incident, config: Config): Step {
  if (incident.service === null)
    return { do: "escalate", reason: "unknown-service", detail: "No service of the catalogue is named by the alert." };
  if (!config.services.has(incident.service))
    return { do: "escalate", reason: "unknown-service", detail: `The config has no service ${incident.service}.` };
  return { do: "gather", attempt: incident.attempt, widening: wideningOf(incident.attempt, incident) };
}

/** A service may need a moment: what was not well at one wake-up is measured again at the next. */
const RECHECK_AFTER_MS = 60_000;

/** The monitor's "resolved" is checked by measuring, and only where nothing of ours is under way. */
function recovering(incident: Incident, now: Date): Step | null {
  const { phase } = incident;
  const waiting =
    phase.at === "awaiting-approval" || phase.at === "escalated" || phase.at === "diagnosed" || phase.at === "planned";
  const checkedAt = incident.recoveryCheckedAt?.getTime() ?? 0;
  if (!waiting || now.getTime() - checkedAt < RECHECK_AFTER_MS) return null;
  return incident.alerts.every(({ alert }) => alert.state === "resolved") ? { do: "check-recovery" } : null;
}

/** An ending is told once, in a comment of its own. */
function tellOutcome(incident: Incident, { told }: Inbox): Step | null {
  if (incident.phase.at !== "resolved" && incident.phase.at !== "escalated") return null;
  const key = `outcome:${incident.facts.filter(({ fact }) => fact === "escalated" || fact === "resolved").length}`;
  return told.has(key) ? null : { do: "tell", key };
}

function afterResolution(narrated: boolean, { filedAt }: Inbox): Step {
  if (!narrated) return { do: "narrate" };
  return filedAt ? { do: "file" } : wait("archive");
}

/** A hold begins nothing new; but how an execution ended is concluded, said and paged all the same. */
function whileHeld(incident: Incident, config: Config): Step {
  const { phase } = incident;
  if (phase.at !== "remediating" || phase.execution.outcome === null) return wait("people");
  const step = decideAfterExecution(phase.execution, phase.plan, incident, config);
  return step.do === "escalate" || step.do === "resolve" ? step : wait("people");
}

/** On hold nothing moves; what is over may still be written up. */
function isMovable({ phase }: Incident): boolean {
  return phase.at !== "resolved" && phase.at !== "closed";
}
