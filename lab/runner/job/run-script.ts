import { join } from "node:path";
import { resolveText } from "../expressions/evaluate.js";
import type { RunWork } from "../workflow/model.js";
import type { Tree } from "../workflow/tree.js";
import { stepScope } from "./bench.js";
import { perform } from "./perform.js";
import { prepareScript } from "./shell.js";
import type { StepCall, StepWork } from "./step-call.js";

/** A `run:` step. */
export async function runScript(call: StepCall, work: RunWork): Promise<StepWork> {
  const { bench, frame, spec, env, defaults, timeoutMs } = call;
  const scope = stepScope(bench, frame, env);
  const textOf = (own: Tree, key: string): string => resolveText(own ?? defaults.get(key) ?? null, scope);
  const text = resolveText(work.script, scope);
  const { file, args } = prepareScript(bench.folders.temp, bench.nextFile++, textOf(work.shell, "shell"), text);
  bench.log.group(`Run ${text.trim().split("\n")[0] ?? ""}`, text.trimEnd().split("\n"));
  const cwd = join(bench.folders.workspace, textOf(work.workingDirectory, "working-directory"));
  return perform(bench, frame, { file, args, cwd, stepId: spec.id, env, state: {}, timeoutMs });
}
