import { DispatchRefused } from "../../model.js";
import type { InputSpec } from "../workflow/model.js";

/** At most this many inputs in one dispatch. @see https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event */
const maxInputs = 25;

/** Inputs as `github.event.inputs` has them: all text, defaults filled in. */
export type TextInputs = Readonly<Record<string, string>>;

/** @throws {DispatchRefused} 422 on unknown, missing or ill-typed inputs */
export function acceptInputs(specs: readonly InputSpec[], given: TextInputs): TextInputs {
  const unknown = Object.keys(given).filter((name) => !specs.some((spec) => spec.name === name));
  if (unknown.length > 0) throw new DispatchRefused(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  if (specs.length > maxInputs)
    throw new DispatchRefused(422, `you may only define up to ${maxInputs} inputs for a workflow_dispatch event`);
  const accepted: Record<string, string> = {};
  for (const spec of specs) {
    const value = given[spec.name] ?? spec.default ?? (spec.type === "boolean" ? "false" : "");
    if (spec.required && value === "") throw new DispatchRefused(422, `Required input '${spec.name}' not provided`);
    refuseIllTyped(spec, value);
    accepted[spec.name] = value;
  }
  return accepted;
}

function refuseIllTyped(spec: InputSpec, value: string): void {
  if (spec.type === "choice" && value !== "" && !spec.options.includes(value)) {
    throw new DispatchRefused(422, `Provided value '${value}' for input '${spec.name}' not in the list of allowed values`);
  }
  if (spec.type === "boolean" && value !== "true" && value !== "false") {
    throw new DispatchRefused(422, `Provided value '${value}' for input '${spec.name}' is not a boolean`);
  }
  if (spec.type === "number" && value !== "" && !Number.isFinite(Number(value))) {
    throw new DispatchRefused(422, `Provided value '${value}' for input '${spec.name}' is not a number`);
  }
}

/** Inputs as the `inputs` context has them: booleans and numbers keep their type there. */
export function typedInputs(specs: readonly InputSpec[], inputs: TextInputs): Record<string, string | number | boolean> {
  return Object.fromEntries(specs.map((spec) => [spec.name, typed(spec, inputs[spec.name] ?? "")]));
}

function typed(spec: InputSpec, value: string): string | number | boolean {
  if (spec.type === "boolean") return value === "true";
  return spec.type === "number" && value !== "" ? Number(value) : value;
}
