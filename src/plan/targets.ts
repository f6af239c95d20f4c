import type { Action, Place } from "../actions/action.js";
import type { Service, Target } from "../config/config.js";
import type { Choice } from "./proposal.js";
import type { PlanStep } from "./plan.js";

/** What a task for people moves: nothing that the catalogue knows. */
const PEOPLE: Target = { name: "people", action: "manual", production: false, stateful: false, address: {} };

/** The target a choice names, null when the service has no such target. */
export function placeOf(choice: Pick<Choice, "target">, service: Service, action: Action | undefined): Place | null {
  const target = service.targets.get(choice.target) ?? (action?.byPeople ? PEOPLE : null);
  return target && { repository: service.repository, service: service.name, gatedEnvironment: service.environment, target };
}

/** The place of a step as the approved plan describes it: its address, not today's. */
export function placeOfStep(step: PlanStep, service: Service): Place {
  const configured = service.targets.get(step.target) ?? PEOPLE;
  return {
    repository: service.repository,
    service: service.name,
    gatedEnvironment: service.environment,
    target: { ...configured, address: step.address },
  };
}
