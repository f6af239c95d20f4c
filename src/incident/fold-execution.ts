import type { EffectKey } from "../words.js";
import type { FactOf, HandsFact } from "./facts.js";
import type { Effect, Execution } from "./incident.js";

/** The execution after one more fact; null while it has not started. */
export function foldExecution(execution: Execution | null, fact: HandsFact): Execution | null {
  if (fact.fact === "execution-started") return start(fact);
  if (!execution) return null;
  switch (fact.fact) {
    case "execution-resumed":
      return { ...execution, reservation: fact.reservation, run: fact.run };
    case "intent":
      return { ...execution, effects: [...execution.effects, intend(fact)] };
    case "done":
      return {
        ...execution,
        effects: execution.effects.map((effect) => (effect.key === fact.key ? finish(effect, fact) : effect)),
      };
    case "verified": {
      const { verdict, readings, afterStep, at } = fact;
      return { ...execution, verifications: [...execution.verifications, { verdict, readings, afterStep, at }] };
    }
    case "execution-ended":
      return { ...execution, outcome: fact.outcome, endedAt: fact.at };
    default:
      return fact satisfies never;
  }
}

function start(fact: FactOf<"execution-started">): Execution {
  return {
    warrant: fact.warrant,
    startedAt: fact.at,
    reservation: fact.reservation,
    run: fact.run,
    readingsBefore: fact.readings,
    effects: [],
    verifications: [],
    outcome: null,
    endedAt: null,
  };
}

function intend(fact: FactOf<"intent">): Effect {
  return {
    key: fact.key as EffectKey,
    step: fact.step,
    direction: fact.direction,
    outcome: null,
    intendedAt: fact.at,
    detail: null,
    url: null,
  };
}

function finish(effect: Effect, fact: FactOf<"done">): Effect {
  return { ...effect, outcome: fact.outcome, detail: fact.detail?.outside ?? null, url: fact.url };
}
