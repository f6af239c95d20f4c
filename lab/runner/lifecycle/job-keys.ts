import type { Scope } from "../expressions/evaluate.js";
import { resolve, resolveBoolean, resolveText } from "../expressions/evaluate.js";
import { type Status, statusFunctions } from "../expressions/status.js";
import { githubContext, type RunFacts } from "../facts.js";
import type { Claim } from "../schedule/concurrency.js";
import { isTreeMap, type Tree, valueAt } from "../workflow/tree.js";
import { ancestors, type JobNode, type JobOutcome, type RunState } from "./state.js";

/** What `run-name` and a workflow's `concurrency` see. */
export function runScope(facts: RunFacts): Scope {
  const contexts = { github: githubContext(facts, null), inputs: facts.inputs, vars: facts.host.repository.variables };
  return { contexts, functions: [] };
}

/** What a job's own keys see: its needs, and once it is one of a matrix its combination. */
export function jobScope(state: RunState, node: JobNode, leg: Partial<Record<"matrix" | "strategy", unknown>> = {}): Scope {
  const base = runScope(state.facts);
  const contexts = { ...base.contexts, needs: needsContext(state, node), matrix: leg.matrix ?? {}, strategy: leg.strategy ?? {} };
  return { contexts, functions: statusFunctions(needsStatus(state, node)) };
}

export function needsContext(
  state: RunState,
  { spec }: JobNode,
): Record<string, { result: JobOutcome | null; outputs: Record<string, string> }> {
  const needs = spec.needs.map((key) => [key, state.nodes.get(key)] as const);
  return Object.fromEntries(needs.map(([key, need]) => [key, { result: need?.result ?? null, outputs: need?.outputs ?? {} }]));
}

/** Status functions of a job's `if` look at the whole chain of needs, not only at the nearest. */
function needsStatus(state: RunState, node: JobNode): Status {
  const asked = (names: readonly string[]): JobNode[] => {
    const all = ancestors(state, node);
    return names.length === 0 ? all : all.filter((need) => names.includes(need.spec.key));
  };
  return {
    success: (names) => state.cancelReason === null && asked(names).every((need) => need.result === "success"),
    failure: (names) => asked(names).some((need) => need.result === "failure"),
    cancelled: () => state.cancelReason !== null,
  };
}

/** @returns null when no group is named */
export function readClaim(tree: Tree, scope: Scope): Claim | null {
  if (tree === null) return null;
  const group = resolveText(isTreeMap(tree) ? valueAt(tree, "group") : tree, scope);
  if (group === "") return null;
  if (!isTreeMap(tree)) return { group, queue: "single", cancelInProgress: false };
  const queue = resolve(valueAt(tree, "queue"), scope) === "max" ? "max" : "single";
  return { group, queue, cancelInProgress: resolveBoolean(valueAt(tree, "cancel-in-progress"), scope) };
}

export interface EnvironmentKey {
  readonly name: string;
  readonly deployment: boolean;
}

/** @returns null when no environment is named */
export function readEnvironment(tree: Tree, scope: Scope): EnvironmentKey | null {
  if (tree === null) return null;
  const name = resolveText(isTreeMap(tree) ? valueAt(tree, "name") : tree, scope);
  if (name === "") return null;
  return { name, deployment: !isTreeMap(tree) || !tree.has("deployment") || resolveBoolean(valueAt(tree, "deployment"), scope) };
}

/** The job's title; a matrix that the name does not mention is added in brackets. */
export function readJobName({ spec }: JobNode, scope: Scope, matrix: Readonly<Record<string, unknown>>): string {
  const named = spec.name === null ? "" : resolveText(spec.name, scope);
  const values = Object.values(matrix).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (named !== "") return named;
  return values.length > 0 ? `${spec.key} (${values.join(", ")})` : spec.key;
}
