import type { Step } from "@actions/workflow-parser/model/workflow-template";
import type { StepSpec } from "./model.js";
import { isTreeMap, mapAt, type Tree, valueAt } from "./tree.js";

/** Joins what the converter made of the steps (ids, conditions) with the raw tree, which still has `with` and `shell`. */
export function readSteps(raw: Tree, converted: readonly Step[]): StepSpec[] {
  const list = Array.isArray(raw) ? (raw as readonly Tree[]) : [];
  return converted.map((step, index) => readStep(list[index] ?? null, step));
}

function readStep(raw: Tree, step: Step): StepSpec {
  if (!isTreeMap(raw)) throw new Error(`step ${step.id} is not a mapping`);
  const shared = {
    id: step.id,
    name: valueAt(raw, "name"),
    if: step.if?.expression ?? "success()",
    env: mapAt(raw, "env"),
    continueOnError: valueAt(raw, "continue-on-error"),
    timeoutMinutes: valueAt(raw, "timeout-minutes"),
  };
  if (raw.has("background")) throw new Error(`step ${step.id}: the lab's runner does not know "background"`);
  if ("uses" in step) return { ...shared, work: { kind: "uses", uses: step.uses.value, with: mapAt(raw, "with") } };
  if (!("run" in step)) throw new Error(`step ${step.id}: the lab's runner knows only steps with "run" or "uses"`);
  const work = { script: valueAt(raw, "run"), shell: valueAt(raw, "shell"), workingDirectory: valueAt(raw, "working-directory") };
  return { ...shared, work: { kind: "run", ...work } };
}
