import type { EventsConfig } from "@actions/workflow-parser/model/workflow-template";
import type { EventFilter, InputSpec, Triggers } from "./model.js";
import { isTreeMap, mapAt, type Tree, type TreeMap, valueAt } from "./tree.js";

const inputTypes = ["string", "boolean", "number", "choice", "environment"] as const;

/** The `on:` of a workflow; the raw tree is needed for inputs, whose number type the converter does not know. */
export function readTriggers(events: EventsConfig, on: Tree): Triggers {
  const filters = Object.entries(events).map(([name, filter]) => [name, readFilter(filter)] as const);
  const zoned = events.schedule?.find((entry) => entry.timezone !== undefined);
  if (zoned) throw new Error(`schedule "${zoned.cron}": the lab's runner knows only UTC, leave "timezone" out`);
  return {
    events: new Map(filters),
    crons: (events.schedule ?? []).map((entry) => entry.cron),
    inputs: isTreeMap(on) ? readInputs(mapAt(mapAt(on, "workflow_dispatch"), "inputs")) : [],
  };
}

function readFilter(filter: unknown): EventFilter {
  return typeof filter === "object" && filter !== null && !Array.isArray(filter) ? filter : {};
}

function readInputs(inputs: TreeMap): InputSpec[] {
  return [...inputs].map(([name, tree]) => readInput(name, isTreeMap(tree) ? tree : new Map<string, Tree>()));
}

function readInput(name: string, spec: TreeMap): InputSpec {
  const type = inputTypes.find((known) => known === (spec.get("type") ?? "string"));
  if (!type) throw new Error(`input "${name}" has an unknown type`);
  const fallback = valueAt(spec, "default");
  const options = valueAt(spec, "options");
  return {
    name,
    type,
    required: spec.get("required") === true,
    default: isScalar(fallback) ? String(fallback) : null,
    options: Array.isArray(options) ? options.map(String) : [],
  };
}

function isScalar(tree: Tree): tree is string | number | boolean {
  return typeof tree === "string" || typeof tree === "number" || typeof tree === "boolean";
}
