import { join } from "node:path";
import { isTruthy } from "../expressions/evaluate.js";
import type { NodeRuns } from "../workflow/action.js";
import { type ActionPlace, type Frame, stepScope } from "./bench.js";
import { type Performed, perform } from "./perform.js";
import type { StepCall, StepWork } from "./step-call.js";

export interface NodeAction {
  readonly place: ActionPlace;
  readonly name: string;
  readonly runs: NodeRuns;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Runs the action's script with the lab's own Node; a `post` script waits for the end of the job. */
export async function runNodeAction(call: StepCall, action: NodeAction): Promise<StepWork> {
  const { outcome, outputs, state } = await runScriptOf(call, action, action.runs.main, {});
  const { post, postIf } = action.runs;
  if (post !== null) {
    call.bench.posts.push({
      name: `Post ${action.name}`,
      async run() {
        if (isTruthy(postIf, stepScope(call.bench, call.frame, call.env))) await runScriptOf(call, action, post, state);
      },
    });
  }
  return { outcome, outputs };
}

function runScriptOf(call: StepCall, action: NodeAction, script: string, state: Record<string, string>): Promise<Performed> {
  const { bench, frame, spec, env, timeoutMs } = call;
  const own: Frame = { ...frame, action: action.place };
  return perform(bench, own, {
    file: process.execPath,
    args: [join(action.place.folder, script)],
    cwd: bench.folders.workspace,
    stepId: spec.id,
    env: { ...env, ...inputVariables(action.inputs) },
    state,
    timeoutMs,
  });
}

/** `INPUT_` variables as the Actions runner names them: upper case, spaces to underscores, hyphens kept. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]),
  );
}
