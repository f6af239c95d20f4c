import type { Action } from "../actions/action.js";
import type { Service } from "../config/config.js";
import { isMetricSource } from "../config/signal-sources.js";
import type { Criterion } from "./plan.js";
import type { Proposal, WantedCriterion } from "./proposal.js";
import type { GuardFinding } from "./rules.js";

/** Without a wish of the runbook: fewer than one request in twenty may fail. */
const DEFAULT_SIGNAL = "error-ratio";
const DEFAULT_BOUND = 0.05;

export interface CriteriaContext {
  readonly service: Service;
  readonly catalogue: ReadonlyMap<string, Pick<Action, "byPeople">>;
}

/** Criteria a plan is verified by; only reviewed signals of the service count. */
export function resolveCriteria(
  proposal: Proposal,
  context: CriteriaContext,
): { readonly criteria: readonly [Criterion, ...Criterion[]] } | { readonly findings: readonly GuardFinding[] } {
  const wanted: readonly WantedCriterion[] = proposal.verify.length > 0 ? proposal.verify : defaults(context.service);
  const unknown = wanted.filter((criterion) => "signal" in criterion && !isMeasured(criterion.signal, context.service));
  if (unknown.length > 0) return { findings: unknown.map((criterion) => unknownSignal(criterion, context.service)) };
  const [first, ...others] = wanted.map((criterion) => resolve(criterion, context.service));
  if (byPeople(proposal, context)) return { criteria: first ? [first, ...others] : [{ kind: "alert-not-firing" }] };
  if (!first || [first, ...others].every(({ kind }) => kind === "alert-not-firing")) {
    return {
      findings: [
        {
          rule: "no-criteria",
          step: null,
          message: `Nothing measurable says when ${context.service.name} has recovered: give it a signal named ${DEFAULT_SIGNAL}.`,
        },
      ],
    };
  }
  return { criteria: [first, ...others] };
}

/** People judge by themselves whether their work helped. */
function byPeople({ choices }: Proposal, { catalogue }: CriteriaContext): boolean {
  return choices.every(({ action }) => catalogue.get(action)?.byPeople ?? false);
}

/** Only a metric gives a number to compare; log lines do not. */
function isMeasured(signal: string, { signals }: Service): boolean {
  return isMetricSource(signals.get(signal)?.source ?? "");
}

function defaults(service: Service): readonly WantedCriterion[] {
  return service.signals.has(DEFAULT_SIGNAL) ? [{ signal: DEFAULT_SIGNAL, below: DEFAULT_BOUND }] : [];
}

function resolve(wanted: WantedCriterion, service: Service): Criterion {
  if (!("signal" in wanted)) return { kind: "alert-not-firing" };
  const unit = service.signals.get(wanted.signal)?.unit ?? null;
  const bound =
    "below" in wanted ? { holds: "below" as const, bound: wanted.below } : { holds: "above" as const, bound: wanted.above };
  return { kind: "signal", service: service.name, signal: wanted.signal, unit, ...bound };
}

function unknownSignal(criterion: WantedCriterion, service: Service): GuardFinding {
  const signal = "signal" in criterion ? criterion.signal : "";
  return {
    rule: "unknown-signal",
    step: null,
    message: `${service.name} has no metric "${signal}"; it has ${[...service.signals.keys()].filter((name) => isMeasured(name, service)).join(", ") || "none"}.`,
  };
}
